"""Work an iterable off in a thread of its own, a little ahead of the one who takes from it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Ahead(Generic[Item]):
    """Iterated inside its `with` block: the items come in order, and an error comes in place of the item that failed.

    `items` is given a call that says whether the taker has gone; when the block is left, the thread is waited for.
    `weight` is how much an item counts until it is taken; the thread rests while `most` or more waits.
    """

    def __init__(self, items: Callable[[Callable[[], bool]], Iterable[Item]], *, weight: Callable[[Item], int], most: int) -> None:
        self._items, self._weight, self._most = items, weight, most
        self._made: deque[tuple[Item, int]] = deque()
        self._waiting = 0
        self._moved = Condition()
        self._gone = Event()
        self._is_done = False
        self._failed: BaseException | None = None
        self._thread = Thread(target=self._work, name="halo-ahead", daemon=True)

    def __enter__(self) -> Iterator[Item]:
        self._thread.start()
        return self._taken()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        with self._moved:
            self._gone.set()
            self._moved.notify_all()
        self._thread.join()

    def _taken(self) -> Iterator[Item]:
        while True:
            with self._moved:
                self._moved.wait_for(lambda: self._made or self._is_done)
                if not self._made:
                    break
                item, weight = self._made.popleft()
                self._waiting -= weight
                self._moved.notify_all()
            yield item
        if self._failed:
            raise self._failed

    def _work(self) -> None:
        try:
            for item in self._items(self._gone.is_set):
                if not self._put(item):
                    return
        except BaseException as error:  # noqa: BLE001  it rises where the items are taken
            self._failed = error
        finally:
            with self._moved:
                self._is_done = True
                self._moved.notify_all()

    def _put(self, item: Item) -> bool:
        weight = self._weight(item)
        with self._moved:
            self._made.append((item, weight))
            self._waiting += weight
            self._moved.notify_all()
            self._moved.wait_for(lambda: self._waiting < self._most or self._gone.is_set())
        return not self._gone.is_set()
