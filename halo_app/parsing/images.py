"""Pictures: the text in them by OCR, and what their metadata says."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import TooLarge, UnreadableFile
from halo_app.parsing import ocr
from halo_app.parsing.building import TextBuilder, clean
from halo_app.parsing.hyphens import join_broken, mark_broken
from halo_app.plugins import Limits

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

_EXIF_TEXTS = ("ImageDescription", "DocumentName", "Artist", "Copyright", "UserComment", "Make", "Model", "DateTimeOriginal",
               "XPTitle", "XPSubject", "XPComment", "XPAuthor", "XPKeywords")
_EXIF_DETAILS = 0x8769
_COMMENT_CODES = {b"ASCII\x00\x00\x00": "utf-8", b"UNICODE\x00": "utf-16", b"JIS\x00\x00\x00\x00\x00": "iso2022_jp"}
_PRESS_TEXTS = {
    (2, 5): "title", (2, 25): "keywords", (2, 80): "author", (2, 105): "headline", (2, 116): "copyright", (2, 120): "caption",
}
_XMP_PLAIN = frozenset({
    "title", "description", "creator", "subject", "rights", "Headline", "Caption", "UserComment", "Label", "AltTextAccessibility",
    "ExtDescrAccessibility", "Credit", "Source", "City", "Country", "State", "Location", "Event", "PersonInImage",
})
_NOT_TEXT = frozenset({"XML:com.adobe.xmp", "Raw profile type exif", "Raw profile type xmp", "Raw profile type iptc", "xmp"})
_LIGHT = 190                 # of 255; drawings as light as this cannot be seen on white
_DRAWN_SHARE = 0.5           # more than this of the picture filled: it brings its own ground
_OCR_SHARE = 0.75            # of the time limit may go to reading the pictures


@dataclass(frozen=True)
class Images:
    """Pictures: their text is one place each (a page each in a TIFF of several), their metadata are properties."""

    types: Mapping[str, str] = field(default_factory=lambda: {
        "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "webp": "webp", "tif": "tiff", "tiff": "tiff",
        "gif": "gif", "bmp": "bmp"})
    about: str = "the text in the picture (with Tesseract installed), EXIF, XMP, IPTC and PNG texts as properties"
    libraries: tuple[str, ...] = ("PIL.Image", "PIL.ImageOps", "PIL.ExifTags", "defusedxml.ElementTree")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        from PIL import Image, UnidentifiedImageError

        until = time.monotonic() + _OCR_SHARE * limits.seconds
        Image.MAX_IMAGE_PIXELS = None                  # our own limit, below, refuses where Pillow only warns
        try:
            with Image.open(path) as picture:
                return _read(picture, name, limits, until)
        except UnidentifiedImageError as error:
            raise UnreadableFile(f"“{name}” cannot be opened as a picture", fix="save it again in the program it came from") from error
        except (OSError, SyntaxError, ValueError) as error:
            raise UnreadableFile(f"“{name}” is cut short or damaged: {error}", fix="check the original and add it again") from error


def _read(picture: Image, name: str, limits: Limits, until: float) -> Parsed:
    count = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
    if count > limits.pages:
        raise TooLarge(f"“{name}” has {count:,} pages; {limits.pages:,} is the limit", fix="split the file into parts")
    builder = TextBuilder(name, limits)
    remarks: list[str] = []
    for number in range(1, count + 1):
        picture.seek(number - 1)
        width, height = picture.size
        if width * height > limits.pixels:
            raise TooLarge(f"“{name}” has {width:,} × {height:,} pixels; {limits.pixels:,} in all is the limit",
                           fix="make the picture smaller")
        picture.load()
        if not ocr.languages():
            remarks = [ocr.MISSING]
            continue
        try:
            found = ocr.recognise(prepared(picture), max(until - time.monotonic(), 0.01))
        except subprocess.TimeoutExpired:
            remarks.append(f"the text in the picture was not read from page {number} on: the time limit was reached")
            break
        place = Locator(Place.IMAGE, "text in picture") if count == 1 else Locator(Place.PAGE, str(number), "text in picture")
        builder.add(join_broken([mark_broken(found.text)])[0], place, gap="\n\n")
        remarks.append(found.remark if count == 1 else f"p. {number}: {found.remark}")
    picture.seek(0)
    for key, value in _properties(picture):
        builder.property(key, value)
    return builder.build(pages=count if count > 1 else None, remarks=remarks, may_be_empty=True)


def prepared(picture: Image) -> Image:
    """Return the picture upright, in grey, on white; light drawings on clear ground on black."""
    from PIL import Image, ImageOps, ImageStat

    upright = ImageOps.exif_transpose(picture)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        opaque = upright.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
        drawn = ImageStat.Stat(upright.convert("L"), opaque)
        light = drawn.count[0] > 0 and drawn.mean[0] > _LIGHT and drawn.count[0] < _DRAWN_SHARE * upright.width * upright.height
        paper = Image.new("RGBA", upright.size, "black" if light else "white")
        paper.alpha_composite(upright)
        upright = paper
    return upright.convert("L")


def _properties(picture: Image) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of all metadata, each text once per name."""
    seen: set[tuple[str, str]] = set()
    for key, value in (*_exif(picture), *_press(picture), *_xmp(picture), *_own_texts(picture)):
        pair = key, clean(value).strip()
        if pair[1] and pair not in seen:
            seen.add(pair)
            yield pair


