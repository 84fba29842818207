"""Keep the values used last in this process's memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any


class LruCache:
    """At most `size` values; the one unused for longest goes first. Size 0 keeps nothing. Safe for several threads."""

    def __init__(self, size: int) -> None:
        if size < 0:
            raise ValueError(f"size={size}: 0 or more")
        self._size = size
        self._values: OrderedDict[str, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str) -> Any | None:
        """Return the value, which is then the last to go, or None."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key]

    def put(self, key: str, value: Any) -> None:
        """Keep the value; the oldest goes when there are too many."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._size:
                self._values.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()

    def __len__(self) -> int:
        return len(self._values)
