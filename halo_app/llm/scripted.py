"""A language model that says what it was told to say: for tests, demonstrations, and trying a page without a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from halo_app.errors import ModelUnavailable
from halo_app.plugins import Offer, Prompt
from halo_app.settings import Llm

SCHEME = "scripted:"


@dataclass
class Scripted:
    """Says `pieces` in order, raises those that are errors, and keeps what it was asked and whether it was stopped."""

    pieces: Sequence[str | ModelUnavailable]
    name: str = "scripted"
    place: str = "this machine"
    is_local: bool = True
    asked: list[Prompt] = field(default_factory=list)
    stopped: int = 0

    def stream(self, prompt: Prompt) -> Iterator[str]:
        """Yield the script; an empty one is an empty answer, which every provider refuses."""
        self.asked.append(prompt)
        try:
            for piece in self.pieces:
                if isinstance(piece, ModelUnavailable):
                    raise piece
                yield piece
        except GeneratorExit:
            self.stopped += 1
            raise
        if not "".join(str(piece) for piece in self.pieces):
            raise ModelUnavailable(f"the model {self.name} gave an empty answer", fix="ask again, or use another model")

    def models(self) -> list[str]:
        """Return the one name there is."""
        return [self.name]


def _make(llm: Llm) -> Scripted:
    words = llm.base_url.removeprefix(SCHEME).split(" ")
    return Scripted([word if last else f"{word} " for last, word in zip([*[False] * (len(words) - 1), True], words, strict=True)],
                    llm.model or "scripted")


PROVIDER = Offer("scripted", lambda llm: llm.base_url.startswith(SCHEME), _make)
