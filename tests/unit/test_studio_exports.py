"""What is written for other programs opens in them, holds every statement with its place, and runs nothing."""

from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.sheeting import harmless, number
from tests.studio_helpers import EXPORTERS, TEMPLATES, full_house, sentences

EVIL = '=HYPERLINK("http://evil.example","x") <script>alert(1)</script> \x00\x0b\ud800 ' + "Ω漢字"


@pytest.fixture(scope="module")
def house():
    return full_house()


@pytest.fixture(scope="module")
def outputs(house):
    return {name: house.make(name) for name in TEMPLATES}


def said(text: str) -> Sentence:
    return Sentence(text, Verdict.VERIFIED, (Citation("s", "<b>source</b>.md", "p. 1", text, 0, len(text)),))


EVERYTHING = [
    Section(EVIL, (said(EVIL),)), Section("List", (said("One."), said("Two.")), Layout.LIST),
    *(Section(layout.value, layout=layout, items=(
        Item(EVIL, (said("The mill has 3 wheels."),), "detail", ((said("-5"),), (said(EVIL),)), (said("3"), said("4")),
             (13, 14) if layout is Layout.QUIZ else (), 1),), columns=("A", "B"))
      for layout in Layout if layout not in (Layout.PROSE, Layout.LIST)),
]


@pytest.mark.parametrize("suffix", sorted(EXPORTERS))
def test_nothing_that_stands_in_a_source_breaks_a_format(suffix):
    assert len(EXPORTERS[suffix].write(EVIL, EVERYTHING)) > 200
    assert EXPORTERS[suffix].write("Empty", [])


def test_word_has_real_headings_lists_and_tables_and_every_quote(outputs):
    from docx import Document

    for artifact in outputs.values():
        document = Document(io.BytesIO(EXPORTERS["docx"].write(artifact.title, artifact.sections)))
        styles = {paragraph.style.name for paragraph in document.paragraphs}
        assert {"Title", "Heading 1"} <= styles
        text = " ".join(" ".join(paragraph.text.split()) for paragraph in document.paragraphs)
        for sentence in sentences(artifact.sections):
            assert f"“{' '.join(sentence.split())}”" in text
    assert Document(io.BytesIO(EXPORTERS["docx"].write("Minutes", outputs["minutes"].sections))).tables


def test_pdf_has_page_numbers_an_outline_and_links_inside_only(outputs):
    from pypdf import PdfReader

    artifact = outputs["report"]
    reader = PdfReader(io.BytesIO(EXPORTERS["pdf"].write(artifact.title, artifact.sections)))
    text = " ".join(page.extract_text() for page in reader.pages)
    assert f"1 / {len(reader.pages)}" in text
    assert reader.outline[0]["/Title"] == artifact.sections[0].title
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert links and not any("/URI" in str(link.get("/A", "")) for link in links)
    first = " ".join(sentences(artifact.sections)[0].split())
    assert first[:30] in " ".join(text.split())


def test_powerpoint_has_a_slide_per_section_with_the_places_in_its_notes(outputs):
    from pptx import Presentation

    artifact = outputs["presentation"]
    deck = Presentation(io.BytesIO(EXPORTERS["pptx"].write(artifact.title, artifact.sections)))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles == [artifact.title, *(section.title for section in artifact.sections)]
    assert all("(" in slide.notes_slide.notes_text_frame.text for slide in list(deck.slides)[1:])


def test_excel_keeps_numbers_as_numbers_and_formulas_as_text(outputs):
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(EXPORTERS["xlsx"].write("Table", outputs["data-table"].sections)))
    page = next(book[name] for name in book.sheetnames if "mills" in name)
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert rows[:2] == [["Mill", "Wheels", "Power (kW)"], ["Upper mill", 2, 14]]
    evil = load_workbook(io.BytesIO(EXPORTERS["xlsx"].write("Evil", EVERYTHING)))
    assert all(cell.data_type != "f" for name in evil.sheetnames for row in evil[name].iter_rows() for cell in row)


def test_csv_has_a_row_per_statement_and_no_formula(outputs):
    rows = list(csv.reader(io.StringIO(EXPORTERS["csv"].write("Report", outputs["report"].sections).decode("utf-8-sig"))))
    assert rows[0] == ["Heading", "Text", "Source", "Place"]
    assert {row[2] for row in rows[1:]} <= {"survey.md", "letter.txt", "minutes.txt", "mills.tsv"}
    evil = csv.reader(io.StringIO(EXPORTERS["csv"].write("Evil", EVERYTHING).decode("utf-8-sig")))
    assert not any(cell.startswith(("=", "+", "@")) for row in evil for cell in row)


@pytest.mark.parametrize(("text", "value"), [
    ("14", 14.0), ("-2.5", -2.5), ("1e5", None), ("007", None), ("=1+1", None), ("nan", None)])
def test_only_plain_numbers_become_numbers(text, value):
    assert number(text) == value
    assert harmless(text) == (text if value is not None or text[0] not in "=+-@" else f"'{text}")


def test_an_outline_has_the_branches_of_the_map(outputs):
    root = ElementTree.fromstring(EXPORTERS["opml"].write("Map", outputs["mind-map"].sections))
    texts = [node.attrib["text"] for node in root.iter("outline")]
    assert "survey.md" in texts and "Method" in texts
    assert any(node.attrib.get("_note", "").startswith("survey.md") for node in root.iter("outline"))


def test_a_page_links_each_number_to_its_quote(outputs):
    html = EXPORTERS["html"].write("Report", outputs["report"].sections).decode()
    assert html.count('href="#quote-') >= html.count('id="quote-') > 5
    assert "<script" not in html and "http://" not in html and "https://" not in html
