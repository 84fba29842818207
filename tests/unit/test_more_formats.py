"""Kinds of files that come up now and then: articles in XML, archives, saved pages, turned pictures, pictures on PDF pages."""

from __future__ import annotations

import json
import zipfile
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont

from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile, UnreadableFile
from halo_app.parsing import ocr
from halo_app.parsing.registry import read
from halo_app.plugins import Limits

JATS = """<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">
<article><front><article-meta><article-id pub-id-type="doi">10.1/tides</article-id>
<title-group><article-title>Tides of the <italic>northern</italic> harbour</article-title></title-group>
<contrib-group><contrib>
<name><surname>Marlow</surname><given-names>Ines</given-names></name><xref rid="a1"><sup>1</sup></xref></contrib>
<contrib><name><surname>Lopes</surname><given-names>Ana</given-names></name></contrib><aff>Harbour Office, Porto</aff></contrib-group>
<abstract><title>Abstract</title><p>Tides rise.</p></abstract></article-meta></front>
<body><sec><title>Methods</title><p>The gauge (<xref>Lopes, 1931</xref>) was read <bold>twice</bold> a day.</p>
<sec><title>Gauges</title><table-wrap><label>Table 1</label><table><thead><tr><th>Gauge</th><th>Height</th></tr></thead>
<tbody><tr><td>North</td><td>214</td></tr></tbody></table></table-wrap></sec></sec></body>
<back><ack><p>We thank the keeper.</p></ack>
<ref-list><title>References</title>
<ref><element-citation><name><surname>Lopes</surname><given-names>A</given-names></name>
<year>1931</year><article-title>On tides</article-title></element-citation></ref></ref-list></back></article>"""
LINES = ("The quick harbour keeper wrote down the height", "of the water every single morning before dawn,",
         "and compared his numbers with the almanac that", "hung beside the northern window of the office.")
PHRASE = "compared his numbers with the almanac"
needs_ocr = pytest.mark.skipif(not ocr.languages(), reason="tesseract-ocr is not installed")


def of_bytes(folder: Path, name: str, data: str | bytes) -> Parsed:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return read(path, name, Limits()).parsed


def label(parsed: Parsed, phrase: str) -> str:
    start = parsed.text.index(phrase)
    place = parsed.locate(start, start + len(phrase))
    return place.label if place else ""


def picture(*, ink: str = "black", ground: str | tuple[int, ...] = "white", mode: str = "RGB") -> Image.Image:
    drawn = Image.new(mode, (900, 260), ground)
    for number, line in enumerate(LINES):
        ImageDraw.Draw(drawn).text((30, 30 + 45 * number), line, fill=ink, font=ImageFont.load_default(28))
    return drawn


def packed(drawn: Image.Image, kind: str = "PNG") -> bytes:
    stream = BytesIO()
    drawn.save(stream, kind)
    return stream.getvalue()


# Articles in XML

def test_an_article_reads_as_on_paper_and_its_places_are_its_headings(tmp_path):
    parsed = of_bytes(tmp_path, "tides.nxml", JATS)
    assert parsed.title == "Tides of the northern harbour"
    assert {
        "Ines Marlow", "Ana Lopes", "Harbour Office, Porto", "The gauge (Lopes, 1931) was read twice a day.",
        "Gauge | Height", "North | 214", "Lopes A 1931 On tides"} <= set(parsed.text.split("\n"))
    assert label(parsed, "twice a day") == "“Tides of the northern harbour › Methods”"
    assert label(parsed, "214") == "“Tides of the northern harbour › Methods › Gauges”"
    assert label(parsed, "Tides rise.") == "“Tides of the northern harbour › Abstract”"
    assert label(parsed, "We thank the keeper.") == "“Tides of the northern harbour”"
    assert [heading.title for heading in parsed.outline] == [
        "Tides of the northern harbour", "Abstract", "Methods", "Gauges", "References"]


def test_a_patent_reads_claim_by_claim(tmp_path):
    parsed = of_bytes(tmp_path, "patent.xml", """<us-patent-grant><invention-title>Anchor winch</invention-title>
        <description><heading level="1">BACKGROUND</heading><p num="0001">A winch <b>10</b> is known.</p></description>
        <claims><claim num="1"><claim-text>1. A winch comprising: <claim-text>a drum; and</claim-text></claim-text></claim></claims>
        </us-patent-grant>""")
    assert parsed.text.split("\n\n") == ["Anchor winch", "BACKGROUND", "A winch 10 is known.", "1. A winch comprising:", "a drum; and"]
    assert label(parsed, "A winch 10 is known.") == "“Anchor winch › BACKGROUND”"
    assert label(parsed, "a drum; and") == "“Anchor winch”"


def test_a_fiction_book_keeps_its_words_and_leaves_out_its_pictures(tmp_path):
    parsed = of_bytes(tmp_path, "sea.fb2", """<FictionBook xmlns="http://www.gribuser.ru/xml/fictionbook/2.0"><description>
        <title-info><book-title>The Sea</book-title><author><first-name>Ines</first-name><last-name>Marlow</last-name></author>
        </title-info></description><body><section><title><p>Dawn</p></title><p>It was a <emphasis>grey</emphasis> day.</p></section>
        </body><binary id="cover">QUJDREVGRw==</binary></FictionBook>""")
    assert label(parsed, "It was a grey day.") == "“The Sea › Dawn”"
    assert "QUJD" not in parsed.text


def test_other_xml_keeps_the_paths_of_its_elements(tmp_path):
    parsed = of_bytes(tmp_path, "ports.xml", "<ports><port><name>Porto</name></port></ports>")
    assert label(parsed, "Porto") == "“ports › port › name”"


