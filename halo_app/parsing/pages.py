"""Pictures of PDF pages with the quoted words boxed."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halo_app.errors import NotFound
from halo_app.parsing.hyphens import BROKEN_MARK
from halo_app.parsing.pdf import open_pdf
from halo_app.parsing.pdf_text import characters
from halo_app.ports import PagePicture

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfBitmap, PdfPage

_PAPER = (0xFF, 0xE9, 0x9C)          # the marker's colour, multiplied with the page so that the words stay black
_EDGE = (0xD9, 0xB4, 0x4A)
_MARGIN_PX = 2
_WIDTH_PX = (100, 3000)
_HEIGHT_PX = 6000
_PART_CHARS = 24                     # of a quote that runs over the page's edge, at least this much must stand on the page
Pixels = tuple[int, int, int, int]   # left, top, right, bottom
_HYPHENS = frozenset("-\u2010\u2011\u00ad" + BROKEN_MARK)


def page_picture(path: Path, page_number: int, quote: str = "", *, width_px: int = 900, name: str = "") -> PagePicture:
    """Return the page numbered from 1, `width_px` wide, with the quote boxed line by line.

    White space, line breaks, hyphens and ligatures do not count in finding it; a quote that begins on the page before
    or ends on the next one is boxed as far as it stands here. Raises NotFound for a page that is not there, and
    PasswordProtected or UnreadableFile.
    """
    from io import BytesIO

    document = open_pdf(path, name or path.name)
    if not 1 <= page_number <= len(document):
        raise NotFound(f"“{name or path.name}” has no page {page_number}; it has {len(document)}", fix="choose another page")
    page = document[page_number - 1]
    width, height = page.get_size()
    scale = min(max(_WIDTH_PX[0], min(width_px, _WIDTH_PX[1])) / max(width, 1), _HEIGHT_PX / max(height, 1))
    bitmap = page.render(scale=scale)
    picture = bitmap.to_pil().convert("RGB")
    boxes = quoted(page, bitmap, quote)
    for box in boxes:
        _mark(picture, box)
    png = BytesIO()
    picture.save(png, "PNG", compress_level=3)
    return PagePicture(png.getvalue(), bool(boxes), boxes[0][1] / picture.height if boxes else 0.0)


def quoted(page: PdfPage, bitmap: PdfBitmap, quote: str) -> list[Pixels]:
    """Return the boxes of the quote's lines on the drawn page, by its text layer; none when the quote is not in it."""
    textpage = page.get_textpage()
    position = bitmap.get_posconv(page)
    corners = [(*position.to_bitmap(left, top), *position.to_bitmap(right, bottom))
               for left, bottom, right, top in _boxes(textpage, find(characters(textpage), quote))]
    return lines([(min(x, u), min(y, v), max(x, u), max(y, v)) for x, y, u, v in corners])


def find(chars: list[str], quote: str) -> tuple[int, int]:
    """Return the first and last+1 index of the quote among a page's characters; (0, 0) when it is not there."""
    wanted, _ = _bare(list(quote))
    here, places = _bare(chars)
    if not wanted or not here:
        return 0, 0
    at = here.find(wanted)
    if at >= 0:
        return places[at], places[at + len(wanted) - 1] + 1
    for length in range(min(len(wanted), len(here)) - 1, _PART_CHARS - 1, -1):
        if here.endswith(wanted[:length]):                      # it goes on on the next page
            return places[len(here) - length], places[-1] + 1
        if here.startswith(wanted[-length:]):                   # it began on the page before
            return places[0], places[length - 1] + 1
    return 0, 0


def _bare(chars: list[str]) -> tuple[str, list[int]]:
    """Return the letters that count, in a common form, and for each the index it comes from."""
    letters: list[str] = []
    places: list[int] = []
    for index, char in enumerate(chars):
        for letter in unicodedata.normalize("NFKD", char):
            if letter.isspace() or letter in _HYPHENS or unicodedata.combining(letter) or letter in "´`¨ˆ˜˘ˇ˚¸˛˝¯˙\u200b":
                continue
            letters.append(letter.lower()[:1] or letter)
            places.append(index)
    return "".join(letters), places


def _boxes(textpage: Any, span: tuple[int, int]) -> list[tuple[float, float, float, float]]:
    """Return (left, bottom, right, top) in points, one box per line of the span."""
    start, end = span
    if start >= end:
        return []
    count = textpage.count_rects(start, end - start)
    found = [tuple(textpage.get_rect(index)) for index in range(count)]
    if not found:
        found = [tuple(textpage.get_charbox(index)) for index in range(start, end)]
    return [(left, bottom, right, top) for left, bottom, right, top in found if right > left and top > bottom]


def lines(boxes: list[Pixels]) -> list[Pixels]:
    """Return the boxes with neighbours on one line united, in their order; a new line or column begins a new box."""
    united: list[Pixels] = []
    for left, top, right, bottom in boxes:
        if united:
            before = united[-1]
            height = min(bottom - top, before[3] - before[1])
            overlap = min(bottom, before[3]) - max(top, before[1])
            if overlap > height / 2 and -height < left - before[2] < 2 * height:
                united[-1] = (min(before[0], left), min(before[1], top), max(before[2], right), max(before[3], bottom))
                continue
        united.append((left, top, right, bottom))
    return united


def _mark(picture: Image, box: Pixels) -> None:
    """Draw one box on the picture: marker colour, multiplied, and a slightly darker edge."""
    from PIL import Image, ImageChops, ImageDraw

    left, top, right, bottom = box
    area = (
        max(left - _MARGIN_PX, 0), max(top - _MARGIN_PX, 0),
        min(right + _MARGIN_PX, picture.width), min(bottom + _MARGIN_PX, picture.height),
    )
    if area[0] >= area[2] or area[1] >= area[3]:
        return
    under = picture.crop(area)
    picture.paste(ImageChops.multiply(under, Image.new("RGB", under.size, _PAPER)), area)
    ImageDraw.Draw(picture).rectangle((area[0], area[1], area[2] - 1, area[3] - 1), outline=_EDGE)
