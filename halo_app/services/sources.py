"""The documents of a notebook: list, read, restore and delete them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from halo_app.domain.artifact import Guide
from halo_app.domain.source import Intake, Parsed, Source
from halo_app.errors import BadInput, NotFound
from halo_app.plugins import Limits
from halo_app.ports import Attendance, Originals, Records, Texts, VectorIndex
from halo_app.services.acting import Acts, audited, unheard

NAME_CHARS = 255


class Guides(Protocol):
    """What is needed of the guide service."""

    def guide(self, source: Source) -> Guide: ...


@dataclass(frozen=True)
class SourceService:
    """Sources of one user. Their original bytes may be shared with other sources, and go with the last of them."""

    records: Records[Source]
    intakes: Records[Intake]
    originals: Originals
    texts: Texts
    index: VectorIndex
    guides: Guides
    attendance: Attendance
    user_id: str
    limits: Limits
    acts: Acts = unheard

    def of(self, notebook_id: str) -> list[Source]:
        """Return the sources of a notebook, newest first, `missing` where the original was removed by hand."""
        there = set(self.originals.all())
        mine = (source for source in self.records.all(self.user_id) if source.notebook_id == notebook_id)
        return [_marked(source, missing=source.sha256 not in there) for source in mine]

    def get(self, source_id: str) -> Source:
        """Raises NotFound for an unknown id and for another user's source."""
        source = self.records.get(source_id)
        if source.user_id != self.user_id:
            raise NotFound(f"there is no source {source_id!r}", fix="choose one from the list")
        return self._seen(source)

    def parsed(self, source_id: str) -> Parsed:
        """Return the stored text with its places. Raises NotFound or Damaged."""
        return self.texts.get(self.get(source_id).id)

    def original(self, source_id: str) -> Path:
        """Return where the original's bytes lie. Raises NotFound when they were removed by hand."""
        return self.originals.path(self.get(source_id).sha256)

    def guide(self, source_id: str) -> Guide:
        """Return what the source is about."""
        return self.guides.guide(self.get(source_id))

    @audited("source.rename")
    def rename(self, source_id: str, name: str) -> Source:
        """Give the source another name to be shown by. Raises BadInput when it is empty."""
        wanted = " ".join(name.split())[:NAME_CHARS]
        if not wanted:
            raise BadInput("a source needs a name", fix="type at least one letter")
        self.get(source_id)
        return self.records.change(source_id, lambda source: replace(source, name=wanted))

    def excerpt(self, source_id: str, start: int, end: int, around: int = 600) -> tuple[str, str, str]:
        """Return (before, quote, after): the stored characters `start` to `end` and at most `around` on each side."""
        text = self.parsed(source_id).text
        if not 0 <= start <= end <= len(text):
            raise BadInput(f"the source has no characters {start} to {end}", fix="open the source again")
        return text[max(0, start - around):start], text[start:end], text[end:end + around]

    @audited("source.restore")
    def restore(self, source_id: str, stream: BinaryIO) -> Source:
        """Take the original back after it was removed by hand. Raises BadInput when it is another file."""
        source = self.get(source_id)
        kept = self.originals.keep(stream, limit_bytes=self.limits.size_mb * 1_000_000)
        if kept.sha256 != source.sha256:
            self._drop_original(kept.sha256)
            raise BadInput(f"this is not the file that “{source.name}” was read from: its content differs",
                           fix="choose the same file, or remove the source and add the new one")
        return self._seen(source)

    @audited("source.delete")
    def delete(self, source_id: str) -> Source:
        """Delete the source with its passages, text and original, and return its record.

        The record goes first: from then on the source is gone, and the next start finishes what a killed process left.
        """
        source = self.get(source_id)
        with self.attendance.working():
            self.records.remove(source_id)
            self.index.remove(source_id)
            self.texts.remove(source_id)
            self._drop_original(source.sha256)
        return source

    def _drop_original(self, sha256: str) -> None:
        if self.attendance.others():            # it may be taking the same bytes in
            return
        used = {source.sha256 for source in self.records.everyone()} | {intake.sha256 for intake in self.intakes.everyone()}
        if sha256 not in used and not self.records.damaged():
            self.originals.remove(sha256)

    def _seen(self, source: Source) -> Source:
        try:
            self.originals.path(source.sha256)
        except NotFound:
            return _marked(source, missing=True)
        return _marked(source, missing=False)


def _marked(source: Source, *, missing: bool) -> Source:
    return source if source.missing == missing else replace(source, missing=missing)
