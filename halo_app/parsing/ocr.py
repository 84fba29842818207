"""Read the text in pictures with Tesseract, when it is installed."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MISSING = "text in pictures was not read: install the package tesseract-ocr and retry"
_MOST_LANGUAGES = 6          # each one makes reading slower
_CLEAR_PERCENT = 45          # a line read with less confidence on average is not text that can be relied on
_SURE_PERCENT = 75           # a word read with this confidence is hardly ever wrong
_SURE_SHARE = 0.5            # upright text had 0.96 and more of its letters in such words, turned text 0.15
_LEAST_LETTERS = 12          # fewer tell nothing about how the picture lies
_SIDE_PX = (2000, 6000)      # smaller pictures are enlarged, up to three times, and larger ones reduced: both read better


@dataclass(frozen=True, slots=True)
class Recognised:
    """The lines that could be read clearly, paragraphs apart by a blank line, and how many could not."""

    text: str
    unclear_lines: int
    letters: int = 0             # in words of at least three letters
    sure_letters: int = 0        # of those, in words read with high confidence

    @property
    def doubtful(self) -> bool:
        """Say whether most of it was guessed, as happens when the picture does not stand upright."""
        return self.letters >= _LEAST_LETTERS and self.sure_letters < _SURE_SHARE * self.letters

    @property
    def remark(self) -> str:
        """Say how the text was read and what was left out."""
        found = "read from the picture by OCR" if self.text else "no text was found in the picture by OCR"
        left_out = f"; {self.unclear_lines} unclear lines were left out" if self.unclear_lines else ""
        return f"{found} ({'+'.join(languages())}){left_out}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was read, and its box: left, top, right, bottom as shares of the picture."""

    text: str
    box: tuple[float, float, float, float]


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
    """Return the text in a picture in reading order; a picture that lies on its side or its head is turned upright.

    Raises subprocess.TimeoutExpired after `seconds`, and MemoryError when Tesseract fails.
    """
    until = time.monotonic() + seconds
    picture = _at_reading_size(picture.convert("L"))
    done = _tesseract(picture, until, "-l", "+".join(languages()), "--psm", "3", "tsv")
    if done.returncode:
        raise MemoryError("Tesseract stopped")
    found = _clear_lines(done.stdout.decode("utf-8", "replace"))
    if found.doubtful and (degrees := _turned_by(picture, until)):
        upright = picture.rotate(-degrees, expand=True, fillcolor="white")
        done = _tesseract(upright, until, "-l", "+".join(languages()), "--psm", "3", "tsv")
        turned = _clear_lines(done.stdout.decode("utf-8", "replace"))
        return turned if turned.sure_letters > found.sure_letters else found
    return found


def words(picture: Image, seconds: float) -> list[Word]:
    """Return the clearly read words of a picture that stands upright, in reading order, with their boxes.

    Raises subprocess.TimeoutExpired after `seconds`, and MemoryError when Tesseract fails.
    """
    picture = _at_reading_size(picture.convert("L"))
    done = _tesseract(picture, time.monotonic() + seconds, "-l", "+".join(languages()), "--psm", "3", "tsv")
    if done.returncode:
        raise MemoryError("Tesseract stopped")
    width, height = picture.size
    found = []
    for rows in _lines(done.stdout.decode("utf-8", "replace")).values():
        if sum(float(row["conf"]) for row in rows) / len(rows) >= _CLEAR_PERCENT:
            for row in rows:
                left, top, wide, high = (int(row[name]) for name in ("left", "top", "width", "height"))
                found.append(Word(row["text"], (left / width, top / height, (left + wide) / width, (top + high) / height)))
    return found


def _tesseract(picture: Image, until: float, *options: str) -> subprocess.CompletedProcess[bytes]:
    page = BytesIO()
    picture.save(page, "PNG", compress_level=1)
    command = [str(shutil.which("tesseract")), "stdin", "stdout", *options]
    left = max(until - time.monotonic(), 0.01)
    return subprocess.run(command, input=page.getvalue(), capture_output=True, timeout=left, check=False)  # noqa: S603 - no shell


def _turned_by(picture: Image, until: float) -> int:
    """Return by how many degrees, clockwise, the picture must be turned to stand upright; 0 when that cannot be told."""
    done = _tesseract(picture, until, "--psm", "0", "-c", f"min_characters_to_try={_LEAST_LETTERS}")
    found = re.search(rb"^Rotate: (90|180|270)\b", done.stdout, re.MULTILINE)
    return int(found.group(1)) if found else 0


def _at_reading_size(picture: Image) -> Image:
    from PIL.Image import Resampling

    least, most = _SIDE_PX
    side = max(picture.size)
    scale = min(3.0, least / side) if side < least else min(1.0, most / side)
    if scale == 1.0:
        return picture
    width, height = (max(1, round(length * scale)) for length in picture.size)
    return picture.resize((width, height), Resampling.LANCZOS)


def _lines(table: str) -> dict[tuple[str, ...], list[dict[str, str]]]:
    """Return the words of each line as Tesseract's table tells them."""
    lines: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for row in csv.DictReader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if row["level"] == "5" and (row["text"] or "").strip():
            lines.setdefault((row["block_num"], row["par_num"], row["line_num"]), []).append(row)
    return lines


def _clear_lines(table: str) -> Recognised:
    lines = {key: [(float(row["conf"]), row["text"]) for row in rows] for key, rows in _lines(table).items()}
    text, paragraph, unclear = "", ("", ""), 0
    words = [(confidence, len(word)) for found in lines.values() for confidence, word in found if len(word) > 2]
    for (block, par, _), found in lines.items():
        if sum(confidence for confidence, _ in found) / len(found) < _CLEAR_PERCENT:
            unclear += 1
            continue
        gap = "\n" if paragraph == (block, par) else "\n\n"
        text += (gap if text else "") + " ".join(word for _, word in found)
        paragraph = (block, par)
    sure = sum(length for confidence, length in words if confidence >= _SURE_PERCENT)
    return Recognised(text, unclear, sum(length for _, length in words), sure)
