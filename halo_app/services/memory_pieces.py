"""Cut a memory into what is embedded and ranked by itself, and say where in the memory each such piece stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from halo_app.domain.chunk import Chunk
from halo_app.domain.dates import dated
from halo_app.domain.dialogue import in_context
from halo_app.domain.memory import Content, Conversation, Fact, Match, Memory, Piece, pieces_of
from halo_app.domain.ranking import Integers
from halo_app.ports import Analyzer, Splitter

WINDOWS = 1000              # the most that one message or segment is cut into
SHORT_CHARS = 600           # what an embedder surely reads whole

Position = TypeVar("Position", int, Integers)


@dataclass(frozen=True)
class Cutting:
    """The steps from a memory to the rows of an index. The rows hold counted words and places, never the text."""

    splitter: Callable[[], Splitter]
    analyzer: Analyzer

    def cut(self, memory: Memory) -> tuple[list[Chunk], list[str]]:
        """Return the memory's rows and, for each, what the embedder reads."""
        language = self.analyzer.language(memory.text)
        pieces = pieces_of(memory.content)
        beside = self.analyzer.terms(_beside(memory.content, memory.tags), language)
        rows, texts = [], []
        for at, piece in enumerate(pieces):
            said = piece.said_at or memory.when
            around = (*beside, *(self.analyzer.terms(piece.speaker, language) if piece.speaker else ()))
            for number, (start, end) in enumerate(self._windows(piece.text)):
                text = piece.text[start:end]
                position = piece.position * WINDOWS + number
                terms = (*around, *self.analyzer.terms(text, language), *dated(text, said.date() if said else None))
                rows.append(Chunk(f"{memory.public_id}-{position}", memory.public_id, memory.model, memory.user_id, position, start,
                                  end, "", language, terms))
                texts.append(in_context(memory.content, pieces, at, text))
        return rows, texts

    def _windows(self, text: str) -> list[tuple[int, int]]:
        if len(text) <= SHORT_CHARS:
            return [(0, len(text))]
        spans = self.splitter().split(text)
        return [*spans[: WINDOWS - 1], (spans[WINDOWS - 1][0], len(text))] if len(spans) > WINDOWS else spans


def place_of(position: Position) -> Position:
    """Return the piece's position for that of a row."""
    return position // WINDOWS


def match_of(memory: Memory, position: int, start: int, end: int) -> Match | None:
    """Return what was found, None when the memory has changed since and there is no such piece any more."""
    pieces: Sequence[Piece] = pieces_of(memory.content)
    if position >= len(pieces):
        return None
    piece = pieces[position]
    whole = len(pieces) == 1
    said_at = piece.said_at or memory.when
    return Match(piece.text[start:end].strip(), None if whole else position, piece.speaker, piece.start_seconds, said_at)


def _beside(content: Content, tags: Sequence[str]) -> str:
    """Return the words that belong to every piece of a memory."""
    own = content.title if isinstance(content, Conversation) else content.category if isinstance(content, Fact) else ""
    return " ".join([own, *tags])
