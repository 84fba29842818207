"""Pictures inside office documents: the text in them is read by OCR where an engine is installed, and remarked on where not."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation
from pptx.util import Emu

from halo_app.parsing import ocr
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests.documents_open import open_document

WORDS = "Harbour tide table"


def sign() -> BytesIO:
    """A picture of three words."""
    picture = Image.new("RGB", (700, 160), "white")
    ImageDraw.Draw(picture).text((40, 50), WORDS, fill="black", font=ImageFont.load_default(60))
    stream = BytesIO()
    picture.save(stream, "PNG")
    stream.seek(0)
    return stream


def in_word(folder: Path) -> Path:
    document = Document()
    document.add_heading("Signs", 1)
    document.add_picture(sign())
    document.add_picture(sign())
    document.save(str(folder / "signs.docx"))
    return folder / "signs.docx"


def in_a_show(folder: Path) -> Path:
    show = Presentation()
    slide = show.slides.add_slide(show.slide_layouts[5])
    slide.shapes.title.text = "Signs"
    slide.shapes.add_picture(sign(), Emu(0), Emu(0))
    show.save(str(folder / "signs.pptx"))
    return folder / "signs.pptx"


def in_an_open_text(folder: Path) -> Path:
    body = '<text:h>Signs</text:h><text:p><draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame></text:p>'
    return open_document(folder / "signs.odt", "text", body, more={"Pictures/1.png": sign().getvalue()})


@pytest.mark.parametrize(("make", "place"), [
    (in_word, "“Signs”, text in picture"), (in_a_show, "slide 1, text in picture"), (in_an_open_text, "“Signs”, text in picture"),
])
def test_words_in_an_embedded_picture_are_read_once_with_a_place_of_their_own(tmp_path, make, place):
    path = make(tmp_path)
    parsed = read(path, path.name, Limits()).parsed
    if not ocr.languages():
        assert ocr.MISSING in parsed.remarks
        return
    start = parsed.text.index(WORDS)
    assert parsed.text.count(WORDS) == 1
    assert parsed.locate(start, start + len(WORDS)).label == place
    assert any("OCR" in remark for remark in parsed.remarks)