def _exif(picture: Image) -> Iterator[tuple[str, str]]:
    from PIL.ExifTags import TAGS

    exif = picture.getexif()
    for number, value in (*exif.items(), *exif.get_ifd(_EXIF_DETAILS).items()):
        name = TAGS.get(number, "")
        if name in _EXIF_TEXTS:
            yield f"EXIF {name}", _exif_text(name, value)


def _exif_text(name: str, value: Any) -> str:
    if name.startswith("XP"):
        data = bytes(value) if not isinstance(value, str) else b""
        return data.decode("utf-16-le", "replace").rstrip("\x00") if data else str(value)
    if isinstance(value, bytes):
        encoding = _COMMENT_CODES.get(value[:8])
        return (value[8:].decode(encoding, "replace") if encoding else value.decode("utf-8", "replace")).strip("\x00 ")
    return str(value).strip("\x00 ")


def _press(picture: Image) -> Iterator[tuple[str, str]]:
    from PIL.IptcImagePlugin import getiptcinfo

    for number, values in (getiptcinfo(cast("ImageFile", picture)) or {}).items():
        name = _PRESS_TEXTS.get(number)
        if name:
            for value in values if isinstance(values, list) else [values]:
                yield f"IPTC {name}", value.decode("utf-8", "replace")


def _xmp(picture: Image) -> Iterator[tuple[str, str]]:
    packet = picture.info.get("xmp") or picture.info.get("XML:com.adobe.xmp")
    if not packet:
        return
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(packet if isinstance(packet, str) else bytes(packet).strip(b"\x00 \n"))
    except (ParseError, DefusedXmlException, ValueError):
        return
    for element in root.iter():
        for key, value in element.attrib.items():
            if _bare(key) in _XMP_PLAIN:
                yield f"XMP {_bare(key)}", value
        if _bare(element.tag) in _XMP_PLAIN:
            for text in element.itertext():
                if text.strip():
                    yield f"XMP {_bare(element.tag)}", text


def _bare(tag: str) -> str:
    return tag.rpartition("}")[2]


def _own_texts(picture: Image) -> Iterator[tuple[str, str]]:
    kind = picture.format or "picture"
    for key, value in getattr(picture, "text", {}).items():
        if key not in _NOT_TEXT:
            yield f"{kind} {key}", str(value)
    comment = picture.info.get("comment")
    if comment:
        yield f"{kind} comment", comment.decode("utf-8", "replace") if isinstance(comment, bytes) else str(comment)


PARSER = Images()
