"""The registry of models in the memory database; what `domain.registry` knows comes registered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC
from typing import Any

from sqlalchemy import delete, insert, select, update

from halo_app.domain.audit import Act
from halo_app.domain.permissions import Action
from halo_app.domain.registry import RegisteredModel, Speciality
from halo_app.domain.user import Principal
from halo_app.errors import NotFound
from halo_app.storage.acting import Acting
from halo_app.storage.memory_rows import to_column
from halo_app.storage.sql_tables import models as table


class SqlModels(Acting):
    """The models that memories can belong to; all may look, who may manage models registers and removes."""

    def register(self, who: Principal, model: RegisteredModel) -> RegisteredModel:
        """Put a model in, or in the place of the one of that name. Raises PermissionDenied."""
        act = Act(who.user_id, "model.register", "", "model", reason=who.reason)
        self._allow(who, Action.MANAGE_MODELS, "", act)
        kept = replace(model, created_at=model.created_at or self._clock())
        values = {"specialities": json.dumps(list(kept.specialities)), "description": kept.description,
                  "created_at": to_column(kept.created_at)}
        with self._writing([act]) as connection:
            if not connection.execute(update(table).where(table.c.name == kept.name).values(**values)).rowcount:
                connection.execute(insert(table).values(name=kept.name, **values))
        return kept

    def get(self, name: str) -> RegisteredModel:
        """Return the model of a name. Raises NotFound."""
        with self._plainly() as connection:
            row = connection.execute(select(table).where(table.c.name == name)).first()
        if row is None:
            raise _unknown(name)
        return _model_of(row)

    def all(self) -> list[RegisteredModel]:
        """Return all models by name."""
        with self._plainly() as connection:
            return [_model_of(row) for row in connection.execute(select(table).order_by(table.c.name))]

    def remove(self, who: Principal, name: str) -> None:
        """Take a model out; memories that are private to it stay so. Raises PermissionDenied, NotFound."""
        act = Act(who.user_id, "model.remove", "", "model", reason=who.reason)
        self._allow(who, Action.MANAGE_MODELS, "", act)
        with self._writing([act]) as connection:
            if not connection.execute(delete(table).where(table.c.name == name)).rowcount:
                raise _unknown(name)


def _unknown(name: str) -> NotFound:
    return NotFound(f"no model is registered as {name}", fix="run: halo models list")


def _model_of(row: Any) -> RegisteredModel:
    return RegisteredModel(row.name, tuple(Speciality(one) for one in json.loads(row.specialities)), row.description,
                           row.created_at.replace(tzinfo=UTC))
