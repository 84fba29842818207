"""PDF: text by page in reading order, comments, form fields, attachments, outline and properties."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import HaloError, PasswordProtected, TooLarge, UnreadableFile
from halo_app.parsing import ocr
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.hyphens import join_broken, mark_broken
from halo_app.parsing.pdf_pictures import DETAIL, PagePictures
from halo_app.parsing.pdf_text import page_text
from halo_app.plugins import Limits

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

_PROPERTIES = ("Title", "Author", "Subject", "Keywords")
_OCR_DOTS_PER_INCH = 300
_OCR_PIXELS = 30_000_000
_OCR_SHARE = 0.75            # of the time limit may go to reading pictures of pages
_PICTURE_SHARE = 0.25        # of the time limit may go to pictures between text
_SCANT_CHARS = 40            # a page with a picture and fewer characters than this is read as a picture too


@dataclass(frozen=True)
class Pdf:
    """PDF by PDFium: pages are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"pdf": "pdf"})
    about: str = "text by page, scanned pages by OCR, comments, form fields, attached texts, outline, properties; places are pages"
    libraries: tuple[str, ...] = ("pypdfium2", "PIL.Image")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        from pypdfium2 import PdfiumError

        started = time.monotonic()
        document = open_pdf(path, name)
        count = len(document)
        if count > limits.pages:
            raise TooLarge(f"“{name}” has {count:,} pages; {limits.pages:,} is the limit", fix="split the file into parts")
        texts, damaged = _texts(document)
        blank = [number for number, text in enumerate(texts, start=1) if not text.strip() and number not in damaged]
        sound = [number for number in range(1, count + 1) if number not in damaged]
        pictured = [number for number in sound if _is_picture(document[number - 1], texts[number - 1])]
        remarks = _read_pictures(document, texts, pictured, started + _OCR_SHARE * limits.seconds)
        builder = TextBuilder(name, limits)
        until = min(time.monotonic() + _PICTURE_SHARE * limits.seconds, started + _OCR_SHARE * limits.seconds)
        pictures = PagePictures(document, until, skipped=damaged.union(pictured))
        starts = _add_pages(builder, document, join_broken(texts), damaged, pictures)
        remarks += pictures.remarks
        with suppress(PdfiumError):          # a broken outline or attachment must not cost the pages
            _add_outline(builder, document, starts)
        with suppress(PdfiumError):
            _add_attachments(builder, document)
        properties = document.get_metadata_dict(skip_empty=True)
        for key in _PROPERTIES:
            builder.property(key, properties.get(key, ""))
        if blank:
            remarks.insert(0, f"without a text layer: {_pages(blank)}")
        if damaged:
            remarks.insert(0, f"damaged and not read: {_pages(sorted(damaged))}")
        return builder.build(title=properties.get("Title", ""), pages=count, blank_pages=blank, remarks=remarks, may_be_empty=True)


def open_pdf(path: Path, name: str) -> PdfDocument:
    """Return the opened document. Raises PasswordProtected or UnreadableFile."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise PasswordProtected(f"“{name}” is protected by a password", fix="remove the password and add the file again") from None
        raise UnreadableFile(f"“{name}” is cut short or damaged: it cannot be opened as PDF",
                             fix="open and save it again in the program it came from") from None
    if document.get_formtype():
        document.init_forms()            # before any page is loaded: what is filled in can be read and drawn
    return document


def _texts(document: PdfDocument) -> tuple[list[str], set[int]]:
    """Return every page's text layer, and the numbers (from 1) of pages that are damaged; their text is ""."""
    from pypdfium2 import PdfiumError

    texts, damaged = [], set()
    for number in range(len(document)):
        try:
            texts.append(page_text(document[number]))
        except PdfiumError:
            texts.append("")
            damaged.add(number + 1)
    return texts, damaged


def _is_picture(page: PdfPage, text: str) -> bool:
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    if len(text.strip()) >= _SCANT_CHARS:
        return False
    if not text.strip():
        return next(iter(page.get_objects(max_depth=3)), None) is not None
    return any(True for _ in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE], max_depth=3))


