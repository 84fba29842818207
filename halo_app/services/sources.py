"""The documents of a notebook: list, read, restore and delete them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Protocol

from halo_app.domain.artifact import Guide
from halo_app.domain.audit import Act
from halo_app.domain.source import Intake, Parsed, Source
from halo_app.domain.tagging import renamed, tagged
from halo_app.errors import BadInput, NotFound
from halo_app.plugins import Limits
from halo_app.ports import Attendance, Originals, Records, Texts, VectorIndex
from halo_app.services.acting import Acts, audited, telling, unheard

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
        return self._all_marked(source for source in self.records.all(self.user_id) if source.notebook_id == notebook_id)

    def mine(self) -> list[Source]:
        """Return the sources of every notebook of the user, newest first, marked in the same way."""
        return self._all_marked(self.records.all(self.user_id))

    def _all_marked(self, sources: Iterable[Source]) -> list[Source]:
        there = set(self.originals.all())
        return [_marked(source, missing=source.sha256 not in there) for source in sources]

    def get(self, source_id: str) -> Source:
        """Return a source, also by an id that it had before it was moved. Raises NotFound, also for another user's source."""
        source = self._found(source_id)
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
        return self.records.change(self.get(source_id).id, lambda old: replace(
            old, name=wanted, file_name="" if wanted == old.file else old.file))

    def tag(self, source_ids: Sequence[str], add: Iterable[str] = (), remove: Iterable[str] = ()) -> list[Source]:
        """Give sources tags and take others away; returns them as they are then. Raises BadInput for a tag that is none."""
        wanted, gone = tuple(add), tuple(remove)
        return self._retagged(source_ids, lambda tags: tagged(tags, wanted, gone))

    def rename_tag(self, notebook_id: str, old: str, new: str) -> list[Source]:
        """Call a tag of a notebook's sources otherwise. Raises BadInput when the new name is none."""
        return self._retagged(self._having(notebook_id, old), lambda tags: renamed(tags, old, new))

    def remove_tag(self, notebook_id: str, tag: str) -> list[Source]:
        """Take a tag away from every source of a notebook."""
        return self._retagged(self._having(notebook_id, tag), lambda tags: tagged(tags, remove=[tag]))

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
            self.records.remove(source.id)
            self.index.remove(source.id)
            self.texts.remove(source.id)
            self._drop_original(source.sha256)
        return source

    def _found(self, source_id: str) -> Source:
        try:
            return self.records.get(source_id)
        except NotFound:
            moved = next((source for source in self.records.all(self.user_id) if source_id in source.earlier), None)
            if moved is None:
                raise
            return moved

    def _having(self, notebook_id: str, tag: str) -> list[str]:
        return [source.id for source in self.records.all(self.user_id)
                if source.notebook_id == notebook_id and tag.casefold() in map(str.casefold, source.tags)]

    def _retagged(self, source_ids: Sequence[str], change: Callable[[tuple[str, ...]], tuple[str, ...]]) -> list[Source]:
        mine = [self.get(source_id).id for source_id in source_ids]
        with telling(self.acts, Act(self.user_id, "source.tag", self.user_id, count=len(mine))):
            return self.records.change_all(mine, lambda source: replace(source, tags=change(source.tags)))

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
