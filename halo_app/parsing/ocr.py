"""Read the text in pictures with Tesseract, when it is installed."""

from __future__ import annotations

import shutil
import subprocess
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MISSING = "text in pictures was not read: install the package tesseract-ocr and retry"
_MOST_LANGUAGES = 6          # each one makes reading slower


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the installed language codes (`eng`, `kor`), English first; empty when Tesseract is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return ()
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603
    codes = [line.strip() for line in listed.stdout.splitlines()[1:] if line.strip() and line.strip() not in ("osd", "equ")]
    return tuple(sorted(codes, key=lambda code: (code != "eng", code)))[:_MOST_LANGUAGES]


def read_picture(picture: Image, seconds: float) -> str:
    """Return the text in the picture, lines in reading order, paragraphs apart; "" when there is none.

    Raises subprocess.TimeoutExpired after `seconds`, and MemoryError when Tesseract fails.
    """
    from io import BytesIO

    page = BytesIO()
    picture.convert("L").save(page, "PNG", compress_level=1)
    command = [str(shutil.which("tesseract")), "stdin", "stdout", "-l", "+".join(languages()), "--psm", "3"]
    done = subprocess.run(command, input=page.getvalue(), capture_output=True, timeout=seconds, check=False)  # noqa: S603
    if done.returncode:
        raise MemoryError("Tesseract stopped")
    return done.stdout.decode("utf-8", "replace").replace("\x0c", "").strip()
