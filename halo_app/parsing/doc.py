"""Read documents of older Word programs (DOC): body, tables, notes, comments, margins, properties."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.parsing.doc_binary import Paragraph, WordBinary, read_word
from halo_app.parsing.manuscript import Headings, Manuscript, flowing, in_body, one_line
from halo_app.parsing.ole import CompoundFile, write_comment
from halo_app.plugins import Limits


class OldWordParser:
    """DOC and DOT files of Word 97 to 2003; of Word 6 and 95 the body's text."""

    types: Mapping[str, str] = {"doc": "doc", "dot": "doc"}
    about: str = "Older Word documents: heading or paragraph; comments, notes, headers and footers"
    libraries: tuple[str, ...] = ("olefile",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the text with heading paths as places; notes, comments and margins stand after the body."""
        file = CompoundFile(path, name)
        document = read_word(file)
        written = Manuscript(name, limits)
        _Body(written).write(document)
        for kind in ("text box", "footnote", "endnote"):
            for text in document.notes(kind):
                written.block(flowing(text), Locator(Place.PART, kind))
        for comment in document.comments():
            write_comment(comment.author, flowing(comment.text), written)
        for kind, text in dict.fromkeys(document.margins()):
            written.block(flowing(text), Locator(Place.PART, kind))
        return written.build(title=written.properties(file.properties()))


class _Body:
    """Writes paragraphs under their headings, and gathers cells into rows."""

    def __init__(self, written: Manuscript) -> None:
        self._written = written
        self._headings = Headings()
        self._paragraphs = 0
        self._row: list[str] = []
        self._cell: list[str] = []
        self._in_table = self._in_list = False

    def write(self, document: WordBinary) -> None:
        for paragraph in document.body():
            if paragraph.cell or paragraph.in_table:
                self._write_cell(paragraph)
            else:
                self._write_paragraph(paragraph)
        self._end_row()

    def _write_cell(self, paragraph: Paragraph) -> None:
        if paragraph.row_end:
            self._end_row()
            return
        self._cell.append(one_line(paragraph.text))
        if paragraph.cell:
            self._row.append(" ".join(part for part in self._cell if part))
            self._cell = []

    def _end_row(self) -> None:
        row = [*self._row, *self._cell]
        self._row, self._cell = [], []
        if any(row):
            self._paragraphs += not self._in_table
            place = self._headings.locator(in_body(self._paragraphs))
            self._written.row([(text, place) for text in row], first=not self._in_table)
            self._in_table, self._in_list = True, False

    def _write_paragraph(self, paragraph: Paragraph) -> None:
        self._end_row()
        text = flowing(paragraph.text)
        if not text:
            return
        self._in_table = False
        self._paragraphs += 1
        if paragraph.level is not None:
            self._headings.enter(paragraph.level, text)
            self._written.entry(text, paragraph.level, self._headings.locator())
        else:
            write = self._written.line if paragraph.listed and self._in_list else self._written.block
            write(text, self._headings.locator(in_body(self._paragraphs)))
        self._in_list = paragraph.listed


PARSER = OldWordParser()
