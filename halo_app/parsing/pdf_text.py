"""The text of a PDF page as people read it: PDFium's order, whole lines, whole letters."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from halo_app.parsing.hyphens import BROKEN_MARK

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

_LIGATURES = {
    "ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st",
    "\u00a0": " ", "\u00ad": "", "\u200b": "", "\uf0b7": "•", "\uf0a7": "▪",
}
_ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "˜": "\u0303", "˘": "\u0306", "ˇ": "\u030c", "˚": "\u030a",
    "¸": "\u0327", "˛": "\u0328", "˝": "\u030b", "¯": "\u0304", "˙": "\u0307",
}
_PDFIUM_BROKEN = 2           # the code of a hyphen at a line's end, with the break itself left out
_NEAR = 5                    # an accent drawn apart belongs to a letter at most this many characters away
_SAME_LINE = 0.3             # share of the lower height by which two boxes must overlap to stand on one line
_WORD_GAP = 0.15             # in font heights: less is inside a word
_FAR = 1.5                   # in font heights: more is another column
_BACK = 0.7                  # in font heights: a sign under a superscript begins a little to the left of its end


@dataclass(frozen=True, slots=True)
class Box:
    """Where a character stands, in points from the lower left corner."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 0.1)


def characters(textpage: Any) -> list[str]:
    """Return the page's characters one by one, in PDFium's order; index i is PDFium's character index i."""
    from pypdfium2 import raw

    codes: list[int] = [raw.FPDFText_GetUnicode(textpage, index) for index in range(textpage.count_chars())]
    return [_character(code) for code in codes]


def page_text(page: PdfPage) -> str:
    """Return the page's text layer, "" when it has none. Words broken at line ends still carry `hyphens.BROKEN_MARK`.

    PDFium begins a new line where a superscript or an accent is set, and writes such accents beside their letter;
    both are put right by where the characters stand on the page.
    """
    textpage = page.get_textpage()
    chars = characters(textpage)
    boxes = _Boxes(textpage)
    _compose_accents(chars, boxes)
    _mend_lines(chars, boxes)
    textpage.close()
    text = "".join(_LIGATURES.get(char, char) for char in chars)
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")).strip("\n")


def _character(code: int) -> str:
    if code == _PDFIUM_BROKEN:
        return BROKEN_MARK
    return "\ufffd" if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF else chr(code)


class _Boxes:
    """Looks up boxes, each by a call into PDFium, and keeps none."""

    def __init__(self, textpage: Any) -> None:
        self._page = textpage

    def ink(self, index: int) -> Box:
        """Return the box around the drawn character."""
        left, bottom, right, top = self._page.get_charbox(index)
        return Box(left, right, bottom, top)

    def full(self, index: int) -> Box:
        """Return the box of the character's line height and advance."""
        left, bottom, right, top = self._page.get_charbox(index, loose=True)
        return Box(left, right, bottom, top)


def _compose_accents(chars: list[str], boxes: _Boxes) -> None:
    """Unite accents drawn apart with the letter under (or over) them, in place: `u ¨` becomes `ü`."""
    for index, char in enumerate(chars):
        if char not in _ACCENTS:
            continue
        accent = boxes.ink(index)
        middle = (accent.left + accent.right) / 2
        for near in _nearest_first(index, len(chars)):
            letter = "i" if chars[near] == "ı" else chars[near]
            united = unicodedata.normalize("NFC", letter + _ACCENTS[char])
            if len(united) == 1 and letter.isalpha() and _stands_over(boxes.ink(near), middle, accent):
                chars[near], chars[index] = united, ""
                if index and chars[index - 1] == " " and (index < 2 or near < index):
                    chars[index - 1] = ""
                break


def _nearest_first(index: int, count: int) -> Sequence[int]:
    around = range(max(index - _NEAR, 0), min(index + _NEAR + 1, count))
    return sorted((near for near in around if near != index), key=lambda near: abs(near - index))


def _stands_over(letter: Box, middle: float, accent: Box) -> bool:
    return letter.left - 0.5 <= middle <= letter.right + 0.5 and abs(accent.bottom - letter.top) < 2 * letter.height


def _mend_lines(chars: list[str], boxes: _Boxes) -> None:
    """Take out, in place, line breaks between characters that stand side by side on one line."""
    right = float("-inf")
    last = -1
    for index, char in enumerate(chars):
        if char in "\r\n" or not char.strip():
            if char == "\n" and 0 < index < len(chars) - 1 and last >= 0:
                following = next((at for at in range(index + 1, min(index + 3, len(chars))) if chars[at].strip()), -1)
                if following > 0 and (gap := _side_by_side(last, following, right, boxes)) is not None:
                    chars[index] = " " if gap > _WORD_GAP and chars[following] not in ",.;:)" else ""
                    if chars[index - 1] == "\r":
                        chars[index - 1] = ""
                else:
                    right = float("-inf")
            continue
        last = index
        if index + 2 < len(chars) and (chars[index + 1] == "\r" or chars[index + 2] == "\r"):
            right = max(right, boxes.full(index).right, _widest(chars, index, boxes))


def _widest(chars: list[str], index: int, boxes: _Boxes) -> float:
    """Return how far right the few characters before `index` on its line reach; accents may stand before their end."""
    return max((boxes.full(at).right for at in range(max(index - 3, 0), index) if chars[at].strip()), default=float("-inf"))


def _side_by_side(last: int, following: int, right: float, boxes: _Boxes) -> float | None:
    """Return the gap in font heights when the two characters share a line and follow each other, else None."""
    before, after = boxes.full(last), boxes.full(following)
    lower = min(before.height, after.height)
    overlap = min(before.top, after.top) - max(before.bottom, after.bottom)
    gap = (after.left - max(right, before.right)) / max(before.height, after.height)
    return gap if overlap >= _SAME_LINE * lower and -_BACK <= gap <= _FAR and after.left > before.left - lower else None
