"""Read the text in pictures that stand on PDF pages between other text, a few of them and not for long."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from halo_app.parsing import ocr
from halo_app.parsing.hyphens import join_broken, mark_broken

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfImage, PdfPage, PdfTextPage

DETAIL = "text in picture"
_MOST_PICTURES = 16
_LEAST_SIDES_PT = (18, 72)         # the shorter and the longer side on paper; smaller pictures are icons
_LEAST_SIDES_PX = (40, 120)
_MOST_PIXELS = 40_000_000
_MOST_LETTERS = 8                  # of the page's own text upon a picture; with more of it the picture is ground, or read already
_WORD = re.compile(r"[^\W\d_]{3,}")
_LEAST_WORDS = 2                   # fewer are more often shapes than words


@dataclass
class PagePictures:
    """Reads pictures page by page until the time (of `time.monotonic`) or their number is used up.

    Pages in `skipped` (from 1) are read in another way. `read` counts the pictures with text, `left` those that were
    not looked at any more.
    """

    document: PdfDocument
    until: float
    skipped: Collection[int] = ()
    read: int = 0
    left: int = 0
    _tried: int = field(default=0, init=False)

    def texts(self, number: int) -> Iterator[str]:
        """Yield the text in each picture of page `number` (from 1) that the page's own text does not repeat."""
        if number in self.skipped or not ocr.languages():
            return
        page = self.document[number - 1]
        pictures = list(_pictures(page))
        if not pictures:
            return
        own = page.get_textpage()
        for picture in pictures:
            if not _bare(picture, own):
                continue
            if self._tried >= _MOST_PICTURES or time.monotonic() >= self.until:
                self.left += 1
            elif text := self._recognised(picture):
                self.read += 1
                yield text

    @property
    def remarks(self) -> list[str]:
        """What the reader should know about the pictures."""
        found = [f"{self.read} picture{'s' * (self.read > 1)}: text read by OCR ({'+'.join(ocr.languages())})"] if self.read else []
        return found + ([f"{self.left} pictures were not searched for text"] if self.left else [])

    def _recognised(self, picture: PdfImage) -> str:
        from pypdfium2 import PdfiumError

        self._tried += 1
        try:
            drawn = picture.get_bitmap(render=True).to_pil()
            found = ocr.recognise(drawn, max(self.until - time.monotonic(), 0.01))
        except (PdfiumError, OSError, ValueError, MemoryError, subprocess.TimeoutExpired):
            return ""
        text = join_broken([mark_broken(found.text)])[0]
        return text if not found.doubtful and len(_WORD.findall(text)) >= _LEAST_WORDS else ""


def _pictures(page: PdfPage) -> Iterator[PdfImage]:
    """The pictures of a page that are large enough to hold words."""
    from pypdfium2 import PdfImage
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3):
        if not isinstance(picture, PdfImage):
            continue
        left, bottom, right, top = picture.get_bounds()
        on_paper, in_pixels = sorted((right - left, top - bottom)), sorted(picture.get_px_size())
        large = all(side >= least for sides, leasts in ((on_paper, _LEAST_SIDES_PT), (in_pixels, _LEAST_SIDES_PX))
                    for side, least in zip(sides, leasts, strict=True))
        if large and in_pixels[0] * in_pixels[1] <= _MOST_PIXELS:
            yield picture


def _bare(picture: PdfImage, own: PdfTextPage) -> bool:
    """Say whether the page's own text leaves the picture free."""
    left, bottom, right, top = picture.get_bounds()
    return len("".join(own.get_text_bounded(left, bottom, right, top).split())) <= _MOST_LETTERS
