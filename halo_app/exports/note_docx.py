"""Write notes as a Word document: real styles, real footnotes for citations, pictures, tables and links."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from halo_app.domain.note_page import NotePage, Written, told
from halo_app.exports.docx_footnotes import Footnotes

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
WIDEST_INCHES = 6.0
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@dataclass(frozen=True, slots=True)
class _Look:
    """How a run of words looks."""

    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False


class NoteDocx:
    """Offered as `NOTE_EXPORTER`."""

    suffix = "docx"
    label = "Word document"

    def write(self, pages: Sequence[NotePage]) -> Written:
        """Return the document; each note begins a page."""
        from docx import Document

        document = Document()
        document.core_properties.title = _clean(pages[0].title) if len(pages) == 1 else "Notes"
        document.core_properties.author = ""
        notes = Footnotes(document)
        for place, page in enumerate(pages):
            if place:
                document.add_page_break()  # type: ignore[no-untyped-call]
            _Chapter(document, page, notes).write()
        notes.close()
        held = io.BytesIO()
        document.save(held)
        return Written(held.getvalue(), "docx", MEDIA)


class _Chapter:
    """One note in the document."""

    def __init__(self, document: Document, page: NotePage, notes: Footnotes) -> None:
        self._document, self._page, self._notes = document, page, notes

    def write(self) -> None:
        self._document.add_heading(_clean(self._page.title), 1)
        self._blocks(self._page.blocks)
        if self._page.besides:
            self._document.add_heading("Rests on", 2)
            for citation in self._page.besides:
                self._document.add_paragraph(_clean(told(citation)), style="List Bullet")

    def _blocks(self, blocks: Sequence[Mapping[str, Any]], style: str = "", depth: int = 0) -> None:
        for block in blocks:
            self._block(block, style, depth)

    def _block(self, node: Mapping[str, Any], style: str, depth: int) -> None:
        match node["k"]:
            case "h":
                self._fill(self._document.add_heading("", min(9, node["level"] + 1)), node["c"])
            case "quote":
                self._blocks(node["b"], "Quote", depth)
            case "list":
                self._list(node, depth)
            case "code":
                paragraph = self._document.add_paragraph(style="No Spacing")
                self._run(paragraph, node["v"], _Look(code=True))
            case "rule":
                self._document.add_paragraph("* * *").alignment = _side("center")
            case "table":
                self._table(node)
            case _:
                self._fill(self._document.add_paragraph(style=style or None), node["c"])

    def _list(self, node: Mapping[str, Any], depth: int) -> None:
        kind = "List Number" if node["ordered"] else "List Bullet"
        style = kind if depth == 0 else f"{kind} {min(3, depth + 1)}"
        for item in node["items"]:
            first, *rest = item["b"] or [{"k": "p", "c": []}]
            paragraph = self._document.add_paragraph(style=style)
            if item["done"] is not None:
                self._run(paragraph, "☑ " if item["done"] else "☐ ", _Look())
            if first["k"] == "p":
                self._fill(paragraph, first["c"])
            else:
                rest = item["b"]
            self._blocks(rest, "List Continue", depth + 1)

    def _table(self, node: Mapping[str, Any]) -> None:
        rows = [node["head"], *node["rows"]]
        columns = max((len(row) for row in rows), default=1)
        table = self._document.add_table(len(rows), columns, style="Table Grid")
        for down, row in enumerate(rows):
            for across, cell in enumerate(row):
                paragraph = table.cell(down, across).paragraphs[0]
                self._fill(paragraph, cell, _Look(bold=down == 0))
                side = node["align"][across] if across < len(node["align"]) else ""
                paragraph.alignment = _side(side)

    def _fill(self, paragraph: Paragraph, nodes: Sequence[Mapping[str, Any]], look: _Look | None = None) -> None:
        look = look or _Look()
        for node in nodes:
            match node["k"]:
                case "b":
                    self._fill(paragraph, node["c"], replace(look, bold=True))
                case "i":
                    self._fill(paragraph, node["c"], replace(look, italic=True))
                case "s":
                    self._fill(paragraph, node["c"], replace(look, strike=True))
                case "code":
                    self._run(paragraph, node["v"], replace(look, code=True))
                case "br":
                    paragraph.add_run().add_break()
                case "img":
                    self._picture(paragraph, node)
                case "cite":
                    self._cite(paragraph, node["v"])
                case "a":
                    self._link(paragraph, node)
                case "note":
                    self._run(paragraph, node["shown"], look)
                case _:
                    self._run(paragraph, node["v"].replace("\n", " "), look)

    def _run(self, paragraph: Paragraph, text: str, look: _Look) -> None:
        run = paragraph.add_run(_clean(text))
        run.bold, run.italic, run.font.strike = look.bold or None, look.italic or None, look.strike or None
        if look.code:
            run.font.name = "Courier New"

    def _cite(self, paragraph: Paragraph, name: str) -> None:
        from halo_app.exports.prose_tree import words_of

        if mark := self._page.cited.get(name):
            self._notes.add(paragraph, _clean(told(mark)))
        elif blocks := self._page.feet.get(name):
            self._notes.add(paragraph, _clean(" ".join(words_of(list(block.get("c", []))) for block in blocks)))

    def _link(self, paragraph: Paragraph, node: Mapping[str, Any]) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        before = len(paragraph.runs)
        self._fill(paragraph, node["c"])
        if not node["to"].lower().startswith(("http://", "https://", "mailto:")):
            return
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), paragraph.part.relate_to(node["to"], _LINKS, is_external=True))
        for run in paragraph.runs[before:]:
            run.font.underline = True
            link.append(run._r)
        paragraph._p.append(link)

    def _picture(self, paragraph: Paragraph, node: Mapping[str, Any]) -> None:
        from docx.shared import Inches

        name = unquote(node["to"])
        content = self._page.files.get(name)
        if content is None:
            self._run(paragraph, f"[{node['alt'] or name}]", _Look())
            return
        try:
            picture = paragraph.add_run().add_picture(io.BytesIO(content))
        except Exception:  # noqa: BLE001  python-docx raises whatever its reader of that picture raises
            self._run(paragraph, f"[{node['alt'] or name}]", _Look())
            return
        if picture.width > Inches(WIDEST_INCHES):
            picture.height = Inches(WIDEST_INCHES * picture.height / picture.width)
            picture.width = Inches(WIDEST_INCHES)


def _side(name: str) -> Any:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    return {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}.get(name)


def _clean(text: str) -> str:
    """Return the text without signs that XML cannot hold."""
    return _NO_XML.sub("", text)


NOTE_EXPORTER = NoteDocx()
