"""Take everything of a person along in one file, and bring it back into an empty house, equal store by store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from halo_app.domain.audit import Act
from halo_app.domain.erasure import Target
from halo_app.domain.permissions import Action, refusal
from halo_app.domain.user import Principal
from halo_app.errors import BadInput, HaloError, PermissionDenied, RefusedFile
from halo_app.memory_ports import AuditLog
from halo_app.ports import Clock, PersonalStore
from halo_app.services.stores import Stores

FORM, VERSION = "HALO account", 1
SCHEMA, AUDIT = "schema.json", "audit.jsonl"


class Opened(Protocol):
    """An archive that was checked whole."""

    @property
    def manifest(self) -> dict[str, Any]: ...

    @property
    def names(self) -> list[str]: ...

    def lines(self, name: str) -> Iterator[dict[str, Any]]: ...

    def put(self, name: str, path: Path) -> None: ...


Writing = Callable[[Path, dict[str, Any], Iterable[tuple[str, Any]]], dict[str, Any]]
Opening = Callable[[Path, str, int], AbstractContextManager[Opened]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What was exported or imported: whose, how many lines of each store, and how many files."""

    user_id: str
    lines: dict[str, int] = field(default_factory=dict)
    files: int = 0


@dataclass(frozen=True)
class ExportingService:
    """Exports and imports whole accounts. `work` is a folder inside the data directory for what is in the middle."""

    stores: Stores
    write: Writing
    open: Opening
    exclusive: Callable[[], AbstractContextManager[Any]]
    audit: Callable[[], AuditLog | None]
    clock: Clock
    work: Path
    rebuild: Callable[[], Iterable[object]]

    def export(self, who: Principal, user_id: str, path: Path) -> Taken:
        """Write everything of the user into one file: JSON Lines per store, files, schema, manifest with hashes.

        Secrets of the settings stay out. Raises PermissionDenied, BadInput for the place, StoreUnavailable.
        """
        self._allow(who, user_id)
        counts: dict[str, int] = {}
        about = {"format": FORM, "version": VERSION, "user_id": user_id, "created_at": self.clock().isoformat(),
                 "left_out": {store.name: store.derived for store in self.stores.all if store.derived}, "lines": counts}
        with self.exclusive():
            manifest = self.write(path, about, self._members(who, user_id, counts))
        taken = Taken(user_id, dict(counts), sum(name.startswith("files/") for name in manifest["files"]))
        self._note(who, "account.export", user_id, sum(counts.values()))
        return taken

    def take(self, who: Principal, path: Path) -> Iterator[Taken | object]:
        """Bring an exported account into an empty data directory: yields steps of rebuilding the index, last what was taken.

        All of it is checked before anything is written; when it fails in the middle, what was written is erased again.
        Raises BadInput when something is here already, RefusedFile for a file that was changed or is no export.
        """
        with self.exclusive(), self.open(path, FORM, VERSION) as archive:
            user_id = str(archive.manifest.get("user_id") or "")
            if not user_id:
                raise RefusedFile(f"“{path.name}” does not say whose it is", fix="export it again")
            self._allow(who, user_id)
            self._check_places(archive)
            self._begin(user_id)
            try:
                taken = self._take(archive, user_id)
            except (ValueError, KeyError, TypeError) as error:
                self._undo(user_id)
                raise RefusedFile(f"“{path.name}” cannot be taken in: {error}", fix="export it again with this version") from error
            except HaloError:
                self._undo(user_id)
                raise
            self._mark.unlink()
            self._note(who, "account.import", user_id, sum(taken.lines.values()))
        yield from self.rebuild()
        yield taken

    def _members(self, who: Principal, user_id: str, counts: dict[str, int]) -> Iterator[tuple[str, Any]]:
        yield SCHEMA, _json({store.name: store.schema() for store in self.stores.exported})
        for store in self.stores.exported:
            yield f"stores/{_file(store)}.jsonl", _counted(store, user_id, counts)
            for name, place in store.files(user_id):
                yield f"files/{_file(store)}/{name}", place
        yield AUDIT, self._log(who, user_id)

    def _log(self, who: Principal, user_id: str) -> Iterator[bytes]:
        """Yield what the audit log says of the user, to read; it is not taken in elsewhere, where another log goes on."""
        audit = self.audit()
        if audit is None:
            return
        pseudonym = audit.pseudonym(user_id)
        for entry in audit.entries(who, user_id=user_id):
            people = {"actor": entry.actor, "user": entry.user}
            named = {name: user_id if pseudonym and found == pseudonym else found for name, found in people.items()}
            yield _json({"number": entry.number, "at": entry.at.isoformat(), **named, "action": entry.action, "what": entry.what,
                         "count": entry.count, "outcome": entry.outcome, "reason": entry.reason, "subject": entry.subject}) + b"\n"

    def _take(self, archive: Opened, user_id: str) -> Taken:
        counts: dict[str, int] = {}
        names = set(archive.names)
        files = 0
        for store in reversed(self.stores.exported):          # what is a record's comes before the record
            begin = f"files/{_file(store)}/"
            for name in sorted(name for name in names if name.startswith(begin)):
                draft = self.work / "import" / name.removeprefix(begin)
                draft.unlink(missing_ok=True)
                archive.put(name, draft)
                store.take_file(draft.name, draft)
                draft.unlink()
                files += 1
            lines = f"stores/{_file(store)}.jsonl"
            if lines in names:
                counts[store.name] = store.take(_of(user_id, archive.lines(lines)))
            store.forget()
        return Taken(user_id, counts, files)

    @property
    def _mark(self) -> Path:
        """Lies there while an import is in the middle, and says whose it is."""
        return self.work / "import.todo"

    def _undo(self, user_id: str) -> None:
        target = Target.person(user_id)
        for store in self.stores.all:
            target = store.gather(target)
        for store in self.stores.exported:
            store.erase(target, lambda text: text)
            store.forget()
        self._mark.unlink(missing_ok=True)

    def _check_places(self, archive: Opened) -> None:
        """Raise BadInput when there is nowhere to put some of it, as memories while memory is disabled: nothing is dropped."""
        known = {store.name for store in self.stores.exported}
        lost = sorted(name for name, count in dict(archive.manifest.get("lines") or {}).items() if count and name not in known)
        if lost:
            raise BadInput(f"there is no place here for {', '.join(lost)}", fix="set HALO_AGENT_DB, and try again")

    def _begin(self, user_id: str) -> None:
        """Clear away what a killed import left, and make sure that nothing else is here."""
        self.work.mkdir(mode=0o700, exist_ok=True)
        if self._mark.exists():
            self._undo(self._mark.read_text(encoding="utf-8"))
        full = [store.name for store in self.stores.exported if not store.is_empty()]
        if full:
            raise BadInput(f"there is something here already: {', '.join(full)}",
                           fix="import into an empty folder: halo account import FILE --data-dir DIR")
        self._mark.write_text(user_id, encoding="utf-8")

    def _allow(self, who: Principal, user_id: str) -> None:
        why = refusal(who, Action.EXPORT, user_id)
        if why:
            self._note(who, "account.export", user_id, 0, "refused")
            raise PermissionDenied(why, fix="ask an administrator")

    def _note(self, who: Principal, action: str, user_id: str, count: int, outcome: str = "done") -> None:
        if (audit := self.audit()) is not None:
            audit.note(Act(who.user_id, action, user_id, "account", count, outcome, who.reason))


def _counted(store: PersonalStore, user_id: str, counts: dict[str, int]) -> Iterator[bytes]:
    counts[store.name] = 0
    for line in store.lines(user_id):
        counts[store.name] += 1
        yield _json(line) + b"\n"


def _of(user_id: str, lines: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.get("user_id", user_id) != user_id:
            raise ValueError("a line belongs to another user")
        yield line


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _file(store: PersonalStore) -> str:
    return store.name.replace(" ", "_")
