"""The pages of PDFs and pictures for reading: their sizes, each page drawn plainly, and where a quote stands on it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from halo_app.errors import NotFound, TooLarge, UnreadableFile
from halo_app.parsing import ocr
from halo_app.parsing.images import prepared
from halo_app.parsing.pages import Pixels, find, lines, quoted
from halo_app.parsing.pdf import drawn, open_pdf
from halo_app.plugins import Limits
from halo_app.ports import Boxes

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfPage

_WIDTH_PX = (100, 3000)
_HEIGHT_PX = 6000
_HEAD_BYTES = 1024
_FINE = 10_000                # OCR boxes are united on a page of so many steps
_SMALL = 900                  # the width at which a text layer's boxes are measured


def sizes(path: Path, name: str, limits: Limits) -> list[tuple[float, float]]:
    """Return width and height of every page. Raises PasswordProtected, UnreadableFile or TooLarge."""
    if _is_pdf(path):
        document = open_pdf(path, name)
        return [document.get_page_size(number) for number in range(len(document))]
    found = []
    with _opened(path, name, limits) as picture:
        for number in range(_frames(picture)):
            picture.seek(number)
            width, height = picture.size
            turned = picture.getexif().get(0x0112, 1) >= 5          # EXIF: lies on its side
            found.append((float(height), float(width)) if turned else (float(width), float(height)))
    return found


def plain(path: Path, page_number: int, limits: Limits, *, width_px: int = 900, name: str = "") -> bytes:
    """Return the page, numbered from 1, as PNG. Raises NotFound for a page that is not there, and what `sizes` raises."""
    wide = max(_WIDTH_PX[0], min(width_px, _WIDTH_PX[1]))
    if _is_pdf(path):
        page = _page(path, page_number, name)
        width, height = page.get_size()
        scale = min(wide / max(width, 1), _HEIGHT_PX / max(height, 1))
        return _png(page.render(scale=scale).to_pil().convert("RGB"))
    with _opened(path, name, limits) as picture:
        return _png(_upright(picture, page_number, wide, name))


def boxes(path: Path, page_number: int, quote: str, limits: Limits, *, seconds: float, name: str = "") -> Boxes:
    """Return where the quote stands: by the page's text layer, else by reading the picture once more. Raises as `plain` does."""
    if _is_pdf(path):
        page = _page(path, page_number, name)
        bitmap = page.render(scale=_SMALL / max(page.get_size()[0], 1))
        found = quoted(page, bitmap, quote)
        if found:
            shares = [(a / bitmap.width, b / bitmap.height, c / bitmap.width, d / bitmap.height) for a, b, c, d in found]
            return Boxes(tuple(shares))
        return Boxes(_recognised(drawn(page), quote, seconds), by_ocr=True)
    with _opened(path, name, limits) as picture:
        _turn_to(picture, page_number, name)
        return Boxes(_recognised(prepared(picture), quote, seconds), by_ocr=True)


def among(words: Sequence[ocr.Word], quote: str) -> tuple[tuple[float, float, float, float], ...]:
    """Return the boxes of the words that are the quote, united line by line; none when it is not among them."""
    chars, places = [], []
    for index, word in enumerate(words):
        chars += [*word.text, " "]
        places += [index] * (len(word.text) + 1)
    start, end = find(chars, quote)
    if start >= end:
        return ()
    said = [words[index].box for index in range(places[start], places[end - 1] + 1)]
    fine: list[Pixels] = [(round(a * _FINE), round(b * _FINE), round(c * _FINE), round(d * _FINE)) for a, b, c, d in said]
    return tuple((a / _FINE, b / _FINE, c / _FINE, d / _FINE) for a, b, c, d in lines(fine))


def _recognised(picture: Image, quote: str, seconds: float) -> tuple[tuple[float, float, float, float], ...]:
    if not quote.strip() or not ocr.languages():
        return ()
    try:
        return among(ocr.words(picture, seconds), quote)
    except (subprocess.TimeoutExpired, MemoryError):
        return ()                       # then the place is not known, and whoever asked says so


def _page(path: Path, page_number: int, name: str) -> PdfPage:
    document = open_pdf(path, name or path.name)
    if not 1 <= page_number <= len(document):
        raise _no_page(name or path.name, page_number, len(document))
    return document[page_number - 1]


def _upright(picture: Image, page_number: int, wide: int, name: str) -> Image:
    from PIL import Image, ImageOps

    _turn_to(picture, page_number, name)
    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright)
        upright = paper
    upright = upright.convert("RGB")
    upright.thumbnail((wide, _HEIGHT_PX))
    return upright


def _turn_to(picture: Image, page_number: int, name: str) -> None:
    if not 1 <= page_number <= _frames(picture):
        raise _no_page(name, page_number, _frames(picture))
    picture.seek(page_number - 1)


def _frames(picture: Image) -> int:
    return int(getattr(picture, "n_frames", 1)) if picture.format == "TIFF" else 1


@contextmanager
def _opened(path: Path, name: str, limits: Limits) -> Iterator[Image]:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None                      # our own limit refuses where Pillow only warns
    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > limits.pixels:
                raise TooLarge(f"“{name}” has {picture.width:,} × {picture.height:,} pixels", fix="make the picture smaller")
            yield picture
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise UnreadableFile(f"“{name}” cannot be drawn as a picture", fix="download the original and look at it there") from error


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as stream:
        return b"%PDF-" in stream.read(_HEAD_BYTES)


def _png(picture: Image) -> bytes:
    made = BytesIO()
    picture.save(made, "PNG", compress_level=3)
    return made.getvalue()


def _no_page(name: str, page_number: int, count: int) -> NotFound:
    return NotFound(f"“{name}” has no page {page_number}; it has {count}", fix="choose another page")
