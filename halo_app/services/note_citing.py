"""Citations in notes: found among the ticked sources, put in word for word, and held against their sources again and again."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Citation
from halo_app.domain.differing import Stretch, differences
from halo_app.domain.note import Mark, Note
from halo_app.domain.note_text import marks_in
from halo_app.domain.quoting import find_quote
from halo_app.domain.sentences import sentences
from halo_app.domain.source import Parsed, Source
from halo_app.errors import BadInput, Damaged, NotFound
from halo_app.ports import Clock, Records, Texts
from halo_app.services.acting import Acts, audited, unheard
from halo_app.services.evidence import EvidenceService
from halo_app.services.notes import NoteService

OFFERED = 8
QUOTE_CHARS = 2_000
ALIKE = 0.5                     # a sentence less like the old quote is no successor of it
SEARCHED_CHARS = 400_000        # of a changed source are compared with the old quote
GONE = "gone"


class State(StrEnum):
    """How a citation stands to its source now."""

    TRUE = "true"               # the quote stands where it is said to stand
    MOVED = "moved"             # word for word, at another place
    CHANGED = "changed"         # the source says something else now
    GONE = "gone"               # the source is no longer there
    KEPT = "kept"               # changed or gone, and the reader kept the quote


@dataclass(frozen=True, slots=True)
class Standing:
    """One citation as it stands: `now` is what its source says in its place today, and `changes` lead from the quote to it."""

    state: State
    mark: Mark
    now: Mark | None = None
    changes: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class NoteCiting:
    """Cites passages in notes of one user."""

    notes: NoteService
    sources: Records[Source]
    texts: Texts
    evidence: Callable[[], EvidenceService]
    user_id: str
    clock: Clock
    acts: Acts = unheard

    def find(self, note_id: str, words: str, source_ids: Collection[str] | None = None) -> list[Citation]:
        """Return passages of the note's notebook, inside the sources that count, best first."""
        note = self.notes.get(note_id)
        if not words.strip():
            return []
        scope = Scope(self.user_id, note.notebook_id, None if source_ids is None else frozenset(source_ids))
        evidence = self.evidence()
        found = evidence.gather(words, scope, 6)
        cited = [evidence.cite(found.passages[one.candidate.passage], one.candidate.start, one.candidate.end)
                 for one in found.ranked[:OFFERED]]
        return list(dict.fromkeys(cited))

    @audited("note.cite")
    def cite(self, note_id: str, source_id: str, start: int, end: int) -> tuple[str, Mark]:
        """Take the characters of a source into the note's citations; return the name that the text cites them by, and the mark.

        Raises NotFound for a source that is not in the note's notebook, BadInput for characters that it does not have.
        """
        note, source = self.notes.get(note_id), self._source(source_id)
        if source.notebook_id != note.notebook_id:
            raise NotFound("that source is in another notebook", fix="move or copy it here first")
        mark = self._mark(source, start, end)
        names: list[str] = []

        def citing(old: Note) -> Note:
            same = [name for name, one in old.cited.items() if one.citation == mark.citation]
            names[:] = same or [_free(old)]
            return replace(old, cited={**old.cited, names[0]: mark})

        self.notes.records.change(note_id, citing)
        return names[0], mark

    def excerpt(self, citation: Citation, notebook_id: str, title: str = "") -> Note:
        """Make a note of a passage: its words as a quote, with the citation. Raises NotFound when its source is gone."""
        mark = self._mark(self._source(citation.source_id), citation.start, citation.end)
        return self.notes.create(notebook_id, title or mark.source, quoted(mark.quote, "1"), (mark.citation,), cited={"1": mark})

    def standings(self, note: Note) -> dict[str, Standing]:
        """Return how each citation in the text stands, by name, in reading order. A mark that was erased is left out."""
        return {name: self._standing(note.cited[name]) for name in marks_in(note.text) if name in note.cited}

    @audited("note.renew")
    def renew(self, note_id: str, name: str) -> Note:
        """Let a citation say what its source says now; a quote in the text follows. Raises BadInput when there is nothing to say."""
        note, mark = self._cited(note_id, name)
        standing = self._standing(mark, again=True)
        if standing.now is None:
            raise BadInput("the source says nothing like it any more", fix="keep the quote, or take the citation out")
        new = standing.now
        self._remember(note)
        text = note.text.replace(" ".join(mark.quote.split()), " ".join(new.quote.split())).replace(mark.quote, new.quote)
        return self._put(note_id, name, new, text)

    @audited("note.keep")
    def keep(self, note_id: str, name: str) -> Note:
        """Keep a quote as it is although its source changed or went."""
        note, mark = self._cited(note_id, name)
        try:
            kept = self._source(mark.source_id).text_sha256
        except (NotFound, Damaged):
            kept = GONE
        return self._put(note_id, name, replace(mark, kept=kept), note.text)

    def _remember(self, note: Note) -> None:
        if self.notes.histories:
            self.notes.histories.keep(note, self.clock(), "before a citation was renewed")

    def _put(self, note_id: str, name: str, mark: Mark, text: str) -> Note:
        def put(old: Note) -> Note:
            moved = text != old.text
            return replace(old, cited={**old.cited, name: mark}, text=text, revision=old.revision + moved,
                           updated_at=self.clock() if moved else old.updated_at)

        return self.notes.records.change(note_id, put)

    def _cited(self, note_id: str, name: str) -> tuple[Note, Mark]:
        note = self.notes.get(note_id)
        if name not in note.cited:
            raise NotFound("the note has no such citation", fix="open the note again")
        return note, note.cited[name]

    def _source(self, source_id: str) -> Source:
        source = self.sources.get(source_id)
        if source.user_id != self.user_id:
            raise NotFound("there is no such source", fix="choose one from the list")
        return source

    def _mark(self, source: Source, start: int, end: int) -> Mark:
        parsed = self.texts.get(source.id)
        if not 0 <= start < end <= len(parsed.text) or end - start > QUOTE_CHARS:
            raise BadInput(f"the source has no passage at {start} to {end}", fix="search again")
        place = parsed.locate(start, end)
        return Mark(source.id, source.name, place.label if place else "", parsed.text[start:end], start, end, source.text_sha256)

    def _standing(self, mark: Mark, *, again: bool = False) -> Standing:
        try:
            source = self._source(mark.source_id)
            if mark.text_sha256 == source.text_sha256:
                return Standing(State.TRUE, mark)
            if mark.kept == source.text_sha256 and not again:
                return Standing(State.KEPT, mark)
            parsed = self.texts.get(source.id)
        except (NotFound, Damaged):
            return Standing(State.KEPT if mark.kept == GONE else State.GONE, mark)
        if parsed.text[mark.start:mark.end] == mark.quote:
            return Standing(State.TRUE, mark, self._mark(source, mark.start, mark.end))
        if same := find_quote(mark.quote, parsed.text):
            return Standing(State.MOVED, mark, self._mark(source, *same))
        if near := _nearest(mark, parsed):
            now = self._mark(source, *near)
            return Standing(State.CHANGED, mark, now, tuple(differences(mark.quote, now.quote)))
        return Standing(State.CHANGED, mark)


