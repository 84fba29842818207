"""Make a second notebook of one: its sources, and by choice its chats and notes, which then cite the sources' copies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any
from uuid import uuid4

from halo_app.domain.notebook import Notebook
from halo_app.domain.source import Source
from halo_app.ports import Records
from halo_app.services.moving import MovingService


@dataclass(frozen=True)
class DuplicatingService:
    """`create` makes an empty notebook of a name. Outputs are not copied: they are made again from the sources in a moment."""

    create: Callable[[str], Notebook]
    get: Callable[[str], Notebook]
    sources: Records[Source]
    moving: MovingService
    chats: Records[Any]
    notes: Records[Any]
    user_id: str

    def duplicate(self, notebook_id: str, name: str, *, chats: bool = False, notes: bool = False) -> Notebook:
        """Return the new notebook. Raises BadInput when the name is taken, NotFound when the notebook is gone."""
        self.get(notebook_id)
        made = self.create(name)
        mine = [source.id for source in self.sources.all(self.user_id) if source.notebook_id == notebook_id]
        ids = dict(self.moving.copy(mine, made.id).ids)
        for wanted, records in ((chats, self.chats), (notes, self.notes)):
            if wanted:
                records.put_all([replace(recited(record, ids), id=uuid4().hex, notebook_id=made.id)
                                 for record in records.all(self.user_id) if record.notebook_id == notebook_id])
        return made


def recited(value: Any, ids: Mapping[str, str]) -> Any:
    """Return a record in which every `source_id` that is a key of `ids` became its value, however deep it stands."""
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: recited(getattr(value, field.name), ids) for field in fields(value) if field.init}
        if "source_id" in changes:
            changes["source_id"] = ids.get(changes["source_id"], changes["source_id"])
        return replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(recited(item, ids) for item in value)
    if isinstance(value, Mapping):
        return {key: ids.get(item, item) if key == "source_id" and isinstance(item, str) else recited(item, ids)
                for key, item in value.items()}
    return value
