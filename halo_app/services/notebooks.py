"""The shelves that sources, chats, notes and outputs stand on."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid4

from halo_app.domain.notebook import Notebook
from halo_app.errors import BadInput, NotFound
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, unheard

FIRST = "Notebook"
NAME_CHARS = 120


@dataclass(frozen=True)
class NotebookService:
    """Notebooks of one user. `shelves` hold what else belongs to a notebook, `delete_sources` removes all of its sources for good."""

    records: Records[Notebook]
    sources: Records[Any]
    shelves: Mapping[str, Records[Any]]
    delete_sources: Callable[[Sequence[str]], object]
    user_id: str
    clock: Clock
    acts: Acts = unheard

    def all(self) -> list[Notebook]:
        """Return the user's notebooks, the one changed last first."""
        return self.records.all(self.user_id)

    def get(self, notebook_id: str) -> Notebook:
        """Raises NotFound for an unknown id and for another user's notebook."""
        notebook = self.records.get(notebook_id)
        if notebook.user_id != self.user_id:
            raise NotFound(f"there is no notebook {notebook_id!r}", fix="choose one from the list")
        return notebook

    def default(self) -> Notebook:
        """Return the notebook that is meant when none is named, made at its first use."""
        first = hashlib.sha256(f"notebook\n{self.user_id}".encode()).hexdigest()[:32]     # two processes make the same one
        own = {notebook.id: notebook for notebook in self.all() if not notebook.is_sample}
        mine = {notebook.id: notebook for notebook in own.values() if not notebook.archived} or own
        if first in mine:
            return mine[first]
        if mine:
            return min(mine.values(), key=lambda notebook: (notebook.created_at, notebook.id))
        return self._keep(Notebook(first, self.user_id, FIRST, self.clock(), self.clock()))

    def in_use(self) -> list[Notebook]:
        """Return the notebooks that are not archived, the one changed last first."""
        return [notebook for notebook in self.all() if not notebook.archived]

    def counts(self) -> dict[str, int]:
        """Return notebook id -> how many sources it has."""
        return Counter(source.notebook_id for source in self.sources.all(self.user_id))

    def sample(self) -> Notebook | None:
        """Return the notebook of the first visit, None once it is deleted."""
        return next((notebook for notebook in self.all() if notebook.is_sample), None)

    @audited("notebook.create")
    def create(self, name: str, *, is_sample: bool = False) -> Notebook:
        """Return a new notebook. Raises BadInput when the name is empty or taken."""
        wanted = self._free(name)
        return self._keep(Notebook(uuid4().hex, self.user_id, wanted, self.clock(), self.clock(), is_sample))

    @audited("notebook.rename")
    def rename(self, notebook_id: str, name: str) -> Notebook:
        """Raises BadInput when the name is empty or taken, NotFound when the notebook is gone."""
        self.get(notebook_id)
        wanted = self._free(name, besides=notebook_id)
        return self.records.change(notebook_id, lambda notebook: replace(notebook, name=wanted, updated_at=self.clock()))

    @audited("notebook.archive")
    def archive(self, notebook_id: str, away: bool = True) -> Notebook:
        """Put a notebook away, or bring it back; nothing of it changes. Raises NotFound when it is gone."""
        self.get(notebook_id)
        return self.records.change(notebook_id, lambda notebook: replace(notebook, archived=away))

    @audited("notebook.observe")
    def observe(self, notebook_id: str, on: bool) -> Notebook:
        """Let what the user says about themself in this notebook's chats be noticed, with their consent, or never."""
        self.get(notebook_id)
        return self.records.change(notebook_id, lambda notebook: replace(notebook, observed=on))

    def is_observed(self, notebook_id: str) -> bool:
        """Tell whether a notebook may be observed; one that is gone is not."""
        try:
            return self.get(notebook_id).observed
        except NotFound:
            return False

    @audited("notebook.delete")
    def delete(self, notebook_id: str) -> Notebook:
        """Delete the notebook with its sources, chats, notes and outputs, and return its record."""
        notebook = self.get(notebook_id)
        self.delete_sources([source.id for source in self.sources.all(self.user_id) if source.notebook_id == notebook_id])
        for shelf in self.shelves.values():
            for record in shelf.all(self.user_id):
                if record.notebook_id == notebook_id:
                    shelf.remove(record.id)
        self.records.remove(notebook_id)
        return notebook

    def find(self, name_or_id: str) -> Notebook:
        """Return the notebook of that id or name (capitals do not matter). Raises NotFound."""
        mine = self.all()
        for notebook in mine:
            if name_or_id == notebook.id:
                return notebook
        named = [notebook for notebook in mine if notebook.name.casefold() == name_or_id.strip().casefold()]
        if named:
            return named[0]
        known = ", ".join(f"“{notebook.name}”" for notebook in mine) or "none yet"
        raise NotFound(f"there is no notebook “{name_or_id}”", fix=f"notebooks: {known}")

    def _free(self, name: str, besides: str = "") -> str:
        wanted = " ".join(name.split())[:NAME_CHARS]
        if not wanted:
            raise BadInput("a notebook needs a name", fix="type at least one letter")
        if any(other.name.casefold() == wanted.casefold() and other.id != besides for other in self.all()):
            raise BadInput(f"there is already a notebook “{wanted}”", fix="choose another name")
        return wanted

    def _keep(self, notebook: Notebook) -> Notebook:
        self.records.put(notebook)
        return notebook
