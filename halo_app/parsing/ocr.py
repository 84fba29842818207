"""Read the text in pictures with Tesseract, when it is installed."""

from __future__ import annotations

import csv
import shutil
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MISSING = "text in pictures was not read: install the package tesseract-ocr and retry"
_MOST_LANGUAGES = 6          # each one makes reading slower
_CLEAR_PERCENT = 45          # a line read with less confidence on average is not text that can be relied on
_SIDE_PX = (2000, 6000)      # smaller pictures are enlarged, up to three times, and larger ones reduced: both read better


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines that could be read clearly, paragraphs apart by a blank line, and how many could not."""

    text: str
    unclear_lines: int

    @property
    def remark(self) -> str:
        """Say how the text was read and what was left out."""
        found = "read from the picture by OCR" if self.text else "no text was found in the picture by OCR"
        left_out = f"; {self.unclear_lines} unclear lines were left out" if self.unclear_lines else ""
        return f"{found} ({'+'.join(languages())}){left_out}"


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """Return the installed language codes (`eng`, `kor`), English first; empty when Tesseract is not installed."""
    program = shutil.which("tesseract")
    if program is None:
        return ()
    listed = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False)  # noqa: S603 - found on PATH
    codes = [line.strip() for line in listed.stdout.splitlines()[1:] if line.strip() and line.strip() not in ("osd", "equ")]
    return tuple(sorted(codes, key=lambda code: (code != "eng", code)))[:_MOST_LANGUAGES]


def recognise(picture: Image, seconds: float) -> Recognised:
    """Return the text in a picture in reading order.

    Raises subprocess.TimeoutExpired after `seconds`, and MemoryError when Tesseract fails.
    """
    page = BytesIO()
    _at_reading_size(picture.convert("L")).save(page, "PNG", compress_level=1)
    command = [str(shutil.which("tesseract")), "stdin", "stdout", "-l", "+".join(languages()), "--psm", "3", "tsv"]
    done = subprocess.run(command, input=page.getvalue(), capture_output=True, timeout=seconds, check=False)  # noqa: S603 - no shell
    if done.returncode:
        raise MemoryError("Tesseract stopped")
    return _clear_lines(done.stdout.decode("utf-8", "replace"))


def _at_reading_size(picture: Image) -> Image:
    from PIL.Image import Resampling

    least, most = _SIDE_PX
    side = max(picture.size)
    scale = min(3.0, least / side) if side < least else min(1.0, most / side)
    if scale == 1.0:
        return picture
    width, height = (max(1, round(length * scale)) for length in picture.size)
    return picture.resize((width, height), Resampling.LANCZOS)


def _clear_lines(table: str) -> Recognised:
    lines: dict[tuple[str, ...], list[tuple[float, str]]] = {}
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and (row["text"] or "").strip():
            key = row["block_num"], row["par_num"], row["line_num"]
            lines.setdefault(key, []).append((float(row["conf"]), row["text"]))
    text, paragraph, unclear = "", ("", ""), 0
    for (block, par, _), found in lines.items():
        if sum(confidence for confidence, _ in found) / len(found) < _CLEAR_PERCENT:
            unclear += 1
            continue
        gap = "\n" if paragraph == (block, par) else "\n\n"
        text += (gap if text else "") + " ".join(word for _, word in found)
        paragraph = (block, par)
    return Recognised(text, unclear)
