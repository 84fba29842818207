"""Makes OpenDocument files, a book, feeds, XML, Rich Text and mails by hand, and knows where every phrase of them stands."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from tests.documents_office import Made, docx, zipped

_SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"), ("style", "style"), ("meta", "meta"),
        ("presentation", "presentation"), ("svg", "svg-compatible"), ("chart", "chart"), ("manifest", "manifest"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
_NOTE = '<office:annotation office:name="1"><dc:creator>{}</dc:creator><dc:date>2024-01-01</dc:date><text:p>{}</text:p></office:annotation>'


def open_document(path: Path, kind: str, body: str, *, automatic: str = "", styles: str = "", more: dict[str, str] | None = None) -> Path:
    """Write an OpenDocument package of this kind (text, presentation, spreadsheet)."""
    meta = "<dc:title>Harbour papers</dc:title><meta:initial-creator>Ana Lopes</meta:initial-creator><meta:keyword>pier</meta:keyword>"
    return zipped(path, {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_SPACES} office:version="1.3">'
                       f"<office:automatic-styles>{automatic}</office:automatic-styles>"
                       f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_SPACES}>{styles}</office:document-styles>",
        "meta.xml": f"<office:document-meta {_SPACES}><office:meta>{meta}</office:meta></office:document-meta>",
        **(more or {}),
        "META-INF/manifest.xml": f"<manifest:manifest {_SPACES}/>",
    })


def odt(folder: Path) -> Made:
    """A text with headings by rank and by style, a list, a table, a note, comments, margins, tracked changes."""
    body = f"""<text:tracked-changes><text:changed-region><text:deletion><text:p>Deleted long ago</text:p></text:deletion>
    </text:changed-region></text:tracked-changes>
    <text:p>Before any heading.</text:p><text:h text:outline-level="1">Design</text:h>
    <text:p>The pier <text:span>is made</text:span><text:s text:c="2"/>of oak{_NOTE.format("Ben", "Which oak?")}.
    <text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>From the north.</text:p></text:note-body>
    </text:note></text:p><text:p text:style-name="P1">Scope</text:p>
    <text:list><text:list-item><text:p>Planks</text:p><text:list><text:list-item><text:p>Long planks</text:p></text:list-item></text:list></text:list-item>
    <text:list-item><text:p>Piles</text:p></text:list-item></text:list>
    <table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Wood</text:p></table:table-cell><table:table-cell>
    <text:p>Price</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>Oak</text:p>
    </table:table-cell><table:table-cell><text:p>1250</text:p></table:table-cell></table:table-row></table:table>
    <text:p><draw:frame><draw:text-box><text:p>Boxed remark</text:p></draw:text-box></draw:frame>
    <draw:frame><draw:image xlink:href="x.png"/><svg:desc>A heron on the pier</svg:desc></draw:frame></text:p>"""
    path = open_document(folder / "report.odt", "text", body,
                         automatic='<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Heading_20_2"/>',
                         styles='<office:styles><style:style style:name="Heading_20_2" style:default-outline-level="2"/></office:styles>'
                                "<office:master-styles><style:master-page><style:header><text:p>Harbour office</text:p></style:header>"
                                "<style:footer><text:p>Recycled paper</text:p></style:footer></style:master-page></office:master-styles>")
    return Made(path, {
        "Before any heading.": "paragraph 1", "The pier is made of oak.": "“Design”", "Long planks": "“Design › Scope”",
        "Oak | 1250": "“Design › Scope”", "Boxed remark": "“Design › Scope”",
        "A heron on the pier": "“Design › Scope”, picture description", "From the north.": "footnote",
        "Which oak?": "comment by Ben", "Harbour office": "header", "Recycled paper": "footer",
        "Harbour papers": "property Title", "Ana Lopes": "property Author", "Keywords: pier": "property Keywords",
    }, absent=("Deleted long ago",), title="Harbour papers", outline=("Design", "Scope"), lines=("Planks", "Long planks", "Piles", "Wood | Price"))


def odp(folder: Path) -> Made:
    """Two slides: a title drawn last, a list, a table, a chart, notes, a comment."""
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    body = f"""<draw:page draw:name="page1"><draw:frame presentation:class="outline"><draw:text-box><text:list><text:list-item>
    <text:p>Built in 1874</text:p></text:list-item><text:list-item><text:p>Closed in 1931</text:p></text:list-item></text:list></draw:text-box></draw:frame>
    <draw:frame presentation:class="title"><draw:text-box><text:p>The old harbour</text:p></draw:text-box></draw:frame>
    <draw:frame presentation:class="page-number"><draw:text-box><text:p>never 1</text:p></draw:text-box></draw:frame>
    <draw:g><draw:custom-shape><text:p>Grouped words</text:p></draw:custom-shape></draw:g>{_NOTE.format("Cleo", "Is the year right?")}
    <presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Thank the pilots</text:p></draw:text-box></draw:frame>
    </presentation:notes></draw:page>
    <draw:page><draw:frame><table:table><table:table-row>{cell.format("Year")}{cell.format("Ships")}</table:table-row><table:table-row>
    {cell.format("1900")}{cell.format("77")}</table:table-row></table:table></draw:frame>
    <draw:frame><draw:object xlink:href="./Object 1"/><svg:title>Landings by season</svg:title></draw:frame></draw:page>"""
    chart = (f"<office:document-content {_SPACES}><office:body><office:chart><chart:chart><table:table><table:table-rows><table:table-row>"
             f"{cell.format('Autumn')}{cell.format('34.5')}</table:table-row></table:table-rows></table:table></chart:chart></office:chart>"
             "</office:body></office:document-content>")
    path = open_document(folder / "talk.odp", "presentation", body, more={"Object 1/content.xml": chart})
    return Made(path, {
        "The old harbour": "slide 1", "Closed in 1931": "slide 1", "Grouped words": "slide 1",
        "Is the year right?": "slide 1, comment by Cleo", "Thank the pilots": "slide 1, notes", "1900 | 77": "slide 2",
        "Autumn | 34.5": "slide 2", "Landings by season": "slide 2, picture description", "Harbour papers": "property Title",
    }, absent=("never 1",), title="Harbour papers", pages=2, outline=("The old harbour",), lines=("Built in 1874", "Year | Ships"))


def ods(folder: Path) -> Made:
    """Two sheets, one hidden: repeated cells and rows, displayed values, values without display, a comment."""
    body = f"""<table:table table:name="Year"><table:table-row><table:table-cell><text:p>Month</text:p></table:table-cell>
    <table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>Share</text:p></table:table-cell></table:table-row>
    <table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>
    <table:table-row><table:table-cell office:value-type="date" office:date-value="2024-03-01"><text:p>1 March 2024</text:p></table:table-cell>
    <table:table-cell office:value-type="float" office:value="1250.0"/>
    <table:table-cell office:value-type="percentage" office:value="0.125"/>
    <table:table-cell office:value-type="string">{_NOTE.format("Ben", "Counted twice")}<text:p>two</text:p><text:p>lines</text:p></table:table-cell>
    </table:table-row><table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"><text:p>x1</text:p></table:table-cell>
    </table:table-row><table:table-row table:number-rows-repeated="1048566"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
    </table:table><table:table table:name="Ana's list" table:style-name="ta2"><table:table-row><table:table-cell><text:p>Out of sight</text:p>
    </table:table-cell></table:table-row></table:table>"""
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    path = open_document(folder / "figures.ods", "spreadsheet", body, automatic=hidden)
    return Made(path, {
        "Month": "Year!A1", "Share": "Year!D1", "1 March 2024": "Year!A5", "1250": "Year!B5", "12.5%": "Year!C5",
        "two lines": "Year!D5", "x1 | x1\nx1 | x1": "Year!A6:B7", "Counted twice": "Year!D5, comment",
        "Out of sight": "'Ana''s list'!A1", "Ana Lopes": "property Author",
    }, title="Harbour papers", outline=("Year", "Ana's list"), lines=("Month | Share", "1 March 2024 | 1250 | 12.5% | two lines"))


def epub(folder: Path) -> Made:
    """A book whose contents name chapters at files and inside a file; paths with folders and escapes."""
    page = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'
    opf = """<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:title>Ships and Tides</dc:title><dc:creator>Ana Lopes</dc:creator><dc:description>&lt;p&gt;A &lt;b&gt;small&lt;/b&gt; book&lt;/p&gt;</dc:description>
    </metadata><manifest><item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="c" href="text/cover%20page.xhtml" media-type="application/xhtml+xml"/><item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
    <item id="two" href="text/two.xhtml" media-type="application/xhtml+xml"/></manifest>
    <spine><itemref idref="c"/><itemref idref="two"/><itemref idref="one"/></spine></package>"""
    nav = """<nav epub:type="toc" xmlns:epub="http://www.idpf.org/2007/ops"><ol><li><a href="text/two.xhtml">Loomings</a><ol>
    <li><a href="text/two.xhtml#bag">The <i>Carpet</i> Bag</a></li></ol></li><li><a href="text/one.xhtml">Landfall</a></li></ol></nav>"""
    path = zipped(folder / "book.epub", {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
                                  '<rootfile full-path="OEBPS/package.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        "OEBPS/package.opf": opf, "OEBPS/nav.xhtml": page.format(nav),
        "OEBPS/text/cover page.xhtml": page.format("<p>For my sister&nbsp;Inês</p>"),
        "OEBPS/text/two.xhtml": page.format("<h1>Loomings</h1><p>Call me what you like.</p><script/><section id='bag'><h2>The Carpet Bag</h2><p>I packed it.</p></section>"),
        "OEBPS/text/one.xhtml": page.format("<h1>Landfall</h1><p>We saw <a id='x'/>land.</p>"),
    })
    return Made(path, {
        "For my sister Inês": "cover page.xhtml", "Call me what you like.": "ch. “Loomings”",
        "I packed it.": "ch. “Loomings › The Carpet Bag”", "We saw land.": "ch. “Landfall”",
        "Ships and Tides": "property Title", "Ana Lopes": "property Author", "A small book": "property Description",
    }, title="Ships and Tides", outline=("Loomings", "The Carpet Bag", "Landfall"))


def rtf(folder: Path) -> Made:
    """A document with code pages, Unicode, a table, a note, a comment, margins, deletions, properties."""
    path = folder / "letter.rtf"
    path.write_bytes(rb"""{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Cyr;}}{\colortbl;\red0\green0\blue0;}
{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 heading 2;}}{\info{\title Harbour letter}{\author Ana Lopes}{\creatim\yr2024}}
{\header\pard Harbour office\par}{\footer\pard Recycled paper\par}{\*\generator Secret Writer;}
\pard Caf\'e9 before any heading.\par\pard\s1 Design\par\pard The pier is {\b made} of oak\u8217?s heart{\footnote\pard\chftn From the north.}.
 It is \emdash  {\deleted thrown away }kept.\par \pard {\f1 \'cc\'ee\'f1\'f2}\par
\pard\s2 Scope\par{\listtext 1.\tab}\pard\ls1 Planks\par{\listtext 2.\tab}Piles\par
\pard\plain Remarked{\*\atnid AL}{\*\atnauthor Ben Oki}\chatn{\*\annotation{\*\atnref 1}\pard Which oak?} text.\par
\trowd\cellx1000\cellx2000\pard\intbl Wood\cell Price\cell\row\trowd\cellx1000\cellx2000\pard\intbl Oak\par red\cell 1250\cell\row
\pard{\field{\*\fldinst HYPERLINK "http://nowhere.invalid"}{\fldrslt A link}} here. {\pict\pngblip 89504e47}\u-10179?\u-8694?\par}""".replace(b"\r\n", b"\n"))
    return Made(path, {
        "Café before any heading.": "paragraph 1", "The pier is made of oak’s heart. It is — kept.": "“Design”",
        "Мост": "“Design”", "Piles": "“Design › Scope”", "Remarked text.": "“Design › Scope”",
        "Oak red | 1250": "“Design › Scope”", "A link here. 😊": "“Design › Scope”", "From the north.": "footnote",
        "Which oak?": "comment by Ben Oki", "Harbour office": "header", "Recycled paper": "footer",
        "Harbour letter": "property Title", "Ana Lopes": "property Author",
    }, absent=("thrown away", "nowhere.invalid", "Secret Writer", "89504e47", "2024"), title="Harbour letter", outline=("Design", "Scope"),
        lines=("Planks", "Wood | Price"))


def xml(folder: Path) -> Made:
    """Records with equal elements, attributes, escaped markup and prose."""
    path = folder / "harbours.xml"
    path.write_text("""<?xml version="1.0"?><!DOCTYPE list [<!ENTITY sea "North Sea">]><!-- unseen --><list><harbour depth="12 m"><name>Mira</name>
    <water>&sea;</water></harbour><harbour><name>Alba &amp; Sons</name><text>Ships <em>wait</em> outside.</text>
    <note>&lt;p&gt;Mind the &lt;b&gt;rocks&lt;/b&gt;&lt;/p&gt;</note></harbour></list>""", encoding="utf-8")
    return Made(path, {
        "depth: 12 m": "“list › harbour[1] › @depth”", "name: Mira": "“list › harbour[1] › name”",
        "water: North Sea": "“list › harbour[1] › water”", "name: Alba & Sons": "“list › harbour[2] › name”",
        "Ships wait outside.": "“list › harbour[2] › text”", "Mind the rocks": "“list › harbour[2] › note”",
    }, absent=("unseen", "<b>"))


def rss(folder: Path) -> Made:
    """A feed with a summary, markup in CDATA and escaped markup."""
    path = folder / "news.rss"
    path.write_text("""<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour news</title><description>All about the port</description>
    <item><title>Bridge &amp;amp; tunnel</title><dc:creator>Ana Lopes</dc:creator><description>The bridge opens.</description>
    <content:encoded><![CDATA[<h2>Opening</h2><p>The bridge opens. It is <b>long</b>.</p><ul><li>one</li><li>two</li></ul>]]></content:encoded></item>
    <item><title>Storm</title><description>&lt;p&gt;Boats are safe&amp;nbsp;now.&lt;/p&gt;</description></item></channel></rss>""", encoding="utf-8")
    return Made(path, {
        "All about the port": "“Harbour news”", "Bridge & tunnel": "“Bridge & tunnel”", "Ana Lopes": "“Bridge & tunnel”",
        "The bridge opens. It is long.": "“Bridge & tunnel”", "Boats are safe now.": "“Storm”",
    }, absent=("<b>", "CDATA"), title="Harbour news", outline=("Harbour news", "Bridge & tunnel", "Storm"), lines=("one", "two"))


def eml(folder: Path) -> Made:
    """A mail with encoded words, a page beside its text, a text, a Word file, a damaged file and a mail attached."""
    inner = EmailMessage()
    inner["Subject"], inner["From"] = "Old offer", "cleo@example.org"
    inner.set_content("We offer ninety crowns.\n")
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = "Brücke ☸ und Pier", "Ana Lopes <ana@example.org>", "ben@example.org"
    mail["Date"] = "Fri, 01 Mar 2024 08:30:00 +0000"
    mail.set_content("Dear Ben,\n\nthe pier is done. See the plan.\n")
    mail.add_alternative("<p>Dear Ben,</p><p>the pier is done. See the plan.</p>", subtype="html")
    mail.add_attachment("First line\nThe plan has nine piles.\n", filename="plän.txt")
    mail.add_attachment(docx(folder).path.read_bytes(), maintype="application", subtype="octet-stream", filename="report.docx")
    mail.add_attachment(b"%PDF-1.7 cut", maintype="application", subtype="pdf", filename="cut.pdf")
    mail.add_attachment(inner)
    path = folder / "mail.eml"
    path.write_bytes(mail.as_bytes())
    return Made(path, {
        "Brücke ☸ und Pier": "header, Subject", "Ana Lopes <ana@example.org>": "header, From", "the pier is done.": "body",
        "nine piles": "attachment plän.txt, line 2",
        "Only the northern pier is repaired.": "attachment report.docx, “Design › Scope”",
        "Check the tide tables.": "attachment report.docx, comment by Ana",
        "We offer ninety crowns.": "attachment Old offer.eml, body",
    }, title="Brücke ☸ und Pier", lines=("Dear Ben,", "Date: Fri, 01 Mar 2024 08:30:00 +0000"))


MAKERS = (odt, odp, ods, epub, rtf, xml, rss, eml)