def quoted(quote: str, name: str) -> str:
    """Return a quote as it stands in a note: a block with its citation behind it."""
    return f"> {' '.join(quote.split())} [^{name}]\n"


def _free(note: Note) -> str:
    number = 1 + max((int(name) for name in {*note.cited, *marks_in(note.text)} if name.isdigit()), default=0)
    return str(number)


def _nearest(mark: Mark, parsed: Parsed) -> tuple[int, int] | None:
    """Return the sentence of the text, or the run of two, that is most like the quote; None when none is."""
    lowest = max(0, min(mark.start, len(parsed.text)) - SEARCHED_CHARS // 2)
    spans = sentences(parsed.text, lowest, min(len(parsed.text), lowest + SEARCHED_CHARS))
    runs = [(first.start, last.end) for first, last in [*zip(spans, spans, strict=True), *pairwise(spans)]]
    matcher = SequenceMatcher(None, b=mark.quote, autojunk=False)
    best, found = ALIKE, None
    for start, end in runs:
        matcher.set_seq1(parsed.text[start:end])
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (alike := matcher.ratio()) > best:
            best, found = alike, (start, end)
    return found


def cited_names(citing: Mapping[str, Standing]) -> dict[str, int]:
    """Return the number that each citation is shown by: its place in the text, from 1."""
    return {name: number for number, name in enumerate(citing, start=1)}
