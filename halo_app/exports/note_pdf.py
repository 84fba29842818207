"""Write notes as a PDF: page numbers, links, tables and pictures; citations lead to their quotes at the end of each note."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from halo_app.domain.note_page import NotePage, Written, numbers, told
from halo_app.exports.pdf import finished

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "notes"
# Where systems keep a serif face that has more than Latin letters: regular, bold, italic.
FACES = (
    ("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf", "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
     "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Italic.ttf"),
    ("/usr/share/fonts/TTF/DejaVuSerif.ttf", "/usr/share/fonts/TTF/DejaVuSerif-Bold.ttf",
     "/usr/share/fonts/TTF/DejaVuSerif-Italic.ttf"),
    ("/System/Library/Fonts/Supplemental/Georgia.ttf", "/System/Library/Fonts/Supplemental/Georgia Bold.ttf",
     "/System/Library/Fonts/Supplemental/Georgia Italic.ttf"),
    ("C:/Windows/Fonts/georgia.ttf", "C:/Windows/Fonts/georgiab.ttf", "C:/Windows/Fonts/georgiai.ttf"),
)
SIZE, LINE = 11, 6.2
MOST_PIXELS = 50_000_000               # a larger picture is left out, as it is where sources are read
_PLAIN = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "→": "->", "☐": "[ ]",
                        "☑": "[x]", "•": "-", "\u00a0": " ", "\u202f": " ", "−": "-", "≤": "<=", "≥": ">="})


class NotePdf:
    """Offered as `NOTE_EXPORTER`."""

    suffix = "pdf"
    label = "PDF"

    def write(self, pages: Sequence[NotePage]) -> Written:
        """Return the document; each note begins a page."""
        document, is_wide = _document()
        for page, own in zip(pages, numbers(pages), strict=True):
            _Chapter(document, page, own, is_wide).write()
        return Written(finished(document), "pdf", "application/pdf")


def _document() -> tuple[FPDF, bool]:
    """Return an empty document, and whether its face has more than Latin letters."""
    from fpdf import FPDF

    class Numbered(FPDF):
        def footer(self) -> None:
            self.set_y(-15)
            self.set_font(face, size=9)
            self.cell(0, 8, str(self.page_no()), align="C")

    document = Numbered()
    document.set_margins(25, 22)
    document.set_auto_page_break(True, 22)
    found = next((faces for faces in FACES if all(Path(one).is_file() for one in faces)), None)
    face = FONT if found else "times"
    if found:
        for style, path in zip(("", "B", "I"), found, strict=True):
            document.add_font(FONT, style, path)
        document.add_font(FONT, "BI", found[1])
    document.set_font(face, size=SIZE)
    document.set_title("Notes")
    return document, bool(found)


class _Chapter:
    """One note in the document."""

    def __init__(self, document: FPDF, page: NotePage, own: Mapping[str, int], is_wide: bool) -> None:
        self._pdf, self._page, self._own, self._is_wide = document, page, own, is_wide
        self._links = {name: document.add_link() for name in own}
        self._feet = {name: chr(96 + number) for number, name in enumerate(page.feet, start=1) if number < 27}

    def write(self) -> None:
        self._pdf.add_page()
        for link in self._links.values():            # a link must lead somewhere before it may be written; `_below` says where to
            self._pdf.set_link(link, page=self._pdf.page)
        self._pdf.start_section(self._said(self._page.title))
        self._line(self._page.title, 19, "B", after=3)
        self._blocks(self._page.blocks)
        for name, blocks in self._page.feet.items():
            self._words(f"{self._feet.get(name, '*')}  ")
            self._blocks(blocks)
        self._below()

    def _below(self) -> None:
        if self._page.cited:
            self._line("Sources", 13, "B", before=4)
            for name, mark in self._page.cited.items():
                self._pdf.set_link(self._links[name], self._pdf.get_y(), page=self._pdf.page)
                self._line(f"{self._own[name]}  {told(mark)}", 9.5)
        if self._page.besides:
            self._line("Rests on", 13, "B", before=4)
            for citation in self._page.besides:
                self._line(f"•  {told(citation)}", 9.5)

    def _line(self, text: str, size: float, style: str = "", before: float = 0, after: float = 1) -> None:
        self._pdf.ln(before)
        self._pdf.set_font(style=style, size=size)
        self._pdf.multi_cell(0, size * .5, self._said(text), new_x="LMARGIN", new_y="NEXT", align="L")
        self._pdf.ln(after)
        self._pdf.set_font(style="", size=SIZE)

    def _blocks(self, blocks: Sequence[Mapping[str, Any]]) -> None:
        for block in blocks:
            self._block(block)

    def _block(self, node: Mapping[str, Any]) -> None:
        match node["k"]:
            case "h":
                self._pdf.ln(2)
                self._paragraph(node["c"], "B", {1: 15, 2: 13}.get(node["level"], 12))
            case "quote":
                self._indented(6, node["b"])
            case "list":
                for number, item in enumerate(node["items"], start=node["start"]):
                    sign = {None: f"{number}." if node["ordered"] else "•", True: "[x]", False: "[  ]"}[item["done"]]
                    self._words(f"{sign} ")
                    self._indented(5, item["b"], tight=True)
            case "code":
                self._pdf.set_font("courier", size=9.5)
                self._pdf.multi_cell(0, 4.6, node["v"].translate(_PLAIN).encode("latin-1", "replace").decode("latin-1"),
                                     new_x="LMARGIN", new_y="NEXT", align="L")
                self._pdf.set_font(FONT if self._is_wide else "times", size=SIZE)
                self._pdf.ln(2)
            case "rule":
                self._line("* * *", SIZE)
            case "table":
                self._table(node)
            case _:
                self._paragraph(node["c"])

    def _indented(self, by: float, blocks: Sequence[Mapping[str, Any]], *, tight: bool = False) -> None:
        margin = self._pdf.l_margin
        self._pdf.set_left_margin(margin + by)
        if not tight:
            self._pdf.set_x(margin + by)
        self._blocks(blocks)
        self._pdf.set_left_margin(margin)
        self._pdf.set_x(margin)

    def _paragraph(self, nodes: Sequence[Mapping[str, Any]], style: str = "", size: float = SIZE) -> None:
        self._pdf.set_font(style=style, size=size)
        self._fill(nodes, style)
        self._pdf.set_font(style="", size=SIZE)
        self._pdf.ln(LINE + 1.6)

    def _fill(self, nodes: Sequence[Mapping[str, Any]], style: str) -> None:
        for node in nodes:
            match node["k"]:
                case "b" | "i" | "s":
                    self._styled(node, style)
                case "br":
                    self._pdf.ln(LINE)
                case "img":
                    self._picture(node)
                case "cite":
                    self._cite(node["v"])
                case "a":
                    self._pdf.set_text_color(11, 107, 91)
                    self._pdf.write(LINE, self._said(_flat(node["c"])), node["to"])
                    self._pdf.set_text_color(0)
                case "note":
                    self._words(node["shown"])
                case _:
                    self._words(node["v"].replace("\n", " "))

    def _styled(self, node: Mapping[str, Any], style: str) -> None:
        sign = {"b": "B", "i": "I", "s": "S"}[node["k"]]
        inside = "".join(sorted({*style, sign}))
        self._pdf.set_font(style=inside)
        self._fill(node["c"], inside)
        self._pdf.set_font(style=style)

    def _words(self, text: str) -> None:
        self._pdf.write(LINE, self._said(text))

    def _cite(self, name: str) -> None:
        sign = str(self._own[name]) if name in self._own else self._feet.get(name, "")
        if sign:
            self._pdf.char_vpos = "SUP"
            self._pdf.write(LINE, sign, self._links.get(name, ""))
            self._pdf.char_vpos = "LINE"

    def _picture(self, node: Mapping[str, Any]) -> None:
        name = unquote(node["to"])
        content = self._page.files.get(name)
        if content is not None and name.rpartition(".")[2].lower() in ("png", "jpg", "jpeg", "webp", "gif"):
            from PIL import Image, UnidentifiedImageError

            try:
                with Image.open(io.BytesIO(content)) as picture:
                    width = min(self._pdf.epw, picture.width * .2646)
                    if picture.width * picture.height <= MOST_PIXELS:
                        self._pdf.ln(LINE)
                        self._pdf.image(io.BytesIO(content), w=width, alt_text=node["alt"] or name)
                        return
            except (UnidentifiedImageError, OSError, ValueError):
                pass
        self._words(f"[{node['alt'] or name}]")

    def _table(self, node: Mapping[str, Any]) -> None:
        rows = [node["head"], *node["rows"]]
        across = max((len(row) for row in rows), default=0)
        if not across:
            return
        with self._pdf.table(first_row_as_headings=True, line_height=LINE, text_align="LEFT") as table:
            for row in rows:
                line = table.row()
                for cell in [*row, *([[]] * (across - len(row)))]:
                    line.cell(self._said(_flat(cell)))
        self._pdf.ln(3)

    def _said(self, text: str) -> str:
        if self._is_wide:
            return "".join(sign if ord(sign) < 0x10000 and not 0xD800 <= ord(sign) < 0xE000 else "□" for sign in text)
        return text.translate(_PLAIN).encode("latin-1", "replace").decode("latin-1")


def _flat(nodes: Sequence[Mapping[str, Any]]) -> str:
    from halo_app.exports.prose_tree import words_of
    return words_of([dict(node) for node in nodes])


NOTE_EXPORTER = NotePdf()
