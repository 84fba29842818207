"""Footnotes for Word documents, which python-docx does not write: a part of their own, numbered by Word itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_SEPARATORS = "".join(
    f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{sign}/></w:r></w:p></w:footnote>'
    for number, (kind, sign) in enumerate((("separator", "separator"), ("continuationSeparator", "continuationSeparator")), start=-1)
)


class Footnotes:
    """The footnotes of one document; `close` writes them into it."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._notes: list[str] = []
        self._style()

    def add(self, paragraph: Paragraph, text: str) -> None:
        """Put the sign of a footnote at the end of the paragraph."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        number = len(self._notes) + 1
        self._notes.append(
            f'<w:footnote w:id="{number}"><w:p><w:pPr><w:pStyle w:val="FootnoteText"/></w:pPr>'
            '<w:r><w:rPr><w:rStyle w:val="FootnoteReference"/></w:rPr><w:footnoteRef/></w:r>'
            f'<w:r><w:t xml:space="preserve"> {escape(text)}</w:t></w:r></w:p></w:footnote>'
        )
        run: Any = paragraph.add_run()
        run.style = "Footnote Reference"
        sign = OxmlElement("w:footnoteReference")
        sign.set(qn("w:id"), str(number))
        run._r.append(sign)

    def close(self) -> None:
        """Write the part; a document without footnotes has none."""
        from docx.opc.packuri import PackURI
        from docx.opc.part import Part

        if not self._notes:
            return
        body = f'<w:footnotes xmlns:w="{_W}">{_SEPARATORS}{"".join(self._notes)}</w:footnotes>'
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{body}'
        package = self._document.part.package
        part = Part(PackURI("/word/footnotes.xml"), _TYPE, xml.encode(), package)
        self._document.part.relate_to(part, _RELATION)

    def _style(self) -> None:
        from docx.enum.style import WD_STYLE_TYPE
        from docx.shared import Pt

        styles = self._document.styles
        reference = styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER)
        reference.font.superscript = True
        text = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
        text.font.size = Pt(9)
