"""Write an output for Word: real headings, lists and tables, a number behind each quote and the quotes listed at the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation
from halo_app.domain.flowing import Block, Kind, Run, flowing
from halo_app.domain.numbering import numbered

_UNWRITABLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]")
_DEEPEST = 3


class Docx:
    """Offered as `EXPORTER`."""

    suffix = "docx"
    media_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the document. Text of the sources is text: it holds no fields and no links."""
        from docx import Document

        document = Document()
        document.core_properties.title = clean(title)[:255]
        document.core_properties.author = "HALO"
        document.add_heading(clean(title), 0)
        numbers = numbered(sections)
        for block in flowing(sections):
            _add(document, block, numbers)
        if numbers:
            document.add_heading("Sources", 1)
        for citation, number in numbers.items():
            place = f", {citation.locator}" if citation.locator else ""
            paragraph = document.add_paragraph(f"[{number}] {clean(citation.source + place)}: ")
            paragraph.add_run(f"“{clean(citation.quote)}”").italic = True
        written = BytesIO()
        document.save(written)
        return written.getvalue()


def clean(text: str) -> str:
    """Return the text on one line without the characters that XML cannot hold."""
    return " ".join(_UNWRITABLE.sub("", text).split())


def _add(document: Any, block: Block, numbers: Mapping[Citation, int]) -> None:
    if block.kind is Kind.TABLE:
        _table(document, block, numbers)
    elif block.kind is Kind.HEADING:
        document.add_heading(clean("".join(run.text for run in block.runs)), block.level)
    else:
        level = min(block.level, _DEEPEST)
        style = ("List Bullet" + (f" {level}" if level > 1 else "")) if block.kind is Kind.POINT else None
        _runs(document.add_paragraph(style=style), block.runs, numbers, italic=block.kind is Kind.REMARK)


def _table(document: Any, block: Block, numbers: Mapping[Citation, int]) -> None:
    width = max(len(row) for row in block.rows)
    table = document.add_table(rows=len(block.rows), cols=width, style="Table Grid")
    for cells, row in zip(table.rows, block.rows, strict=True):
        for cell, runs in zip(cells.cells, row, strict=False):
            _runs(cell.paragraphs[0], runs, numbers)


def _runs(paragraph: Any, runs: Sequence[Run], numbers: Mapping[Citation, int], *, italic: bool = False) -> None:
    for place, run in enumerate(runs):
        written = paragraph.add_run(("" if place == 0 or runs[place - 1].strong else " ") + _spaced(run.text))
        written.bold, written.italic = run.strong or None, italic or None
        for citation in run.citations:
            paragraph.add_run(f" {numbers[citation]}").font.superscript = True


def _spaced(text: str) -> str:
    return clean(text) + (" " if text.endswith(" ") else "")


EXPORTER = Docx()
