"""The JSON records of a person as a store of personal data: chats, sources, notes, outputs, notebooks, agents, intakes."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from halo_app.domain.erasure import Target, Whose
from halo_app.domain.redacting import redacted, texts_in, told
from halo_app.storage.atomic import make_folder, sync_folder, worded, write_atomic
from halo_app.storage.json_files import DAMAGED, JsonRecords
from halo_app.storage.json_schema import schema_of
from halo_app.storage.kept import Clean, Kept, belongs, joined

_ENDING = re.compile(r"json\.\d{8}T\d{12}|(?!json$)[a-z0-9]{1,8}")
_SHA256 = re.compile(rb"[0-9a-f]{64}")


def never(tree: Mapping[str, Any], target: Target) -> bool:
    """Say that no record of this kind goes whole with a source or a memory."""
    return False


def is_it(tree: Mapping[str, Any], target: Target) -> bool:
    """Tell whether the record is the source itself."""
    return tree.get("id") in target.ids


def brought_it(tree: Mapping[str, Any], target: Target) -> bool:
    """Tell whether the record is of the file on its way to the source."""
    return tree.get("user_id") == target.user_id and (tree.get("source_id") in target.ids or tree.get("sha256") in target.sha256)


@dataclass(kw_only=True)
class RecordStore(Kept):
    """One folder of records. `made` says that HALO writes them from sources; `goes` which of them go whole with a source."""

    records: JsonRecords[Any]
    made: bool = False
    goes: Callable[[Mapping[str, Any], Target], bool] = never
    always: Sequence[str] = ()             # records that HALO makes by itself

    def people(self) -> set[str]:
        trees = (_tree(path) for path in self._present() if path.stem not in self.always)
        return {str(tree["user_id"]) for tree in trees if tree is not None and "user_id" in tree}

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        for path in self._present():
            tree = _tree(path)
            if tree is not None and tree.get("user_id") == user_id:
                yield tree

    def schema(self) -> dict[str, Any]:
        return schema_of(self.records.codec.kind)

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        """Yield the records that were set aside as damaged, and the files that outputs were written to."""
        mine = Target.person(user_id)
        yield from ((path.name, path) for path in self._aside() if belongs(path.read_bytes(), mine))
        for path in self._written():
            tree = _tree(path.with_suffix(".json"))
            if tree is not None and tree.get("user_id") == user_id:
                yield path.name, path

    def is_empty(self) -> bool:
        return not self._aside() and all(path.stem in self.always for path in self._present())

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        count, when = 0, self.records.codec.modified
        for tree in lines:
            record = self.records.codec.decode(tree)
            write_atomic(self.records.path(str(tree["id"])), _content(tree), modified=when(record) if when else None)
            count += 1
        return count

    def take_file(self, name: str, path: Path) -> None:
        stem, _, ending = name.partition(".")
        if not self.records.is_id(stem) or not _ENDING.fullmatch(ending) or (not self.made and not ending.startswith("json.")):
            raise ValueError(f"{name!r} is no file of {self.name}")
        folder = self.records.folder / DAMAGED if ending.startswith("json.") else self.records.folder
        make_folder(folder)
        shutil.copyfile(path, folder / name)
        (folder / name).chmod(0o600)

    def gather(self, target: Target) -> Target:
        for path in self._present():
            tree = _tree(path)
            if tree is not None and self._is_whole(tree, target):
                own = [path.stem, *self._earlier(tree)] if self.goes is is_it else []
                hashes = [str(tree["sha256"])] if tree.get("sha256") else []
                target = joined(target, ids=own, sha256=hashes, name="" if target.is_person else str(tree.get("name", "")))
        for path in self._aside():
            if target.is_person and self.goes is not never and belongs(content := path.read_bytes(), target):
                own = [path.name.partition(".")[0]] if self.goes is is_it else []
                target = joined(target, ids=own, sha256=[found.decode() for found in _SHA256.findall(content)])
        return target

    def erase(self, target: Target, clean: Clean) -> int:
        try:
            with self.records.locked():
                touched = sum(self._erase_written(path, target) for path in self._written())
                touched += sum(self._erase_aside(path, target, clean) for path in self._aside())
                touched += sum(self._erase_record(path, target, clean) for path in self._present())
                for draft in self._drafts():
                    draft.unlink(missing_ok=True)
                if self.records.folder.is_dir():
                    sync_folder(self.records.folder)
        except OSError as error:
            raise worded(error, f"the {self.records.codec.name}", self.records.folder) from error
        return touched

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        for path in [*self._present(), *self._drafts()]:
            tree = _tree(path)
            if tree is None:
                yield Whose.MADE, path.read_bytes().decode("utf-8", "replace")
            elif self._is_whole(tree, target):
                yield from ((Whose.TARGETS, text) for text in texts_in(tree))
            else:
                yield from told(tree, target, made=self._is_made(tree, target))
        for path in self._aside():
            content = path.read_bytes()
            yield Whose.TARGETS if target.is_person and belongs(content, target) else Whose.MADE, content.decode("utf-8", "replace")
        yield from ((Whose.MADE, path.read_bytes().decode("utf-8", "replace")) for path in self._written())

    def forget(self) -> None:
        self.records.forget()

    def _erase_written(self, path: Path, target: Target) -> bool:
        """Remove the file of an output that goes, is rewritten, or was deleted before."""
        tree = _tree(path.with_suffix(".json"))
        if tree is not None and not self._is_whole(tree, target) and not _mentions(tree, target):
            return False
        path.unlink(missing_ok=True)
        return True

    def _erase_aside(self, path: Path, target: Target, clean: Clean) -> bool:
        content = path.read_bytes()
        if target.is_person and belongs(content, target):
            path.unlink(missing_ok=True)
            path.with_name(f"{path.name}.why").unlink(missing_ok=True)
            return True
        text = content.decode("utf-8", "surrogateescape")
        if target.is_person or (cleaned := clean(text)) == text:
            return False
        write_atomic(path, cleaned.encode("utf-8", "surrogateescape"))
        return True

    def _erase_record(self, path: Path, target: Target, clean: Clean) -> bool:
        tree = _tree(path)
        if tree is None or (not target.is_person and tree.get("user_id") != target.user_id):
            return False
        if self._is_whole(tree, target):
            path.unlink(missing_ok=True)
            return True
        changed = redacted(tree, target, clean) if self._is_made(tree, target) else tree
        if changed == tree:
            return False
        modified = datetime.fromtimestamp(path.stat().st_mtime, UTC) if self.records.codec.modified else None
        write_atomic(path, _content(changed), modified=modified)
        return True

    def _earlier(self, tree: Mapping[str, Any]) -> list[str]:
        """Return the ids that a moved source had, by which older answers cite it, unless another one has them now."""
        known = [name for name in tree.get("earlier") or () if isinstance(name, str) and self.records.is_id(name)]
        return [name for name in known if not self.records.path(name).exists()]

    def _is_whole(self, tree: Mapping[str, Any], target: Target) -> bool:
        return bool(tree.get("user_id") == target.user_id) if target.is_person else self.goes(tree, target)

    def _is_made(self, tree: Mapping[str, Any], target: Target) -> bool:
        return not target.is_person and (self.made or _mentions(tree, target))

    def _present(self) -> list[Path]:
        return self._matching(lambda path: path.suffix == ".json" and self.records.is_id(path.stem))

    def _written(self) -> list[Path]:
        return self._matching(lambda path: self.made and path.suffix not in ("", ".json") and self.records.is_id(path.stem))

    def _drafts(self) -> list[Path]:
        return self._matching(lambda path: path.name.startswith(".halo-") and path.suffix == ".tmp")

    def _aside(self) -> list[Path]:
        return [path for path in sorted((self.records.folder / DAMAGED).glob("*.json.*")) if path.suffix != ".why"]

    def _matching(self, fits: Callable[[Path], bool]) -> list[Path]:
        folder = self.records.folder
        return sorted(path for path in folder.iterdir() if fits(path) and path.is_file()) if folder.is_dir() else []


def _tree(path: Path) -> dict[str, Any] | None:
    try:
        tree = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return tree if isinstance(tree, dict) else None


def _content(tree: Mapping[str, Any]) -> bytes:
    return json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def _mentions(tree: Any, target: Target) -> bool:
    return any(text in target.ids for text in texts_in(tree))
