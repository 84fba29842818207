"""The config.json of a data directory, of which single sections are changed while the app runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from halo_app.errors import BadSetting
from halo_app.storage.atomic import worded, write_atomic


class ConfigFile:
    """`lock` is held while the file is changed, by one process at a time. Raises BadSetting, StoreUnavailable."""

    def __init__(self, path: Path, lock: Callable[[], AbstractContextManager[Any]]) -> None:
        self.path = path
        self._lock = lock

    def section(self, name: str) -> Mapping[str, object]:
        """Return what stands in a section; {} when nothing does."""
        found = self._read().get(name, {})
        return found if isinstance(found, dict) else {}

    def change(self, name: str, values: Mapping[str, object]) -> None:
        """Put values into a section, beside those that stand there, durable on return."""
        with self._lock():
            tree = self._read()
            tree[name] = {**tree.get(name, {}), **values}
            write_atomic(self.path, json.dumps(tree, ensure_ascii=False, indent=2).encode() + b"\n")

    def _read(self) -> dict[str, Any]:
        try:
            tree = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise worded(error, self.path.name, self.path.parent) from error
        except ValueError as error:
            raise BadSetting(f"{self.path} is not valid JSON: {error}", fix="correct the line it names, or remove the file") from None
        if not isinstance(tree, dict):
            raise BadSetting(f"{self.path} must hold one JSON object", fix="write {} around the settings")
        return tree
