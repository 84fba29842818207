"""Makes office documents, books, mails and pages with known text, and knows where every phrase of them stands."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from docx import Document
from docx.shared import Inches
from openpyxl import Workbook
from openpyxl.comments import Comment
from PIL import Image
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Emu


@dataclass(frozen=True)
class Made:
    """A document made for a test: where each phrase stands, what must not be in it, and what it is called."""

    path: Path
    places: Mapping[str, str]  # phrase -> label of its place
    absent: tuple[str, ...] = ()
    title: str = ""
    pages: int | None = None
    outline: tuple[str, ...] = ()
    lines: tuple[str, ...] = field(default=())  # whole lines of the stored text


def picture() -> BytesIO:
    """A small picture as PNG bytes."""
    stream = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(stream, "PNG")
    stream.seek(0)
    return stream


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """Write an archive with these members, the first one stored as it is."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for position, (name, data) in enumerate(members.items()):
            archive.writestr(name, data, zipfile.ZIP_STORED if position == 0 else zipfile.ZIP_DEFLATED)
    return path


def changed(path: Path, change: Mapping[str, Callable[[str], str] | str | None]) -> Path:
    """Rewrite members of an archive: by a function of their text, by new text, or by leaving them out (None)."""
    with zipfile.ZipFile(path) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, how in change.items():
        if how is None:
            members.pop(name)
        else:
            old = members.get(name, b"")
            members[name] = how if isinstance(how, str) else how(old.decode() if isinstance(old, bytes) else old)
    return zipped(path, members)


def docx(folder: Path) -> Made:
    """A report with headings, a list, a table, a picture, comments, notes, margins, tracked changes."""
    path = folder / "report.docx"
    document = Document()
    document.core_properties.title, document.core_properties.author = "Harbour report", "Ana Lopes"
    document.add_paragraph("Before any heading stands this line.")
    document.add_heading("Design", 1)
    document.add_paragraph("The pier is made of oak.")
    document.add_heading("Scope", 2)
    remarked = document.add_paragraph("Only the northern pier is repaired.")
    document.add_comment(remarked.runs, "Check the tide tables.", author="Ana", initials="A")
    for text in ("Saw the planks", "Drive the piles"):
        document.add_paragraph(text, style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip((cell for row in table.rows for cell in row.cells), ("Wood", "Price", "Oak", "1250"), strict=True):
        cell.text = text
    document.add_heading("Costs", 1)
    document.add_paragraph("It costs TRACKED crowns.")
    document.add_paragraph("See the note.").add_run("NOTE")
    document.add_picture(picture(), Inches(1))
    document.inline_shapes[0]._inline.docPr.set("descr", "A heron on the old pier")
    document.sections[0].header.paragraphs[0].text = "Harbour office, confidential"
    document.sections[0].footer.paragraphs[0].text = "Printed on recycled paper"
    document.save(str(path))
    changed(
        path,
        {
            "word/document.xml": lambda xml: (
                xml.replace("TRACKED</w:t></w:r>", "TRACKED</w:t></w:r>")
                .replace(
                    "<w:t>It costs TRACKED crowns.</w:t></w:r>",
                    '<w:t xml:space="preserve">It costs </w:t></w:r><w:del w:id="9"><w:r><w:delText>ninety</w:delText></w:r></w:del>'
                    '<w:ins w:id="10"><w:r><w:t xml:space="preserve">eighty </w:t></w:r></w:ins><w:r><w:t>crowns.</w:t></w:r>',
                )
                .replace("<w:t>NOTE</w:t>", '<w:footnoteReference w:id="2"/>')
            ),
            "word/footnotes.xml": '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r><w:r>'
            "<w:t>Prices of last spring.</w:t></w:r></w:p></w:footnote></w:footnotes>",
            "word/_rels/document.xml.rels": lambda xml: xml.replace(
                "</Relationships>",
                (
                    '<Relationship Id="rIdN" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes" '
                    'Target="footnotes.xml"/></Relationships>'
                ),
            ),
        },
    )
    return Made(
        path,
        {
            "Before any heading stands this line.": "paragraph 1",
            "The pier is made of oak.": "“Design”",
            "Only the northern pier is repaired.": "“Design › Scope”",
            "Drive the piles": "“Design › Scope”",
            "Oak | 1250": "“Design › Scope”",
            "It costs eighty crowns.": "“Costs”",
            "A heron on the old pier": "“Costs”, picture description",
            "Check the tide tables.": "comment by Ana",
            "Prices of last spring.": "footnote",
            "Harbour office, confidential": "header",
            "Printed on recycled paper": "footer",
            "Harbour report": "property Title",
            "Ana Lopes": "property Author",
        },
        absent=("ninety", "TRACKED"),
        title="Harbour report",
        outline=("Design", "Scope", "Costs"),
        lines=("Saw the planks", "Wood | Price", "Oak | 1250", "Ana: Check the tide tables."),
    )


def pptx(folder: Path) -> Made:
    """Three slides: text and a group, a table and a chart, notes and comments of both kinds."""
    path = folder / "talk.pptx"
    show = Presentation()
    show.core_properties.title = "Harbour talk"
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text, first.placeholders[1].text = "The old harbour", "Built in 1874\nClosed in 1931"
    group = first.shapes.add_group_shape()
    box = group.shapes.add_textbox(Emu(0), Emu(0), Emu(900000), Emu(900000))
    box.text_frame.text = "Grouped words about gulls"
    second = show.slides.add_slide(show.slide_layouts[6])
    frame = second.shapes.add_table(2, 2, Emu(0), Emu(0), Emu(900000), Emu(900000))
    for cell, text in zip(frame.table.iter_cells(), ("Year", "Ships", "1900", "77"), strict=True):
        cell.text = text
    data = CategoryChartData()
    data.categories = ["Spring", "Autumn"]
    data.add_series("Landings", (12, 34.5))
    second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Emu(0), Emu(0), Emu(900000), Emu(900000), data)
    drawn = second.shapes.add_picture(picture(), Emu(0), Emu(0))
    drawn._element.nvPicPr.cNvPr.set("descr", "Map of the three basins")
    third = show.slides.add_slide(show.slide_layouts[5])
    third.shapes.title.text = "Thanks"
    third.notes_slide.notes_text_frame.text = "Remember to thank the pilots"
    show.save(str(path))
    _add_slide_comments(path)
    return Made(
        path,
        {
            "The old harbour": "slide 1",
            "Closed in 1931": "slide 1",
            "Grouped words about gulls": "slide 1",
            "1900 | 77": "slide 2",
            "Autumn | 34.5": "slide 2",
            "Map of the three basins": "slide 2, picture description",
            "Thanks": "slide 3",
            "Remember to thank the pilots": "slide 3, notes",
            "Is the year right?": "slide 1, comment by Ben Oki",
            "Threaded question": "slide 3, comment by Cleo Sand",
            "Threaded reply": "slide 3, comment by Dan Roe",
            "Harbour talk": "property Title",
        },
        title="Harbour talk",
        pages=3,
        outline=("The old harbour", "Thanks"),
        lines=("Built in 1874", "Year | Ships", "Landings"),
    )


