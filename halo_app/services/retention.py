"""Delete what has grown older than its rule allows, and facts whose time is over: at the start, daily, and on command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Timer
from typing import Protocol, TypeVar

from pydantic import ValidationError

from halo_app.domain.audit import Act
from halo_app.errors import BadInput, HaloError, NotFound
from halo_app.ports import Clock
from halo_app.services.acting import Acts, telling, unheard
from halo_app.services.background import Background
from halo_app.settings import Retention, expectation

DAY_SECONDS = 24 * 60 * 60.0
Record = TypeVar("Record")
Id = TypeVar("Id")


class Overlay(Protocol):
    """The part of the settings that is changed while the app runs."""

    def section(self, name: str) -> Mapping[str, object]:
        """Return what stands there; {} when nothing does. Raises BadSetting."""

    def change(self, name: str, values: Mapping[str, object]) -> None:
        """Put values into a section, beside those that stand there, durable on return."""


@dataclass(frozen=True)
class Aging:
    """One store that ages. `rule` names the days in `Retention`; "" is for what carries the day of its own end."""

    name: str
    rule: str
    count: Callable[[datetime], int]          # how many are older than a time
    remove: Callable[[datetime], int]         # deletes them for good, and returns how many there were


@dataclass(frozen=True)
class RetentionService:
    """The rules, and the stores that they are for. `given` are the rules as the settings had them at the start."""

    given: Retention
    overlay: Overlay
    stores: Callable[[], Iterable[Aging]]     # those that can be opened come first
    clock: Clock
    user_id: str
    acts: Acts = unheard

    def rules(self) -> Retention:
        """Return the rules that hold now: days per store, 0 for what is kept."""
        return self._valid({**self.given.model_dump(), **self.overlay.section("retention")})

    def change(self, rules: Mapping[str, int]) -> Retention:
        """Set some rules, from now on and after restarts. Raises BadInput naming the rule and what was expected."""
        with telling(self.acts, Act(self.user_id, "settings.change", self.user_id, "retention")):
            changed = self._valid({**self.rules().model_dump(), **rules})
            self.overlay.change("retention", dict(rules))
        return changed

    def preview(self, rules: Mapping[str, int] | None = None) -> dict[str, int]:
        """Return how many of each store `run` would delete now, or by these rules in place of those; a store without a rule is 0.

        Raises BadInput as `change` does.
        """
        wished = self._valid({**self.rules().model_dump(), **(rules or {})})
        return {store.name: store.count(before) if before else 0 for store, before in self._borders(wished)}

    def run(self) -> dict[str, int]:
        """Delete what is over by the rules, and return how many of each store.

        A store that fails does not stop the others; its error is raised when they are done.
        """
        removed: dict[str, int] = {}
        failures: list[HaloError] = []
        for store, before in self._borders(self.rules()):
            removed[store.name] = 0
            try:
                removed[store.name] = store.remove(before) if before else 0
            except HaloError as error:
                failures.append(error)
                self.acts(Act(self.user_id, "retention.remove", self.user_id, store.name, 0, "failed"))
            if removed[store.name]:
                self.acts(Act(self.user_id, "retention.remove", self.user_id, store.name, removed[store.name]))
        if failures:
            raise failures[0]
        return removed

    def _borders(self, rules: Retention) -> Iterable[tuple[Aging, datetime | None]]:
        """Yield each store with the time before which it is cleared, None when everything in it is kept."""
        now, days = self.clock(), rules.model_dump()
        for store in self.stores():
            if not store.rule:
                yield store, now
            else:
                yield store, now - timedelta(days=days[store.rule]) if days[store.rule] else None

    def _valid(self, rules: Mapping[str, object]) -> Retention:
        try:
            return Retention.model_validate(rules)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = ".".join(str(part) for part in first["loc"])
            if name not in Retention.model_fields:
                known = ", ".join(Retention.model_fields)
                raise BadInput(f"retention: {name}={first['input']!r:.200}: expected one of the rules {known}",
                               fix="correct the name; nothing was changed") from None
            raise BadInput(f"retention: {name}={first['input']!r:.200}: expected {expectation(name, Retention)}",
                           fix="give whole days from 1 to 36500, or 0 to keep everything") from None


def of_records(name: str, rule: str, every: Callable[[], Iterable[Record]], when: Callable[[Record], datetime],
               delete: Callable[[Record], object]) -> Aging:
    """Return how records age: those whose `when` lies before the border go, one by one."""
    def old(before: datetime) -> list[Record]:
        return [record for record in every() if when(record) < before]

    def remove(before: datetime) -> int:
        removed = 0
        for record in old(before):
            with suppress(NotFound):                 # somebody else was faster
                delete(record)
                removed += 1
        return removed

    return Aging(name, rule, lambda before: len(old(before)), remove)


def of_owners(name: str, rule: str, old: Callable[[datetime], Mapping[str, Sequence[Id]]],
              delete: Callable[[str, Sequence[Id]], int]) -> Aging:
    """Return how things of many owners age: `old` gives owner -> ids, `delete` takes an owner's ids."""
    def remove(before: datetime) -> int:
        return sum(delete(owner, ids) for owner, ids in old(before).items())

    return Aging(name, rule, lambda before: sum(map(len, old(before).values())), remove)


class Daily:
    """Does something in the background at the start and then once a day; what fails is tried again."""

    def __init__(self, name: str, act: Callable[[], object], *, every_seconds: float = DAY_SECONDS) -> None:
        self._act, self._every_seconds = act, every_seconds
        self._behind = Background(name, self._turn)
        self._timer: Timer | None = None

    def start(self) -> None:
        self._behind.wake()

    def wait(self, seconds: float) -> bool:
        """Wait until it rests, at most so long; False when it is still at work."""
        return self._behind.wait(seconds)

    def close(self) -> None:
        self._behind.close()
        if self._timer:
            self._timer.cancel()

    def _turn(self) -> bool:
        self._act()
        self._timer = Timer(self._every_seconds, self._behind.wake)
        self._timer.daemon = True
        self._timer.start()
        return False
