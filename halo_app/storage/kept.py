"""What every store of personal data has in common, and the plain files among them: logs, the ledger, the settings overlay."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from halo_app.domain.erasure import Target, Whose
from halo_app.domain.ledger import Sending
from halo_app.domain.redacting import texts_in
from halo_app.storage.atomic import lines_of, sync_folder, write_atomic
from halo_app.storage.json_schema import schema_of

Clean = Callable[[str], str]
_PERSONAL = ("app", "llm", "retention")
_SECRET = ("api_key", "access_token", "redis_url", "database", "replicas", "lancedb_uri")


@dataclass(kw_only=True)
class Kept:
    """A PersonalStore with nothing in it: the real ones say what is different."""

    name: str
    covers: Sequence[str] = ()
    derived: str = ""
    kept: str = ""
    tables: Sequence[str] = ()

    def people(self) -> set[str]:
        return set()

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        return iter(())

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        return iter(())

    def is_empty(self) -> bool:
        return True

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        return sum(1 for _ in lines)

    def take_file(self, name: str, path: Path) -> None:
        raise ValueError(f"{self.name} takes no files")

    def gather(self, target: Target) -> Target:
        return target

    def erase(self, target: Target, clean: Clean) -> int:
        return 0

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        return iter(())

    def forget(self) -> None:
        return None


@dataclass(kw_only=True)
class LogFiles(Kept):
    """The program log names no content; when a person goes it is emptied all the same."""

    folder: Path

    def erase(self, target: Target, clean: Clean) -> int:
        if not target.is_person:
            return 0
        touched = 0
        for path in sorted(self.folder.glob("halo.log*")):
            touched += path.stat().st_size > 0
            if path.name == "halo.log":
                with path.open("r+b") as file:       # it may be open in a running process, which goes on writing
                    file.truncate(0)
            else:
                path.unlink(missing_ok=True)
        return touched

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        for path in sorted(self.folder.glob("halo.log*")):
            yield from ((Whose.MADE, line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())


@dataclass(kw_only=True)
class LedgerLines(Kept):
    """Who was sent what: a person's lines go; that places of an erased source were sent stays on record, without text."""

    path: Path
    lock: Callable[[], AbstractContextManager[Any]] = lambda: (_ for _ in ()).throw(NotImplementedError)

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        for line in lines_of(self.path):
            tree = _object(line)
            if tree is not None and tree.get("user_id") == user_id:
                yield tree

    def schema(self) -> dict[str, Any]:
        return schema_of(Sending)

    def is_empty(self) -> bool:
        return not lines_of(self.path)

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        new = [json.dumps(line, ensure_ascii=False).encode("utf-8", "replace") for line in lines]
        if new:
            with self.lock():
                self._write([*(line for line in lines_of(self.path) if line not in new), *new])
        return len(new)

    def erase(self, target: Target, clean: Clean) -> int:
        if not target.is_person:
            return 0
        with self.lock():
            before = lines_of(self.path)
            after = [line for line in before if not belongs(line, target)]
            if len(after) < len(before):
                self._write(after)
            return len(before) - len(after)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        for line in lines_of(self.path):
            tree = _object(line)
            whose = Whose.TARGETS if target.is_person and belongs(line, target) else Whose.OTHERS
            yield from ((whose, text) for text in (texts_in(tree) if tree is not None else [line.decode("utf-8", "replace")]))

    def _write(self, lines: Sequence[bytes]) -> None:
        write_atomic(self.path, b"".join(line + b"\n" for line in lines))


@dataclass(kw_only=True)
class Overlay(Kept):
    """The settings that lie in the data directory; secrets are not exported, who works here and their keys are erased."""

    path: Path
    lock: Callable[[], AbstractContextManager[Any]]
    user_id: str                       # of whoever works in this data directory

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        if user_id == self.user_id and (tree := self._read()):
            yield _without_secrets(tree)

    def take(self, lines: Iterable[dict[str, Any]]) -> int:
        given = list(lines)
        with self.lock():
            for tree in given:
                self._write({**tree, **self._read()})
        return len(given)

    def erase(self, target: Target, clean: Clean) -> int:
        if not target.is_person or target.user_id != self.user_id:
            return 0
        with self.lock():
            tree = self._read()
            kept = {name: value for name, value in tree.items() if name not in _PERSONAL}
            if kept != tree:
                self._write(kept)
        return int(kept != tree)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        tree = self._read()
        mine = target.is_person and target.user_id == self.user_id
        for name, value in tree.items():
            whose = Whose.TARGETS if mine and name in _PERSONAL else Whose.OTHERS
            yield from ((whose, text) for text in texts_in(value))

    def _read(self) -> dict[str, Any]:
        try:
            tree = json.loads(self.path.read_bytes())
        except (FileNotFoundError, ValueError):
            return {}
        return tree if isinstance(tree, dict) else {}

    def _write(self, tree: Mapping[str, Any]) -> None:
        if tree:
            write_atomic(self.path, json.dumps(tree, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"))
        elif self.path.exists():
            self.path.unlink()
            sync_folder(self.path.parent)


@dataclass(kw_only=True)
class WorkingCopies(Kept):
    """What exports, backups and restores leave behind when they are killed: it may hold anything, so all of it goes."""

    folder: Path

    def erase(self, target: Target, clean: Clean) -> int:
        found = sorted(self.folder.glob("*")) if self.folder.is_dir() else []
        for path in found:
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        return len(found)

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        if self.folder.is_dir():
            yield from ((Whose.TARGETS, path.name) for path in self.folder.iterdir())


def belongs(content: bytes, target: Target) -> bool:
    """Tell whether a JSON text is the person's; one that cannot be read goes unless it plainly names another user."""
    tree = _object(content)
    if tree is not None:
        return bool(tree.get("user_id") == target.user_id)
    named = re.search(rb'"user_id"\s*:\s*("(?:[^"\\]|\\.)*")', content)
    try:
        return not named or json.loads(named[1]) == target.user_id
    except ValueError:
        return True


def joined(target: Target, *, ids: Iterable[str] = (), sha256: Iterable[str] = (), name: str = "") -> Target:
    """Return the target with more ids and hashes, each once, in order."""
    return replace(target, ids=tuple(dict.fromkeys([*target.ids, *ids])), sha256=tuple(dict.fromkeys([*target.sha256, *sha256])),
                   name=target.name or name)


def _object(content: bytes) -> dict[str, Any] | None:
    try:
        tree = json.loads(content)
    except ValueError:
        return None
    return tree if isinstance(tree, dict) else None


def _without_secrets(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _without_secrets(value) if isinstance(value, Mapping) else value
            for name, value in tree.items() if name not in _SECRET}
