"""Originals and stored texts as stores of personal data: they name no user, so they go by the ids and hashes gathered before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from halo_app.domain.erasure import Target, Whose
from halo_app.domain.redacting import texts_in
from halo_app.domain.source import Parsed, parsed_of, plain_of
from halo_app.errors import Damaged, NotFound
from halo_app.ports import Records
from halo_app.storage.atomic import make_folder, sync_folder, worded
from halo_app.storage.json_schema import schema_of
from halo_app.storage.kept import Clean, Kept
from halo_app.storage.texts import TextFiles
from halo_app.storage.uploads import OriginalFiles

_TEXT = re.compile(r"[0-9a-f]{32}\.text")


@dataclass(kw_only=True)
class OriginalStore(Kept):
    """Original bytes; those that another source or a file on its way still needs stay."""

    originals: OriginalFiles
    sources: Records[Any]
    intakes: Records[Any]

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        mine = {record.sha256 for store in (self.sources, self.intakes) for record in store.all(user_id)}
        for sha256 in self.originals.all():
            if sha256 in mine:
                yield sha256, self.originals.path(sha256)

    def is_empty(self) -> bool:
        return not self.originals.all()

    def take_file(self, name: str, path: Path) -> None:
        with path.open("rb") as stream:
            kept = self.originals.keep(stream, limit_bytes=path.stat().st_size)
        if kept.sha256 != name:
            self.originals.remove(kept.sha256)
            raise ValueError(f"the original {name[:12]}… has another content")

    def erase(self, target: Target, clean: Clean) -> int:
        goes = self._going(target)
        for sha256 in goes:
            self.originals.remove(sha256)
        self._sweep()
        return len(goes)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        goes = set(self._going(target))
        yield from ((Whose.TARGETS if sha256 in goes else Whose.OTHERS, sha256) for sha256 in self.originals.all())
        for path in _drafts(self.originals.folder):
            yield Whose.MADE, path.name

    def _going(self, target: Target) -> list[str]:
        def stays(record: Any) -> bool:
            return bool(record.user_id != target.user_id if target.is_person else record.id not in target.ids)

        used = {record.sha256 for record in self.sources.everyone() if stays(record)}
        used |= {record.sha256 for record in self.intakes.everyone() if stays(record) and record.source_id not in target.ids}
        known = target.is_person and not self.sources.damaged() and not self.intakes.damaged()     # else it may be a damaged one's
        unknown = set(self.originals.all()) - self._referred() if known else set()
        return [sha256 for sha256 in self.originals.all() if sha256 not in used and (sha256 in target.sha256 or sha256 in unknown)]

    def _referred(self) -> set[str]:
        return {record.sha256 for store in (self.sources, self.intakes) for record in store.everyone()}

    def _sweep(self) -> None:
        for path in _drafts(self.originals.folder):
            path.unlink(missing_ok=True)
        if self.originals.folder.is_dir():
            sync_folder(self.originals.folder)


@dataclass(kw_only=True)
class TextStore(Kept):
    """What was read from each source, and the guide made of it."""

    texts: TextFiles
    sources: Records[Any]

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        mine = {source.id for source in self.sources.all(user_id)}
        for source_id in self.texts.all():
            if source_id in mine and (parsed := self._whole(source_id)):
                yield {"source_id": source_id, **plain_of(parsed)}

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        """Yield the texts that are damaged, as they are."""
        mine = {source.id for source in self.sources.all(user_id)}
        for source_id in self.texts.all():
            if source_id in mine and self._whole(source_id) is None:
                yield f"{source_id}.text", self.texts.folder / f"{source_id}.text"

    def is_empty(self) -> bool:
        return not self.texts.all()

    def take_file(self, name: str, path: Path) -> None:
        if not _TEXT.fullmatch(name):
            raise ValueError(f"{name!r} is no stored text")
        make_folder(self.texts.folder)
        shutil.copyfile(path, self.texts.folder / name)
        (self.texts.folder / name).chmod(0o600)

    def schema(self) -> dict[str, Any]:
        made = schema_of(Parsed)
        made["properties"] |= {"source_id": {"type": "string"}, "regions": {"type": "array"}, "outline": {"type": "array"}}
        return {**made, "required": ["source_id", "text"]}

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        count = 0
        for line in lines:
            self.texts.put(str(line["source_id"]), parsed_of(line))
            count += 1
        return count

    def erase(self, target: Target, clean: Clean) -> int:
        goes = self._going(target)
        try:
            for source_id in goes:
                self.texts.remove(source_id)
            for path in [*_drafts(self.texts.folder), *self._lost_guides()]:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise worded(error, "the stored text", self.texts.folder) from error
        return len(goes)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        goes = set(self._going(target))
        for source_id in self.texts.all():
            yield from self._decoded(source_id, Whose.TARGETS if source_id in goes else Whose.OTHERS)
        for path in [*_drafts(self.texts.folder), *self._lost_guides()]:
            yield Whose.MADE, path.read_bytes().decode("utf-8", "replace")

    def forget(self) -> None:
        self.texts.forget()

    def _whole(self, source_id: str) -> Parsed | None:
        try:
            return self.texts.get(source_id)
        except (Damaged, NotFound):
            return None

    def _decoded(self, source_id: str, whose: Whose) -> Iterator[tuple[Whose, str]]:
        path = self.texts.folder / f"{source_id}.text"
        parsed = self._whole(source_id)
        if parsed is None:                   # damaged: as it lies there
            yield whose, path.read_bytes().decode("utf-8", "replace")
            return
        yield whose, parsed.text
        yield from ((whose, text) for text in texts_in({**plain_of(parsed), "text": ""}))

    def _going(self, target: Target) -> list[str]:
        """Return the target's texts; when a person goes, also those that no record tells of, for nobody can say whose they are."""
        known = {source.id for source in self.sources.everyone()} if target.is_person else set()
        return [source_id for source_id in self.texts.all()
                if source_id in target.ids or (target.is_person and source_id not in known and not self.sources.damaged())]

    def _lost_guides(self) -> list[Path]:
        return [path for path in self.texts.folder.glob("*.guide") if not path.with_suffix(".text").exists()]


def _drafts(folder: Path) -> list[Path]:
    return sorted(folder.glob(".halo-*.tmp"))
