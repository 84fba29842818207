"""A search index as a store of personal data: derived, so it is not exported, but erased row by row and read back whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from halo_app.domain.chunk import Scope
from halo_app.domain.erasure import Subject, Target, Whose
from halo_app.errors import Damaged, StoreUnavailable
from halo_app.ports import Clean
from halo_app.vectors.lance import LanceIndex


class IndexStore:
    """The passages of sources, or of memories when `of` says so. What cannot be erased is dropped whole: it is built again."""

    tables: Sequence[str] = ()
    kept = ""
    derived = "it is built again from what is exported"

    def __init__(self, name: str, index: LanceIndex, covers: tuple[str, ...], of: Subject,
                 outdated: Callable[[str], set[str]] = lambda user_id: set()) -> None:
        """`outdated` gives the ids of a user's memories whose text was changed after it was put here."""
        self.name = name
        self.covers: Sequence[str] = covers
        self._index = index
        self._of = of
        self._outdated = outdated

    def people(self) -> set[str]:
        return set()

    def lines(self, user_id: str) -> Iterator[dict[str, Any]]:
        return iter(())

    def schema(self) -> dict[str, Any]:
        return {}

    def files(self, user_id: str) -> Iterator[tuple[str, Path]]:
        return iter(())

    def is_empty(self) -> bool:
        return not self._index.held()

    def take(self, lines: object) -> int:
        return 0

    def take_file(self, name: str, path: Path) -> None:
        raise ValueError("the index takes no files")

    def gather(self, target: Target) -> Target:
        return target

    def erase(self, target: Target, clean: Clean) -> int:
        where = self._scope(target)
        try:
            if self._repeats(target):
                theirs = self._outdated(target.user_id)
                where = Scope(target.user_id, None, frozenset(theirs)) if theirs else None
            if where is None:
                return 0
            return self._index.erase(where)
        except (Damaged, StoreUnavailable):        # damaged, or no space to rewrite it
            self._index.reset()
            return 0

    def decoded(self, target: Target) -> Iterator[tuple[Whose, str]]:
        where = self._scope(target)
        for chunk in self._index.everything():
            repeats = self._repeats(target) and chunk.user_id == target.user_id
            whose = Whose.TARGETS if where is not None and where.holds(chunk) else Whose.MADE if repeats else Whose.OTHERS
            yield whose, chunk.text
            if chunk.terms:
                yield whose, " ".join(chunk.terms)

    def forget(self) -> None:
        self._index.close()

    def _repeats(self, target: Target) -> bool:
        """Tell whether what lies here may be made from the target, without being it."""
        return target.subject is Subject.SOURCE and self._of is Subject.MEMORY

    def _scope(self, target: Target) -> Scope | None:
        if target.is_person:
            return Scope(target.user_id)
        return Scope(target.user_id, None, frozenset(target.ids)) if target.subject is self._of else None
