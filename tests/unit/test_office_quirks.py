"""Customs of other programs in office files, mails and pages."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from struct import pack

import pytest

from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile, UnreadableFile
from halo_app.parsing.compressed_rtf import decompress
from halo_app.parsing.registry import read
from halo_app.plugins import Limits
from tests import documents_office, documents_open
from tests.documents_office import Made, changed, zipped

Maker = Callable[[Path], Made]


def parsed(path: Path, name: str = "") -> Parsed:
    return read(path, name or path.name, Limits()).parsed


def of_text(folder: Path, name: str, text: str | bytes) -> Parsed:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return parsed(path)


def label(document: Parsed, phrase: str) -> str:
    start = document.text.index(phrase)
    locator = document.locate(start, start + len(phrase))
    return locator.label if locator else ""


# Other programs' customs

@pytest.mark.parametrize("make", [documents_office.docx, documents_office.pptx, documents_office.xlsx])
def test_strict_office_files_read_like_the_usual_ones(tmp_path, make: Maker):
    made = make(tmp_path)
    usual = parsed(made.path)
    strict = {"http://schemas.openxmlformats.org/wordprocessingml/2006/main": "http://purl.oclc.org/ooxml/wordprocessingml/main",
              "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
              "http://schemas.openxmlformats.org/presentationml/2006/main": "http://purl.oclc.org/ooxml/presentationml/main",
              "http://schemas.openxmlformats.org/drawingml/2006/main": "http://purl.oclc.org/ooxml/drawingml/main",
              "http://schemas.openxmlformats.org/officeDocument/2006/": "http://purl.oclc.org/ooxml/officeDocument/"}
    with zipfile.ZipFile(made.path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for name, data in members.items():
        for old, new in strict.items():
            data = data.replace(old.encode(), new.encode())
        members[name] = data
    assert parsed(zipped(made.path, members)) == usual


def test_a_word_file_without_styles_and_properties_still_has_headings(tmp_path):
    made = documents_office.docx(tmp_path)
    changed(made.path, {"word/styles.xml": None, "docProps/core.xml": None, "docProps/app.xml": None})
    assert label(parsed(made.path), "Only the northern pier is repaired.") == "“Design › Scope”"


def test_a_text_box_is_read_once_where_word_writes_it_twice(tmp_path):
    box = ("<w:p><w:r><mc:AlternateContent xmlns:mc='mc'><mc:Choice><w:drawing><w:txbxContent><w:p><w:r>"
           "<w:t>Boxed words</w:t></w:r></w:p></w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>"
           "<w:p><w:r><w:t>Boxed words</w:t></w:r></w:p>"
           "</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>")
    made = documents_office.docx(tmp_path)
    changed(made.path, {"word/document.xml": lambda xml: xml.replace("<w:sectPr", box + "<w:sectPr", 1)})
    assert parsed(made.path).text.count("Boxed words") == 1


def test_powers_and_fractions_never_run_into_other_numbers(tmp_path):
    math = ("<w:p><w:r><w:t>About 10</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>6</w:t></w:r>"
            "<w:r><w:t> ships</w:t></w:r></w:p>"
            "<w:p><m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f><m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>3</m:t></m:r></m:sup>"
            "</m:sSup></m:oMath></w:p>")
    made = documents_office.docx(tmp_path)
    changed(made.path, {"word/document.xml": lambda xml: xml.replace("<w:sectPr", math + "<w:sectPr", 1)})
    text = parsed(made.path).text
    assert "About 10⁶ ships" in text
    assert "1/2x^3" in text
    page = "<p>10<sup>-6</sup> m and x<sup>2</sup><table><tr><td>10<sup>9</sup></td><td>b</td></tr></table>"
    assert of_text(tmp_path, "a.html", page).text == "10⁻⁶ m and x2\n\n10⁹ | b"


def test_a_layout_table_keeps_paragraphs_and_headings_apart(tmp_path):
    from docx import Document

    document = Document()
    cell = document.add_table(1, 1).cell(0, 0)
    cell.paragraphs[0].text, cell.add_paragraph("Deep", style="Heading 1").text = "First paragraph.", "Deep"
    cell.add_paragraph("Second paragraph.")
    inner = cell.add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "left", "right"
    document.save(str(tmp_path / "cv.docx"))
    read_again = parsed(tmp_path / "cv.docx")
    assert "First paragraph.\n\nDeep\n\nSecond paragraph.\n\nleft | right" in read_again.text
    assert label(read_again, "left | right") == "“Deep”"


def test_a_range_of_cells_spans_all_that_a_passage_touches(tmp_path):
    document = parsed(documents_office.xlsx(tmp_path).path)
    start = document.text.index("Ships")
    locator = document.locate(start, document.text.index("1250") + 4)
    assert locator is not None
    assert locator.label == "Year!A1:C2"


@pytest.mark.parametrize("suffix", ["fodt", "odt"])
def test_flat_open_documents_are_read_too(tmp_path, suffix):
    office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
    flat = (f'<o:document xmlns:o="{office}" xmlns:t="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:text>'
            "<t:h t:outline-level='1'>Flat</t:h><t:p>All in one file.</t:p></o:text></o:body></o:document>")
    if suffix == "fodt":
        assert label(of_text(tmp_path, "a.fodt", flat), "All in one file.") == "“Flat”"
    else:
        with pytest.raises(UnreadableFile):
            of_text(tmp_path, "a.odt", flat)


def test_a_book_without_contents_takes_its_chapters_from_headings(tmp_path):
    made = documents_open.epub(tmp_path)
    changed(made.path, {"OEBPS/nav.xhtml": None})
    document = parsed(made.path)
    assert label(document, "I packed it.") == "ch. “Loomings”"
    assert label(document, "We saw land.") == "ch. “Landfall”"


def test_an_epub_2_book_takes_its_chapters_from_the_ncx_file(tmp_path):
    made = documents_open.epub(tmp_path)
    ncx = ("<ncx xmlns='n'><navMap><navPoint><navLabel><text>One</text></navLabel><content src='text/two.xhtml'/><navPoint><navLabel>"
           "<text>Within</text></navLabel><content src='text/two.xhtml#bag'/></navPoint></navPoint></navMap></ncx>")
    changed(made.path, {"OEBPS/nav.xhtml": None, "OEBPS/toc.ncx": ncx, "OEBPS/package.opf": lambda opf: opf.replace(
        "<item id=\"n\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>",
        "<item id='x' href='toc.ncx' media-type='application/x-dtbncx+xml'/>").replace("<spine>", "<spine toc='x'>")})
    assert label(parsed(made.path), "I packed it.") == "ch. “One › Within”"


# Pages

@pytest.mark.parametrize(("encoding", "head"), [
    ("utf-8", ""), ("utf-16", ""), ("windows-1251", '<meta charset="windows-1251">'), ("shift_jis", '<meta charset=shift_jis>'),
    ("utf-8", '<meta charset="iso-8859-1">'),
])
def test_pages_are_read_in_their_own_encoding(tmp_path, encoding, head):
    words = "東京の港" if encoding == "shift_jis" else "Мост стоит"
    page = f"<html><head>{head}<title>t</title></head><body><p>{words}</p></body></html>"
    assert words in of_text(tmp_path, "a.html", page.encode(encoding)).text


def test_a_page_of_menus_only_is_read_whole(tmp_path):
    page = "<html><body><nav><a href=/a>First place</a> <a href=/b>Second place</a></nav><footer>Third place</footer></body></html>"
    text = of_text(tmp_path, "a.html", page).text
    assert "First place Second place" in text
    assert "Third place" in text


def test_a_page_that_needs_scripts_says_what_it_says_without_them(tmp_path):
    page = "<html><head><title/></head><body><noscript>Please switch scripts on.</noscript><script>x()</script></body></html>"
    assert of_text(tmp_path, "a.xhtml", page).text == "Please switch scripts on."


def test_a_page_without_any_text_is_refused(tmp_path):
    with pytest.raises(EmptyFile):
        of_text(tmp_path, "a.html", "<html><body><img src=x></body></html>")


def test_inline_elements_never_break_a_sentence(tmp_path):
    page = ("<p>It <x-price>costs</x-price> <ix:nonFraction>70,923</ix:nonFraction>.</p><p>H<sub>2</sub>O and<br>a new line</p>"
            "<dl><dt>Oak</dt><dd>A tree</dd></dl>")
    assert of_text(tmp_path, "a.html", page).text == "It costs 70,923.\n\nH2O and\na new line\n\nOak\nA tree"


@pytest.mark.parametrize("tag", ["<b>", "<font size=2>", "<div>", "<table><tr><td>"])
def test_tags_that_are_never_closed_lose_no_text(tmp_path, tag):
    text = of_text(tmp_path, "a.html", "<p>" + "".join(f"{tag}word{number} " for number in range(1000))).text
    assert len(text.split()) == 1000


# Mails

def test_the_best_of_several_bodies_is_read_once(tmp_path):
    mail = EmailMessage()
    mail["Subject"] = "Both"
    mail.set_content("See the page.")
    mail.add_alternative("<p>" + "The whole letter stands only in the page. " * 20 + "</p>", subtype="html")
    text = of_text(tmp_path, "a.eml", mail.as_bytes()).text
    assert "The whole letter" in text
    assert "See the page." not in text


def test_a_flowed_body_has_whole_sentences(tmp_path):
    mail = (b"Subject: x\r\nContent-Type: text/plain; format=flowed\r\n\r\nA long sentence \r\nthat flows on.\r\nA new line.\r\n"
            b"-- \r\nAna\r\n")
    assert "A long sentence that flows on.\nA new line.\n--\nAna" in of_text(tmp_path, "a.eml", mail).text


@pytest.mark.parametrize("head", [
    b"Subject: caf\xc3\xa9", b"Subject: caf\xe9", b"Subject: =?utf-8?q?caf=C3=A9?=",
    b"Subject: =?iso-8859-1?q?caf?=\r\n =?iso-8859-1?q?=E9?=",
    b"Subject: =?unknown?b?Y2Fmw6k=?=",
])
def test_subjects_are_decoded_whatever_the_sender_did(tmp_path, head):
    document = of_text(tmp_path, "a.eml", head + b"\r\nFrom: a@example.org\r\n\r\nHello\r\n")
    assert document.title == "café"


def test_an_attachment_that_cannot_be_read_is_remarked_on(tmp_path):
    document = parsed(documents_open.eml(tmp_path).path)
    assert any("cut.pdf" in remark and "not read" in remark for remark in document.remarks)


def test_what_outlook_wraps_in_winmail_dat_is_read(tmp_path):
    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return pack("<BII", level, kind, len(data)) + data + pack("<H", sum(data) & 0xFFFF)

    name = "plän.txt\x00".encode("utf-16-le")
    named = pack("<IHHII", 1, 0x1F, 0x3707, 1, len(name)) + name + bytes(-len(name) % 4)
    rich = rb"{\rtf1 The pier is done.\par}"
    stored = pack("<II4sI", len(rich) + 12, len(rich), b"MELA", 0) + rich
    body = pack("<IHHiHHII", 2, 0x03, 0x0E07, 1, 0x102, 0x1009, 1, len(stored)) + stored + bytes(-len(stored) % 4)
    wrapped = pack("<IH", 0x223E9F78, 1) + attribute(1, 0x00069003, body) + attribute(2, 0x00069002, bytes(14))
    wrapped += attribute(2, 0x00018010, b"PLN~1.TXT\x00") + attribute(2, 0x0006800F, b"The plan has nine piles.")
    wrapped += attribute(2, 0x00069005, named)
    mail = EmailMessage()
    mail["Subject"] = "Wrapped"
    mail.add_attachment(wrapped, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    document = of_text(tmp_path, "a.eml", mail.as_bytes())
    assert label(document, "The pier is done.") == "body"
    assert label(document, "The plan has nine piles.") == "attachment plän.txt, line 1"


def test_compressed_rich_text_unpacks_as_its_specification_shows():
    stored = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
    assert decompress(stored) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    crossing = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert decompress(crossing) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
