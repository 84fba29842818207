"""What services do reaches the audit log: done, refused and failed, never a word of it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from halo_app.domain.audit import Act
from halo_app.errors import NotFound, PermissionDenied, StoreUnavailable
from halo_app.services.acting import MOST_WAITING, Acts, Recorder, audited, heard

ID = "0123456789abcdef" * 2


@dataclass
class Baker:
    """A service of one user."""

    noted: list[Act] = field(default_factory=list)
    user_id: str = "anna"

    @property
    def acts(self) -> Acts:
        return self.noted.append

    @audited("bread.bake")
    def bake(self, flour: str, *, error: Exception | None = None) -> SimpleNamespace:
        """Bake."""
        if error:
            raise error
        return SimpleNamespace(id=ID, text=flour)

    @audited("bread.eat")
    def eat(self, bread_id: str) -> None:
        pass

    @audited("bread.slice")
    def slices(self, number: int) -> Generator[SimpleNamespace]:
        for position in range(number):
            yield SimpleNamespace(id=ID if position == number - 1 else "x")


def test_a_call_is_written_down_with_the_id_of_what_came_back_or_was_given() -> None:
    baker = Baker()
    assert baker.bake("rye").text == "rye"
    baker.eat(ID)
    baker.eat("the loaf of Mrs Smith")
    assert baker.noted == [Act("anna", "bread.bake", "anna", subject=ID), Act("anna", "bread.eat", "anna", subject=ID),
                           Act("anna", "bread.eat", "anna")]
    assert Baker.bake.__doc__ == "Bake."


@pytest.mark.parametrize(("error", "outcome"), [
    (NotFound("no flour"), "refused"), (PermissionDenied("not you"), "refused"), (StoreUnavailable("full"), "failed"),
    (KeyError("x"), "failed"), (KeyboardInterrupt(), "failed")])
def test_what_was_refused_or_failed_is_written_down_and_rises(error: Exception, outcome: str) -> None:
    baker = Baker()
    with pytest.raises(type(error)):
        baker.bake("rye", error=error)
    assert baker.noted == [Act("anna", "bread.bake", "anna", outcome=outcome)]


def test_what_comes_piece_by_piece_is_written_down_once_it_is_over() -> None:
    baker = Baker()
    pieces = baker.slices(2)
    next(pieces)
    assert baker.noted == []
    assert len(list(pieces)) == 1
    assert baker.noted == [Act("anna", "bread.slice", "anna", subject=ID)]


def test_who_stops_listening_stops_the_work() -> None:
    baker, ended = Baker(), []

    def work() -> Generator[int]:
        try:
            yield 1
        finally:
            ended.append(True)

    pieces = heard(baker, "bread.slice", work())
    next(pieces)
    pieces.close()
    assert ended
    assert [act.outcome for act in baker.noted] == ["failed"]


def test_acts_wait_while_the_log_cannot_be_written_and_nobody_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Act] = []
    broken = [True]
    now = [0.0]
    monkeypatch.setattr("halo_app.services.acting.monotonic", lambda: now[0])

    def write(act: Act) -> None:
        if broken[0]:
            raise StoreUnavailable("the disk is full")
        written.append(act)

    record = Recorder(write)
    for count in range(MOST_WAITING + 5):
        record(Act("anna", "bread.eat", count=count))
    broken[0] = False
    record(Act("anna", "bread.bake"))
    assert written == []                       # it is not tried at once
    now[0] = 31.0
    record(Act("anna", "bread.bake", count=2))
    assert record.waiting == 0
    assert [act.count for act in written[-2:]] == [1, 2]
    assert len(written) == MOST_WAITING