# Archives

def test_a_zip_archive_is_read_member_by_member(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("notes/plan.txt", "Bring rope.\nBring the second anchor.")
        archive.writestr("prices.csv", "item,price\nrope,12")
        archive.writestr("__MACOSX/._plan.txt", "litter")
        archive.writestr("noise.bin", bytes(range(256)))
        archive.writestr("more.zip", b"PK\x03\x04 whatever")
    parsed = of_bytes(tmp_path, "papers.zip", stream.getvalue())
    assert label(parsed, "Bring the second anchor.") == "notes/plan.txt, line 2"
    assert label(parsed, "12") == "prices.csv, B2"
    assert "litter" not in parsed.text
    assert [remark.partition(":")[0] for remark in parsed.remarks] == ["noise.bin was not read", "more.zip was not read"]


def test_a_zip_archive_without_a_readable_document_is_refused(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("noise.bin", bytes(range(256)))
    with pytest.raises(EmptyFile, match="no document that can be read"):
        of_bytes(tmp_path, "noise.zip", stream.getvalue())


def test_an_archive_under_another_name_is_still_a_disguise(tmp_path):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "words")
    with pytest.raises(UnreadableFile, match="it is a compressed archive"):
        of_bytes(tmp_path, "report.docx", stream.getvalue())


# Mails and pages

def test_a_mail_saved_in_sixteen_bits_is_read(tmp_path):
    mail = "From: ana@example.com\nSubject: Gale\nContent-Type: text/plain; charset=\"utf-16\"\n\nReef the sails, José.\n"
    parsed = of_bytes(tmp_path, "gale.eml", mail.encode("utf-16"))
    assert label(parsed, "Reef the sails, José.") == "body"


def test_a_page_saved_as_mhtml_is_read_as_the_page(tmp_path):
    page = EmailMessage()
    page["Subject"] = "Tides"
    words = "<html><body><h1>Tides</h1><p>High water comes <b>twice</b> a day.</p></body></html>"
    page.set_content(words, subtype="html", cte="quoted-printable")
    parsed = of_bytes(tmp_path, "tides.mht", page.as_bytes())
    assert label(parsed, "High water comes twice a day.") == "body"


def test_a_notebook_output_that_is_a_page_only_is_read(tmp_path):
    output = {"output_type": "execute_result", "data": {"text/html": "<table><tr><td>Porto</td><td>214</td></tr></table>"}}
    cells = [{"cell_type": "code", "source": "tides", "outputs": [output]}]
    parsed = of_bytes(tmp_path, "tides.ipynb", json.dumps({"cells": cells, "nbformat": 4}))
    assert label(parsed, "Porto") == "cell 1, output"


def test_a_line_break_in_markdown_parts_words(tmp_path):
    assert of_bytes(tmp_path, "a.md", "ebb<br>flood and <br/> slack").text == "ebb flood and slack"


def test_subtitles_without_blank_lines_between_them_keep_their_times(tmp_path):
    cues = "1\n00:00:01,000 --> 00:00:02,000\nEbb tide.\n2\n00:00:03,000 --> 00:00:04,000\nFlood tide.\n"
    parsed = of_bytes(tmp_path, "tides.srt", cues)
    assert (label(parsed, "Ebb tide."), label(parsed, "Flood tide.")) == ("00:00:01", "00:00:03")


# Pictures

@needs_ocr
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_text_in_a_picture_that_lies_on_its_side_or_head_is_read(tmp_path, degrees):
    parsed = of_bytes(tmp_path, "turned.png", packed(picture().rotate(degrees, expand=True)))
    assert label(parsed, PHRASE) == "text in picture"


@needs_ocr
@pytest.mark.parametrize(("name", "kind"), [("tides.gif", "GIF"), ("tides.bmp", "BMP")])
def test_older_kinds_of_pictures_are_read(tmp_path, name, kind):
    assert label(of_bytes(tmp_path, name, packed(picture(), kind)), PHRASE) == "text in picture"


@needs_ocr
def test_light_text_on_a_clear_ground_is_read(tmp_path):
    parsed = of_bytes(tmp_path, "clear.png", packed(picture(ink="white", ground=(0, 0, 0, 0), mode="RGBA")))
    assert label(parsed, PHRASE) == "text in picture"


def test_a_text_that_begins_like_a_bitmap_is_a_text(tmp_path):
    assert of_bytes(tmp_path, "cars.txt", "BMW sold 214 boats.").text == "BMW sold 214 boats."


@needs_ocr
def test_text_in_a_picture_between_the_text_of_a_pdf_page_is_read_with_its_page(tmp_path):
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=12)
    paper.multi_cell(0, 6, "This page has a text layer of its own, long enough to be no scan.")
    paper.image(BytesIO(packed(picture())), x=10, y=60, w=180)
    parsed = of_bytes(tmp_path, "figure.pdf", bytes(paper.output()))
    assert label(parsed, PHRASE) == "p. 1, text in picture"
    assert label(parsed, "a text layer of its own") == "p. 1"
    assert parsed.remarks == (f"1 picture: text read by OCR ({'+'.join(ocr.languages())})",)


@needs_ocr
def test_a_scan_with_its_text_laid_over_it_is_not_read_twice(tmp_path):
    paper = FPDF()
    paper.add_page()
    paper.set_font("helvetica", size=12)
    paper.image(BytesIO(packed(picture())), x=10, y=20, w=180)
    for number, line in enumerate(LINES):
        paper.text(16, 32 + 9 * number, line)
    parsed = of_bytes(tmp_path, "layered.pdf", bytes(paper.output()))
    assert parsed.text.count(PHRASE) == 1
