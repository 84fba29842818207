"""Notes taken along in every format, read back by other programs' eyes, and Markdown folders brought in with what they link."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from halo_app.domain.note import Mark
from halo_app.errors import BadInput
from halo_app.exports import note_docx, note_html, note_markdown, note_pdf
from halo_app.exports.prose_tree import tree_of
from halo_app.services.note_import import Given, NoteImport
from halo_app.services.note_transfer import NoteTransfer
from tests.unit.test_notes import House

QUOTE = "Of the 58 houses, 51 stayed below\n55 °C."
MARK = Mark("s1", "Field study.pdf", "p. 14", QUOTE, 0, len(QUOTE))
TEXT = """# What we know

The **study** says it *clearly* and `55 °C` <script>alert(1)</script>:

> Of the 58 houses, 51 stayed below 55 °C. [^1]

- one
  - [x] nested
1. first
2. second

| House | Factor |
| --- | ---: |
| radiators | 3.4 |

![plan](plan%20a.png) and ![away](https://example.org/x.png), see [[Second|the other]] [page](https://example.org).[^own]

```
code <b>
```

[^own]: Mine alone.
"""


def png() -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress(b"\x00\xff\x00\x00" * 1)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "files").mkdir()
    return House(tmp_path / "files")


@pytest.fixture
def transfer(house: House) -> NoteTransfer:
    writers = {module.NOTE_EXPORTER.suffix: module.NOTE_EXPORTER for module in (note_markdown, note_html, note_docx, note_pdf)}
    return NoteTransfer(house.notes, house.files, writers, tree_of, "ana")


@pytest.fixture
def ids(house: House) -> list[str]:
    first = house.notes.create("n", "First: a/b", TEXT, cited={"1": MARK}, tags=["heat"], folder="Study")
    house.files.attach(first.id, "plan a.png", png())
    second = house.notes.create("n", "Second", "Rests. [^1]", (MARK.citation,), cited={"1": MARK})
    return [first.id, second.id]


def test_a_note_alone_is_one_markdown_file_with_footnotes(transfer, ids):
    content, media_type, name = transfer.export(ids[1:], "md")
    assert (media_type, name) == ("text/markdown", "Second.md")
    assert content.decode().endswith("Rests. [^1]\n\n[^1]: Field study.pdf, p. 14: “Of the 58 houses, 51 stayed below 55 °C.”\n")


def test_several_notes_are_a_zip_of_folders_with_their_files(transfer, ids):
    content, _, name = transfer.export(ids, "md")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["Second.md", "Study/First a b.md", "Study/attachments/plan a.png"]
        text = archive.read("Study/First a b.md").decode()
    assert name == "Notes.zip" and "](attachments/plan%20a.png)" in text and 'title: "First: a/b"' in text and "  - heat" in text


def test_a_web_page_reads_alone_and_runs_nothing(transfer, ids):
    page = transfer.export(ids, "html")[0].decode()
    assert "<script>" not in page and "&lt;script&gt;" in page
    assert 'src="data:image/png;base64,' in page and 'src="http' not in page
    assert '<a href="#quote-1">1</a>' in page and '<li id="quote-2"' in page
    assert '<a href="#note-2">the other</a>' in page
    assert '<td style="text-align:right">3.4</td>' in page and "<strong>study</strong>" in page and "☑ nested" in page


def test_a_word_document_has_real_styles_footnotes_and_pictures(transfer, ids):
    from docx import Document

    content = transfer.export(ids, "docx")[0]
    document = Document(io.BytesIO(content))
    styles = {paragraph.style.name: paragraph.text for paragraph in document.paragraphs}
    assert {"Heading 1", "Heading 2", "Quote", "List Bullet", "List Number", "List Bullet 2", "No Spacing"} <= set(styles)
    assert document.tables[0].cell(1, 1).text == "3.4" and len(document.inline_shapes) == 1
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        notes = archive.read("word/footnotes.xml").decode()
        body = archive.read("word/document.xml").decode()
    assert notes.count("Field study.pdf, p. 14") == 2 and "Mine alone." in notes
    assert body.count("w:footnoteReference ") == 3 and "https://example.org" in archive_text(content, "word/_rels/document.xml.rels")


def archive_text(content: bytes, member: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(member).decode()


def test_a_pdf_has_a_page_per_note_with_all_words(transfer, ids):
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(transfer.export(ids, "pdf")[0]))
    said = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert len(said) == 2 and "Rests." in said[1]
    assert all(words in said[0] for words in ("First: a/b", "Field study.pdf, p. 14", "3.4"))
    links = [annotation.get_object() for annotation in reader.pages[0]["/Annots"]]
    assert any(link.get("/A", {}).get("/URI") == "https://example.org" for link in links) and len(reader.pages[0].images) == 1


def test_signs_that_a_format_cannot_hold_do_no_harm(house, transfer):
    note = house.notes.create("n", "Odd \x01 🦉 漢", "owl 🦉 漢字 → \x0b “q” \ud800 end")
    for suffix in transfer.writers:
        assert transfer.export([note.id], suffix)[0]


def test_an_unknown_format_and_no_note_are_refused(transfer, ids):
    for given, suffix in ((ids, "exe"), ([], "md")):
        with pytest.raises(BadInput):
            transfer.export(given, suffix)


def bring(house: House, files: dict[str, bytes]):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return NoteImport(house.notes, house.files, "ana").bring("n", [Given("vault.zip", held.getvalue())])


def test_a_vault_comes_in_with_links_tags_pictures_and_a_report(house):
    brought = bring(house, {
        "Vault/.obsidian/app.json": b"{}",
        "Vault/Plan.md": b"---\ntags: [heat, later]\naliases: [P]\n---\nSee [[Sub/Other|that]] and [by path](Sub/Other.md).\n\n"
                         b"![[plan.png|300]]\n\n![x](https://example.org/a.png) ![[Lost.png]]",
        "Vault/Sub/Other.md": b"Back to [[plan]]\n\n```dataview\nlist\n```\n",
        "Vault/files/plan.png": png(), "Vault/files/unused.pdf": b"%PDF", "Vault/bad.md": b"\xff\xfe",
    })
    plan, other = sorted(brought.notes, key=lambda note: note.title, reverse=True)
    assert plan.text == ("See [[Other|that]] and [[Other|by path]].\n\n![plan.png](plan.png)\n\n"
                         "![x](https://example.org/a.png) [[Lost.png]]")
    assert (plan.tags, plan.folder, other.folder) == (("heat", "later"), "", "Sub")
    assert other.text.startswith("Back to [[Plan]]") and house.shelf.named("n", "Other").id == other.id
    assert house.files.path(plan.id, "plan.png").read_bytes() == png() and brought.files == 1
    assert {(one.path, one.words) for one in brought.remarks} == {
        ("Plan.md", "properties that notes do not have: aliases"), ("Plan.md", "pictures from the web are not fetched"),
        ("Plan.md", "“Lost.png” is shown but was not given"), ("Sub/Other.md", "a query that its program answers stays as text"),
        ("files/unused.pdf", "no note shows it, so it stayed behind"), ("bad.md", "it is not text in UTF-8")}


def test_what_was_taken_along_comes_back(house, transfer, ids):
    content = transfer.export(ids, "md")[0]
    brought = NoteImport(house.notes, house.files, "ana").bring("other", [Given("Notes.zip", content)])
    first = next(note for note in brought.notes if note.title.startswith("First"))
    assert (first.title, first.tags, first.folder) == ("First: a/b", ("heat",), "Study")
    assert "![plan](plan%20a.png)" in first.text and house.files.path(first.id, "plan a.png").read_bytes() == png()


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_a_damaged_zip_and_files_without_notes_are_refused(house, content):
    importing = NoteImport(house.notes, house.files, "ana")
    with pytest.raises(BadInput):
        importing.bring("n", [Given("vault.zip", content)])
    with pytest.raises(BadInput):
        importing.bring("n", [Given("plan.png", png())])
    assert house.notes.of("n") == []


def test_paths_out_of_the_folder_lead_nowhere(house):
    [note] = bring(house, {"../../etc/Evil.md": b"words"}).notes
    assert (note.title, note.folder) == ("Evil", "")
