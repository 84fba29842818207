"""Ten-line stand-ins for the sockets, real in behaviour: the same contract suites run on them and on the adapters."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from halo_app.domain.source import Original, Parsed
from halo_app.errors import EmptyFile, NotFound, TooLarge
from halo_app.parsing import registry
from halo_app.plugins import Limits
from halo_app.ports import Damage, Reading


class TickingClock:
    """A second later at every look."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class DictRecords:
    """Records in a dict."""

    def __init__(self) -> None:
        self.held: dict[str, Any] = {}

    def get(self, record_id: str) -> Any:
        if record_id not in self.held:
            raise NotFound(f"there is no record {record_id!r}")
        return self.held[record_id]

    def all(self, user_id: str) -> list[Any]:
        mine = [record for record in self.held.values() if record.user_id == user_id]
        return sorted(mine, key=lambda one: (getattr(one, "updated_at", None) or one.created_at, one.id), reverse=True)

    def everyone(self) -> list[Any]:
        return list(self.held.values())

    def put(self, record: Any) -> None:
        self.held[record.id] = record

    def put_all(self, records: Sequence[Any]) -> None:
        for record in records:
            self.put(record)

    def change(self, record_id: str, change: Callable[[Any], Any]) -> Any:
        self.put(change(self.get(record_id)))
        return self.get(record_id)

    def change_all(self, record_ids: Sequence[str], change: Callable[[Any], Any]) -> list[Any]:
        return [self.change(record_id, change) for record_id in record_ids if record_id in self.held]

    def remove(self, record_id: str) -> bool:
        return self.held.pop(record_id, None) is not None

    def damaged(self) -> list[Damage]:
        return []


@dataclass
class PlainOriginals:
    """Originals in a folder, without care."""

    folder: Path

    def keep(self, stream: BinaryIO, *, limit_bytes: int) -> Original:
        content = stream.read()
        if not content:
            raise EmptyFile("the file is empty", fix="add it again")
        if len(content) > limit_bytes:
            raise TooLarge("the file is too large", fix="split it")
        path = self.folder / hashlib.sha256(content).hexdigest()
        self.folder.mkdir(exist_ok=True)
        path.write_bytes(content)
        return Original(path.name, len(content), str(path))

    def path(self, sha256: str) -> Path:
        if not sha256 or not (self.folder / sha256).is_file():
            raise NotFound("the original is no longer there")
        return self.folder / sha256

    def remove(self, sha256: str) -> None:
        (self.folder / sha256).unlink(missing_ok=True)

    def all(self) -> list[str]:
        return sorted(path.name for path in self.folder.glob("*"))


@dataclass
class DictTexts:
    """Texts in a dict."""

    held: dict[str, Parsed] = field(default_factory=dict)

    def put(self, source_id: str, parsed: Parsed) -> None:
        self.held[source_id] = parsed

    def put_all(self, texts: Mapping[str, Parsed]) -> None:
        self.held.update(texts)

    def get(self, source_id: str) -> Parsed:
        if source_id not in self.held:
            raise NotFound("the stored text is gone")
        return self.held[source_id]

    def remove(self, source_id: str) -> None:
        self.held.pop(source_id, None)

    def all(self) -> list[str]:
        return sorted(self.held)


class Alone:
    """An attendance of one."""

    @contextmanager
    def working(self) -> Iterator[str]:
        yield "alone"

    def others(self) -> bool:
        return False

    def is_at_work(self, name: str) -> bool:
        return name == "alone"

    def dead(self) -> list[str]:
        return []

    def bury(self, names: Sequence[str]) -> None: ...


class HereReader:
    """The real parsers, in this process."""

    def read(self, path: Path, name: str, *, cancelled: Callable[[], bool] = lambda: False) -> Reading:
        return registry.read(path, name, Limits())