def _add_slide_comments(path: Path) -> None:
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    modern = "http://schemas.microsoft.com/office/2018/10/relationships/"

    def link(target: str, kind: str) -> Callable[[str], str]:
        return lambda xml: xml.replace(
            "</Relationships>", f'<Relationship Id="rId{abs(hash(target))}" Type="{kind}" Target="{target}"/></Relationships>'
        )

    space = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    threaded = (
        'xmlns:p188="http://schemas.microsoft.com/office/powerpoint/2018/8/main" '
        'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    )
    body = "<p188:txBody><a:bodyPr/><a:p><a:r><a:t>{}</a:t></a:r></a:p></p188:txBody>"
    changed(
        path,
        {
            "ppt/commentAuthors.xml": f'<p:cmAuthorLst {space}><p:cmAuthor id="0" name="Ben Oki"/></p:cmAuthorLst>',
            "ppt/comments/comment1.xml": f'<p:cmLst {space}><p:cm authorId="0"><p:text>Is the year right?</p:text></p:cm></p:cmLst>',
            "ppt/authors.xml": f'<p188:authorLst {threaded}><p188:author id="{{C}}" name="Cleo Sand"/>'
            '<p188:author id="{D}" name="Dan Roe"/></p188:authorLst>',
            "ppt/comments/modern1.xml": f'<p188:cmLst {threaded}><p188:cm id="{{1}}" authorId="{{C}}"><p188:replyLst>'
            f'<p188:reply id="{{2}}" authorId="{{D}}">'
            f"{body.format('Threaded reply')}</p188:reply></p188:replyLst>{body.format('Threaded question')}</p188:cm></p188:cmLst>",
            "ppt/_rels/presentation.xml.rels": lambda xml: link("authors.xml", modern + "authors")(
                link("commentAuthors.xml", relation + "commentAuthors")(xml)
            ),
            "ppt/slides/_rels/slide1.xml.rels": link("../comments/comment1.xml", relation + "comments"),
            "ppt/slides/_rels/slide3.xml.rels": link("../comments/modern1.xml", modern + "comments"),
        },
    )


def xlsx(folder: Path) -> Made:
    """Two sheets, one hidden: text, dates, shares, whole and broken numbers, a cell comment."""
    from datetime import date, datetime, time

    path = folder / "figures.xlsx"
    book = Workbook()
    book.properties.title, book.properties.creator = "Harbour figures", "Ana Lopes"
    sheet = book.active
    sheet.title = "Year"
    sheet.append(["Month", "Ships", "Share"])
    sheet.append(["March", 1250.0, 0.125])
    sheet["C2"].number_format = "0.0%"
    sheet["B7"] = "Seven"
    sheet["B7"].comment = Comment("Counted twice", "Ben Oki")
    sheet["A9"], sheet["B9"], sheet["C9"] = date(2024, 3, 1), datetime(2024, 3, 1, 8, 30), time(17, 45)
    sheet["A10"], sheet["B10"], sheet["C10"] = 0.1 + 0.2, True, "two\nlines"
    sheet.merge_cells("A12:C12")
    sheet["A12"] = "Merged remark"
    other = book.create_sheet("Ana's list")
    other.sheet_state = "hidden"
    other["D3"] = "Kept out of sight"
    book.save(path)
    return Made(
        path,
        {
            "Month": "Year!A1",
            "1250": "Year!B2",
            "12.5%": "Year!C2",
            "Seven": "Year!B7",
            "2024-03-01 08:30": "Year!B9",
            "17:45": "Year!C9",
            "0.3": "Year!A10",
            "TRUE": "Year!B10",
            "two lines": "Year!C10",
            "Merged remark": "Year!A12",
            "March | 1250 | 12.5%": "Year!A2:C2",
            "Counted twice": "Year!B7, comment",
            "Kept out of sight": "'Ana''s list'!D3",
            "Harbour figures": "property Title",
            "Ana Lopes": "property Author",
        },
        title="Harbour figures",
        outline=("Year", "Ana's list"),
        lines=("Month | Ships | Share", "2024-03-01 | 2024-03-01 08:30 | 17:45"),
    )


def html(folder: Path) -> Made:
    """An article between a menu and a footer, declared in a code page of its own."""
    path = folder / "page.html"
    filler = "The keeper wrote down every ship that passed, its flag, its cargo and the weather of the day. " * 5
    path.write_bytes(
        f"""<!DOCTYPE html><html><head>
    <meta http-equiv="Content-Type" content="text/html; charset=windows-1252">
    <title>The lighthouse – a log</title>
    <meta name="description" content="Ten years of watching ships"><meta name=author content="Zoë Marsh">
    <style>p {{ color: red }}</style><script>var hidden = "never shown";</script></head><body>
    <nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop our lamps</a></li></ul></nav>
    <main><article><h1>The lighthouse</h1><p>It was lit
       in <b>1874</b>, says the caf\u00e9\u2019s owner.</p><p>{filler}</p><h2>Ships</h2><p>{filler}</p>
    <ul><li>brigs</li><li>schooners</li></ul><p style="display:none">Buy followers</p>
    <table><caption>Passages</caption><tr><th>Year</th><th>Ships</th></tr><tr><td>1900</td><td>77<br>sail</td></tr></table>
    <pre>for ship in fleet:
        count(ship)</pre><h2>Storms</h2><p>{filler}</p><p>The great storm came in <a href="/1881">October</a>.</p></article></main>
    <footer><p>Imprint and cookies policy</p></footer></body></html>""".encode("cp1252")
    )
    return Made(
        path,
        {
            "It was lit in 1874, says the café’s owner.": "“The lighthouse”",
            "schooners": "“The lighthouse › Ships”",
            "1900 | 77 sail": "“The lighthouse › Ships”",
            "Passages": "“The lighthouse › Ships”",
            "The great storm came in October.": "“The lighthouse › Storms”",
            "The lighthouse – a log": "property Title",
            "Ten years of watching ships": "property Description",
            "Zoë Marsh": "property Author",
        },
        absent=("Shop our lamps", "never shown", "cookies policy", "color: red", "Buy followers"),
        title="The lighthouse – a log",
        outline=("The lighthouse", "Ships", "Storms"),
        lines=("brigs", "Year | Ships", "        count(ship)"),
    )


MAKERS: tuple[Callable[[Path], Made], ...] = (docx, pptx, xlsx, html)
