"""What is given to be taken in: a name, and bytes that can be opened when their turn comes."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from halo_app.errors import EmptyFile, NotFound, StoreUnavailable

NAME_CHARS = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to be taken in. `origin` is a web address or "pasted text"; an `id` keeps even equal bytes apart from others."""

    name: str
    open: Callable[[], BinaryIO]
    origin: str = ""
    id: str = ""

    @staticmethod
    def from_path(path: Path) -> Upload:
        """A file of this machine; whether it can be opened is found out when its turn comes."""
        return Upload(shown_name(path.name), lambda: _opened(path))

    @staticmethod
    def from_bytes(name: str, content: bytes, *, origin: str = "") -> Upload:
        """A file that a browser sent."""
        return Upload(shown_name(name), lambda: BytesIO(content), origin)

    @staticmethod
    def from_text(title: str, text: str) -> Upload:
        """Pasted text, kept as `title.txt`. Raises EmptyFile when there is none."""
        if not text.strip():
            raise EmptyFile("there is no text to add", fix="paste or type some text first")
        name = title if title.lower().endswith((".txt", ".md")) else f"{title}.txt"
        return Upload.from_bytes(name, text.encode("utf-8", "surrogatepass"), origin="pasted text")


def shown_name(name: str) -> str:
    """Return the last part of a path as a name to be shown: without control signs, at most 255 characters, never empty."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    clean = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign)[0] != "C").strip()
    if len(clean) > NAME_CHARS:
        stem, dot, suffix = clean.rpartition(".")
        clean = f"{stem[:NAME_CHARS - len(suffix) - 1]}{dot}{suffix}" if dot and len(suffix) < 16 else clean[:NAME_CHARS]
    return clean or "untitled"


def from_paths(paths: Iterable[Path]) -> Iterator[Upload]:
    """Yield the files, and every file in the folders below, in name order; hidden ones in folders are left out."""
    for path in paths:
        if not path.is_dir():
            yield Upload.from_path(path)
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(files):
                if not name.startswith("."):
                    yield Upload.from_path(Path(folder) / name)


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise NotFound(f"there is no file {path}", fix="check the path") from None
    except IsADirectoryError:
        raise NotFound(f"{path} is a folder", fix="name a file") from None
    except OSError as error:
        raise StoreUnavailable(f"{path} cannot be read: {error.strerror or error}", fix="check its permissions") from error
