"""Read the text in the pictures of office documents, a few of them and not for long."""

from __future__ import annotations

import re
import subprocess
import time
import warnings
from io import BytesIO
from typing import TYPE_CHECKING

from halo_app.errors import HaloError
from halo_app.parsing import ocr
from halo_app.parsing.manuscript import flowing
from halo_app.parsing.xml_tree import Element, attribute, descendants
from halo_app.parsing.zipped import Package
from halo_app.plugins import Limits

if TYPE_CHECKING:
    from PIL.Image import Image

DETAIL = "text in picture"
_MOST_PICTURES = 12
_TIME_SHARE = 0.25                         # of the time limit may go to pictures
_LEAST_SIDES_PX = (40, 120)                # the shorter and the longer side; smaller pictures are icons
_MOST_PIXELS = 40_000_000
_SUFFIXES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LEAST_WORDS = 2                           # fewer are more often shapes than words


class EmbeddedPictures:
    """Reads each picture of a package once. `remarks` tells what was read this way or could not be."""

    def __init__(self, package: Package | None, limits: Limits) -> None:
        self._package = package
        self._until = time.monotonic() + _TIME_SHARE * limits.seconds
        self._seen: set[str] = set()
        self._read = self._left = 0

    def text(self, member: str) -> str:
        """Return the text in a picture; "" for the second time, for icons, and for what cannot be read."""
        package = self._package
        if package is None or member in self._seen or not member.lower().endswith(_SUFFIXES) or package.find(member) is None:
            return ""
        self._seen.add(member)
        if not ocr.languages() or self._read >= _MOST_PICTURES or time.monotonic() > self._until:
            self._left += 1
            return ""
        try:
            text = self._recognised(package.read(member))
        except (HaloError, OSError, ValueError, SyntaxError, MemoryError, Warning, subprocess.TimeoutExpired):
            return ""
        self._read += bool(text)
        return text

    def text_of(self, drawing: Element, targets: dict[str, str]) -> str:
        """Return the text in the pictures that an Office drawing shows; `targets` maps relation ids to members."""
        blips = [attribute(blip, "embed") or attribute(blip, "id") for blip in descendants(drawing, "blip", "imagedata")]
        return "\n".join(filter(None, (self.text(targets.get(blip, "")) for blip in blips)))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the reader should know about the pictures."""
        found = [f"{self._read} pictures: text read by OCR ({'+'.join(ocr.languages())})"] if self._read > 1 else []
        found += [f"1 picture: text read by OCR ({'+'.join(ocr.languages())})"] if self._read == 1 else []
        if self._left:
            found.append(ocr.MISSING if not ocr.languages() else f"{self._left} pictures were not searched for text")
        return tuple(found)

    def _recognised(self, data: bytes) -> str:
        from PIL import Image as Images

        with warnings.catch_warnings():
            warnings.simplefilter("error", Images.DecompressionBombWarning)
            picture = Images.open(BytesIO(data))
        sides = sorted(picture.size)
        if sides[0] < _LEAST_SIDES_PX[0] or sides[1] < _LEAST_SIDES_PX[1] or sides[0] * sides[1] > _MOST_PIXELS:
            return ""
        text = flowing(ocr.recognise(_on_white(picture), max(self._until - time.monotonic(), 0.01)).text)
        return text if len(_WORD.findall(text)) >= _LEAST_WORDS else ""


def _on_white(picture: Image) -> Image:
    """A picture with clear parts as it looks on paper."""
    from PIL import Image as Images

    if picture.mode not in ("RGBA", "LA", "PA", "P"):
        return picture.convert("L")
    full = picture.convert("RGBA")
    paper = Images.new("RGBA", full.size, "white")
    return Images.alpha_composite(paper, full).convert("L")