def _read_pictures(document: PdfDocument, texts: list[str], numbers: list[int], until: float) -> list[str]:
    """Put what Tesseract reads into `texts` for the given pages (from 1), and return remarks about what it could not."""
    import subprocess

    if not numbers:
        return []
    if not ocr.languages():
        return [f"{_pages(numbers)}: {ocr.MISSING}"]
    for done, number in enumerate(numbers):
        left = until - time.monotonic()
        try:
            if left <= 0:
                raise subprocess.TimeoutExpired("tesseract", 0)
            found = ocr.recognise(drawn(document[number - 1]), left)
        except subprocess.TimeoutExpired:
            return [f"{_pages(numbers[done:])}: not read, the time limit was reached", *_read_by_ocr(numbers[:done])]
        if len(found.text) > len(texts[number - 1]):
            texts[number - 1] = mark_broken(found.text)
    return _read_by_ocr(numbers)


def drawn(page: PdfPage) -> Image:
    """Return the page as a grey picture at the resolution that Tesseract reads best, a poster-sized one at less."""
    width, height = page.get_size()
    scale = min(_OCR_DOTS_PER_INCH / 72, (_OCR_PIXELS / max(width * height, 1)) ** 0.5)
    return cast("Image", page.render(scale=scale, grayscale=True).to_pil())


def _read_by_ocr(numbers: list[int]) -> list[str]:
    return [f"{_pages(numbers)}: read from the picture by OCR ({'+'.join(ocr.languages())})"] if numbers else []


def _add_pages(
    builder: TextBuilder, document: PdfDocument, texts: list[str], damaged: set[int], pictures: PagePictures,
) -> list[int]:
    starts = []
    for number, text in enumerate(texts, start=1):
        starts.append(builder.add(text, Locator(Place.PAGE, str(number)), gap="\n\n")[0])
        for detail, note in _notes(document, number) if number not in damaged else ():
            builder.add(note, Locator(Place.PAGE, str(number), detail))
        for words in pictures.texts(number):
            builder.add(words, Locator(Place.PAGE, str(number), DETAIL), gap="\n\n")
    return starts


def _notes(document: PdfDocument, number: int) -> Iterator[tuple[str, str]]:
    """Yield (detail, text) of a page's comments and filled-in form fields."""
    from pypdfium2 import raw

    page = document[number - 1]
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            if kind == raw.FPDF_ANNOT_WIDGET and document.formenv:
                label = _string(raw.FPDFAnnot_GetFormFieldName, document.formenv, note)
                yield f"field {label}" if label else "field", _string(raw.FPDFAnnot_GetFormFieldValue, document.formenv, note)
            elif kind not in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP):
                label = _string(raw.FPDFAnnot_GetStringValue, note, b"T")
                yield f"comment by {label}" if label else "comment", _string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
        finally:
            raw.FPDFPage_CloseAnnot(note)


def _string(read: Callable[..., int], *about: object) -> str:
    """Return the text that a PDFium call writes when given a buffer and its length after `about`."""
    import ctypes

    from pypdfium2 import raw

    length = read(*about, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    read(*about, ctypes.cast(buffer, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")


def _add_outline(builder: TextBuilder, document: PdfDocument, starts: list[int]) -> None:
    for line in document.get_toc(max_depth=8):
        target = line.get_dest()
        page = target.get_index() if target else None
        if page is not None and 0 <= page < len(starts):
            builder.mark(line.get_title(), line.level + 1, starts[page])


def _add_attachments(builder: TextBuilder, document: PdfDocument) -> None:
    from halo_app.parsing.encodings import decode
    from halo_app.parsing.sniffing import HEAD_BYTES, looks_like_text

    for index in range(document.count_attachments()):
        attachment = document.get_attachment(index)
        name = attachment.get_name()
        data = bytes(attachment.get_data())
        if data and looks_like_text(data[:HEAD_BYTES]):
            try:
                text, _ = decode(data, name)
            except HaloError:
                continue
            builder.add(text, Locator(Place.PART, f"attachment {name}"), gap="\n\n")


def _pages(numbers: list[int]) -> str:
    """Return `p. 3` or `pp. 1–4, 7`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in spans)
    return f"p. {shown}" if len(numbers) == 1 else f"pp. {shown}"


PARSER = Pdf()
