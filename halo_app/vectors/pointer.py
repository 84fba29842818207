"""Which table of the index serves, and which one is being filled: one small file, replaced whole."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass, replace
from pathlib import Path

FILE = "serving.json"


@dataclass(frozen=True, slots=True)
class Pointer:
    """The names of the two tables, the models of their vectors, and a number that no other pointer ever had."""

    epoch: int = 0
    serving: str = ""
    model_id: str = ""
    aside: str = ""
    aside_model_id: str = ""


def read_pointer(folder: Path) -> Pointer:
    """Return the pointer, an empty one when there is none. Raises OSError, ValueError or TypeError when it is damaged."""
    try:
        return Pointer(**json.loads((folder / FILE).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Pointer()


def write_pointer(folder: Path, pointer: Pointer) -> Pointer:
    """Put the pointer in place at once, under a new number, and return it as it then is."""
    pointer = replace(pointer, epoch=secrets.randbits(30) + 1)
    draft = folder / f"{FILE}.{secrets.token_hex(4)}.tmp"
    with draft.open("w", encoding="utf-8") as file:
        json.dump(asdict(pointer), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder / FILE)
    return pointer
