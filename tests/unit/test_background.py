"""Background work stays behind what people wait for, tells its faults, and ends with the app."""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import contextmanager

import pytest

from halo_app.errors import StoreUnavailable
from halo_app.services import background
from halo_app.services.background import Background


class Pile:
    """Things to do, done one a turn; what is an error is raised, once."""

    def __init__(self, *things: object) -> None:
        self.waiting = deque(things)
        self.done: list[object] = []

    def turn(self) -> bool:
        if self.waiting:
            thing = self.waiting.popleft()
            if isinstance(thing, Exception):
                raise thing
            self.done.append(thing)
        return bool(self.waiting)


def threads(name: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == name]


def test_one_wake_works_off_all_that_waits_in_one_named_daemon_thread_which_then_rests():
    pile, seen = Pile(*range(50)), []

    def turn() -> bool:
        seen.append(threading.current_thread())
        return pile.turn()

    behind = Background("halo-pile", turn)
    assert threads("halo-pile") == []
    behind.wake()
    assert behind.wait(30)
    assert pile.done == list(range(50))
    [thread] = set(seen)
    assert (thread.name, thread.daemon) == ("halo-pile", True)
    thread.join(30)
    assert not thread.is_alive()


def test_waiting_for_a_worker_that_was_never_woken_is_over_at_once():
    assert Background("halo-idle", lambda: False).wait(0)


def test_a_wake_during_the_last_turn_is_not_lost():
    begun, go_on, turns = threading.Event(), threading.Event(), []

    def turn() -> bool:
        turns.append(1)
        begun.set()
        go_on.wait(30)
        return False

    behind = Background("halo-late", turn)
    behind.wake()
    assert begun.wait(30)
    behind.wake()                       # the first turn has looked already
    assert not behind.wait(0)
    go_on.set()
    assert behind.wait(30)
    assert len(turns) == 2


def test_wakes_from_many_threads_lose_nothing_and_no_two_turns_overlap():
    waiting, done, overlaps, turning = deque(), [], [], threading.Lock()

    def turn() -> bool:
        if not turning.acquire(blocking=False):
            overlaps.append(1)
            return False
        while waiting:
            done.append(waiting.popleft())
        turning.release()
        return False

    behind = Background("halo-many", turn)

    def bring(first: int) -> None:
        for number in range(first, first + 200):
            waiting.append(number)
            behind.wake()

    bringing = [threading.Thread(target=bring, args=(first,)) for first in range(0, 1600, 200)]
    for thread in bringing:
        thread.start()
    for thread in bringing:
        thread.join()
    assert behind.wait(30)
    assert sorted(done) == list(range(1600))
    assert overlaps == []


def test_an_error_is_worded_to_the_log_and_the_rest_is_done_all_the_same(caplog):
    pile = Pile("one", StoreUnavailable("the disk is full", fix="make room"), "two", ZeroDivisionError("private words"), "three")
    behind = Background("halo-pile", pile.turn)
    with caplog.at_level(logging.INFO, "halo_app.services.background"):
        behind.wake()
        assert behind.wait(30)
    assert pile.done == ["one", "two", "three"]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "halo-pile: the disk is full"),
        ("ERROR", "halo-pile: something unexpected happened (ZeroDivisionError)"),
    ]


def test_what_fails_again_is_tried_again_after_pauses_that_grow_to_a_minute(monkeypatch):
    pauses = []
    monkeypatch.setattr(Background, "_pause", lambda self, seconds: pauses.append(seconds))
    left = [10]

    def turn() -> bool:
        left[0] -= 1
        if left[0]:
            raise StoreUnavailable("still locked")
        return False

    behind = Background("halo-again", turn)
    behind.wake()
    assert behind.wait(30)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 32, 60, 60]


def test_a_wake_and_a_close_end_the_pause_after_an_error(monkeypatch):
    monkeypatch.setattr(background, "FIRST_PAUSE_SECONDS", 3600.0)
    monkeypatch.setattr(background, "LONGEST_PAUSE_SECONDS", 3600.0)
    failed = threading.Semaphore(0)

    def turn() -> bool:
        failed.release()
        raise StoreUnavailable("still locked")

    behind = Background("halo-pause", turn)
    behind.wake()
    assert failed.acquire(timeout=30)
    behind.wake()
    assert failed.acquire(timeout=30)       # before the hour was over
    assert not behind.wait(0)               # nothing is done: it still tries
    behind.close(30)
    assert behind.wait(0)


def test_closing_stops_after_the_turn_at_hand_and_a_later_wake_does_nothing():
    begun, go_on, turns = threading.Event(), threading.Event(), []

    def turn() -> bool:
        turns.append(1)
        begun.set()
        go_on.wait(30)
        return True                     # there is always more

    behind = Background("halo-close", turn)
    behind.wake()
    assert begun.wait(30)
    assert not behind.closing
    behind.close(0)
    assert behind.closing
    assert not behind.wait(0)           # the turn at hand goes on
    go_on.set()
    assert behind.wait(30)
    behind.wake()
    assert behind.wait(0)
    assert len(turns) == 1


def test_a_turn_may_close_its_own_worker():
    behind = Background("halo-self", lambda: bool(behind.close()) or True)
    behind.wake()
    assert behind.wait(30)


def test_the_block_of_a_worker_is_entered_at_the_wake_and_left_before_it_is_seen_at_rest():
    told = []

    @contextmanager
    def during():
        told.append("in")
        yield
        told.append("out")

    behind = Background("halo-held", lambda: bool(told.append("turn")), during=during)
    for _ in range(2):
        behind.wake()
        assert behind.wait(30)
    assert told == ["in", "turn", "out"] * 2


def test_a_block_that_cannot_be_entered_is_told_to_the_one_who_wakes_and_the_next_wake_tries_again():
    pile, full = Pile("one"), [StoreUnavailable("the disk is full")]

    @contextmanager
    def during():
        if full:
            raise full.pop()
        yield

    behind = Background("halo-full", pile.turn, during=during)
    with pytest.raises(StoreUnavailable):
        behind.wake()
    assert behind.wait(0)
    behind.wake()
    assert behind.wait(30)
    assert pile.done == ["one"]


def test_a_block_that_fails_when_it_is_left_does_not_keep_the_worker_from_rest(caplog):
    @contextmanager
    def during():
        yield
        raise StoreUnavailable("the lock is gone")

    behind = Background("halo-left", lambda: False, during=during)
    behind.wake()
    assert behind.wait(30)
    assert "halo-left: the end of the work could not be noted" in caplog.text
