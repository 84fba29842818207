"""The files that lie with notes as a store of personal data: whose they are, the notes say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from halo_app.domain.erasure import Target, Whose
from halo_app.domain.note import Note
from halo_app.ports import Records
from halo_app.storage.atomic import sync_folder
from halo_app.storage.kept import Clean, Kept, joined
from halo_app.storage.uploads import OriginalFiles


@dataclass(kw_only=True)
class AttachmentStore(Kept):
    """Attached files by their content; those that another person's note holds stay."""

    attached: OriginalFiles
    notes: Records[Note]

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        mine = {one.sha256 for note in self.notes.all(user_id) for one in note.attachments}
        for sha256 in self.attached.all():
            if sha256 in mine:
                yield sha256, self.attached.path(sha256)

    def is_empty(self) -> bool:
        return not self.attached.all()

    def take_file(self, name: str, path: Path) -> None:
        with path.open("rb") as stream:
            kept = self.attached.keep(stream, limit_bytes=path.stat().st_size)
        if kept.sha256 != name:
            self.attached.remove(kept.sha256)
            raise ValueError(f"the attached file {name[:12]}… has another content")

    def gather(self, target: Target) -> Target:
        if not target.is_person:
            return target
        return joined(target, sha256=[one.sha256 for note in self.notes.all(target.user_id) for one in note.attachments])

    def erase(self, target: Target, clean: Clean) -> int:
        goes = self._going(target)
        for sha256 in goes:
            self.attached.remove(sha256)
        for draft in self._drafts():
            draft.unlink(missing_ok=True)
        if self.attached.folder.is_dir():
            sync_folder(self.attached.folder)
        return len(goes)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        goes = set(self._going(target))
        yield from ((Whose.TARGETS if sha256 in goes else Whose.OTHERS, sha256) for sha256 in self.attached.all())
        yield from ((Whose.MADE, path.name) for path in self._drafts())

    def _going(self, target: Target) -> list[str]:
        if not target.is_person:
            return []
        held = {one.sha256 for note in self.notes.everyone() if note.user_id != target.user_id for one in note.attachments}
        unsure = bool(self.notes.damaged())                  # a note that cannot be read may hold the rest
        return [sha256 for sha256 in self.attached.all() if sha256 not in held and (sha256 in target.sha256 or not unsure)]

    def _drafts(self) -> list[Path]:
        return sorted(self.attached.folder.glob(".halo-*.tmp")) if self.attached.folder.is_dir() else []
