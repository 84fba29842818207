"""Write an output as PDF: headings in the outline, page numbers, and links between a quote's number and its place at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation
from halo_app.domain.flowing import Block, Kind, Run, flowing
from halo_app.domain.numbering import numbered

if TYPE_CHECKING:
    from fpdf import FPDF

_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-", "…": "...", "＿": "_",
                        "•": "-", "\u202f": " ", "\u2009": " ", "≤": "<=", "≥": ">="})
_FONTS = ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
          "/Library/Fonts/Arial Unicode.ttf", "C:/Windows/Fonts/times.ttf")
_POINT = 11


class Pdf:
    """Offered as `EXPORTER`. Letters that no font of this machine has are written as question marks."""

    suffix = "pdf"
    media_type = "application/pdf"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the document; it links nowhere outside itself and runs nothing."""
        page = _Page(title, numbered(sections))
        for block in flowing(sections):
            page.add(block)
        page.close()
        return finished(page.document)


def finished(document: FPDF) -> bytes:
    """Return the bytes of the document, and let go of the files of its typefaces, which fpdf keeps open."""
    try:
        return bytes(document.output())
    finally:
        for font in document.fonts.values():
            if file := getattr(font, "ttfont", None):
                file.close()


class _Page:
    """A document in the making."""

    def __init__(self, title: str, numbers: Mapping[Citation, int]) -> None:
        from fpdf import FPDF

        class Numbered(FPDF):
            halo_font = "times"

            def footer(self) -> None:
                self.set_y(-14)
                self.set_font(self.halo_font, size=9)
                self.cell(0, 8, f"{self.page_no()} / {{nb}}", align="C")

        self.document: Any = Numbered(format="A4")
        self._font, self._is_wide = _font(self.document)
        self.document.halo_font = self._font
        self.document.set_margin(20)
        self.document.set_auto_page_break(True, 20)
        self.document.set_title(self._text(title))
        self.document.set_creator("HALO")
        self.document.add_page()
        self.numbers = numbers
        self.links = {citation: self.document.add_link() for citation in numbers}
        self._line(title, 20, gap=4)

    def add(self, block: Block) -> None:
        if block.kind is Kind.TABLE:
            self._table(block)
        elif block.kind is Kind.HEADING:
            text = self._text("".join(run.text for run in block.runs))
            self.document.start_section(text[:120] or " ", level=block.level - 1)
            self.document.ln(3 if block.level == 1 else 1)
            self._line(text, 15 if block.level == 1 else 12, gap=1)
        else:
            self.document.set_font(self._font, size=_POINT)
            indent = 5 * block.level if block.kind is Kind.POINT else 0
            self.document.set_left_margin(20 + indent)
            self.document.set_x(20 + indent)
            if block.kind is Kind.POINT:
                self.document.write(6, "- ")
            self._runs(block.runs)
            self.document.set_left_margin(20)
            self.document.ln(8)

    def close(self) -> None:
        if self.numbers:
            self.add(Block(Kind.HEADING, (Run("Sources"),)))
        for citation, number in self.numbers.items():
            self.document.set_link(self.links[citation], y=self.document.get_y(), page=self.document.page_no())
            place = f", {citation.locator}" if citation.locator else ""
            self.document.set_font(self._font, size=9)
            self.document.multi_cell(0, 5, self._text(f"[{number}] {citation.source}{place}: “{citation.quote}”"), new_x="LMARGIN",
                                     new_y="NEXT")
            self.document.ln(1)

    def _runs(self, runs: Sequence[Run]) -> None:
        for run in runs:
            self.document.write(6, self._text(run.text) + " ")
            for citation in run.citations:
                self.document.set_text_color(11, 107, 91)
                self.document.write(6, f"[{self.numbers[citation]}] ", self.links[citation])
                self.document.set_text_color(0, 0, 0)

    def _table(self, block: Block) -> None:
        self.document.set_font(self._font, size=9)
        width = max(len(row) for row in block.rows)
        from fpdf.fonts import FontFace
        with self.document.table(line_height=5, padding=1, headings_style=FontFace(fill_color=(244, 241, 234))) as table:
            for row in block.rows:
                cells = table.row()
                for place in range(width):
                    runs = row[place] if place < len(row) else ()
                    cells.cell(self._text(" ".join(run.text + "".join(f" [{self.numbers[one]}]" for one in run.citations)
                                                   for run in runs)))
        self.document.ln(4)

    def _line(self, text: str, size: int, gap: int) -> None:
        self.document.set_font(self._font, size=size)
        self.document.multi_cell(0, size * 0.5, self._text(text), align="L", new_x="LMARGIN", new_y="NEXT")
        self.document.ln(gap)

    def _text(self, text: str) -> str:
        line = " ".join(text.encode("utf-8", "replace").decode().split())
        return line if self._is_wide else line.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")


def _font(document: FPDF) -> tuple[str, bool]:
    """Return the font's name, and whether it has more than Western letters: one of this machine's, else the one every reader has."""
    if path := _found():
        document.add_font("Halo", fname=path)
        return "Halo", True
    return "times", False


@cache
def _found() -> str:
    return next((path for path in _FONTS if Path(path).is_file()), "")


EXPORTER = Pdf()
