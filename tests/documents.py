"""Makes PDF, text, table, picture and sound files with known text, and knows where every phrase of them stands."""

from __future__ import annotations

import json
import struct
import wave
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, PdfObject, TextStringObject

from tests.documents_office import Made

PARAGRAPH = (
    "The tide table of the northern harbour was kept by hand until the spring of 1931. Each morning the keeper wrote the height of "
    "the water and the direction of the wind, and each evening he compared both with the almanac."
)


def pdf(folder: Path) -> Made:
    document = _paper()
    document.set_title("The Harbour Book")
    document.set_author("Ines Marlow")
    document.set_subject("Tides and weather")
    document.set_keywords("harbour, tide, wind")
    document.add_page()
    document.start_section("Beginnings")
    document.multi_cell(0, 6, f"Beginnings\n\n{PARAGRAPH}", new_x="LMARGIN", new_y="NEXT")
    document.text_annotation(150, 40, "Check the year with the archive.", title="Ana")
    document.add_page()
    document.add_page()
    document.start_section("Storms")
    document.multi_cell(0, 6, "Storms\n\nThe gauge rose by 214 centimetres in one night.", new_x="LMARGIN", new_y="NEXT")
    document.embed_file(bytes=b"Bring the second anchor.", basename="plan.txt", mime_type="text/plain")
    path = folder / "harbour.pdf"
    document.output(str(path))
    return Made(
        path, title="The Harbour Book", pages=3, outline=("Beginnings", "Storms"),
        places={
            "kept by hand until the spring of 1931": "p. 1", "Check the year with the archive.": "p. 1, comment by Ana",
            "214 centimetres": "p. 3", "Bring the second anchor.": "attachment plan.txt", "The Harbour Book": "property Title",
            "Ines Marlow": "property Author", "Tides and weather": "property Subject", "harbour, tide, wind": "property Keywords",
        })


def pdf_form(folder: Path) -> Made:
    """A form whose first field keeps its value with its parent, as many programs write it."""
    writer = PdfWriter()
    page = writer.add_blank_page(300, 300)

    def entry(**values: PdfObject) -> DictionaryObject:
        return DictionaryObject({NameObject(f"/{name}"): value for name, value in values.items()})

    def box(bottom: int) -> ArrayObject:
        return ArrayObject([NumberObject(number) for number in (10, bottom, 200, bottom + 30)])

    text, widget = NameObject("/Tx"), NameObject("/Widget")
    parent = entry(FT=text, T=TextStringObject("berth"), V=TextStringObject("Berth twelve, north quay"))
    above = writer._add_object(parent)
    below = writer._add_object(entry(Subtype=widget, Parent=above, Rect=box(10)))
    parent[NameObject("/Kids")] = ArrayObject([below])
    alone = writer._add_object(entry(
        Subtype=widget, FT=text, T=TextStringObject("ship"), V=TextStringObject("Ada Lovelace"), Rect=box(60)))
    page[NameObject("/Annots")] = ArrayObject([below, alone])
    writer._root_object[NameObject("/AcroForm")] = entry(Fields=ArrayObject([above, alone]))
    path = folder / "form.pdf"
    writer.write(path)
    return Made(path, pages=1, places={"Berth twelve, north quay": "p. 1, field berth", "Ada Lovelace": "p. 1, field ship"})


def pdf_columns(folder: Path) -> Made:
    document = _paper()
    document.add_page()
    things = ["oak", "ash", "elm", "yew"] * 12
    words = [f"Left column sentence {number} speaks of {thing}." for number, thing in enumerate(things, start=1)]
    with document.text_columns(ncols=2, gutter=10, text_align="J") as columns:
        columns.write(" ".join(words))
    path = folder / "columns.pdf"
    document.output(str(path))
    return Made(path, pages=1, places={"Left column sentence 1 speaks of oak": "p. 1", "sentence 48 speaks of yew": "p. 1"})


def pdf_broken_words(folder: Path) -> Made:
    document = _paper()
    document.add_page()
    for line in ("A long-term plan needs infor-", "mation about each long-", "term risk and about the North-", "South road."):
        document.cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    path = folder / "broken.pdf"
    document.output(str(path))
    return Made(path, pages=1, places={"needs information about": "p. 1", "each long-term risk": "p. 1", "North-South road": "p. 1"})


def text(folder: Path) -> Made:
    path = folder / "log.txt"
    path.write_bytes("First entry.\r\n\r\nThird line, naïve café.\rFourth “line”.".encode())
    return Made(path, places={"First entry.": "line 1", "naïve café": "line 3", "Fourth “line”.": "line 4"},
                lines=("First entry.", "", "Third line, naïve café.", "Fourth “line”."))


def markdown(folder: Path) -> Made:
    path = folder / "plan.md"
    path.write_text(
        "---\ntitle: The Plan\ntags:\n  - river\n  - bridge\n---\nBefore any heading.\n\n# Design\n\nWe use **bold** and `code_x` and "
        "[the map](https://example.org/map).\n\n## Scope ##\n\nOnly the *north* bank, ![a ferry](ferry.png).\n\n```\n# no heading\n"
        "keep **this**\n```\n\nCosts\n=====\n\n| item | price |\n|------|-------|\n| rope | 12 |\n", encoding="utf-8")
    return Made(
        path, title="The Plan", outline=("Design", "Scope", "Costs"), absent=("**bold**", "---", "====", "](", "```"),
        places={
            "The Plan": "property title", "river, bridge": "property tags", "Before any heading.": "line 7",
            "We use bold and code_x and the map (https://example.org/map).": "“Design”",
            "Only the north bank, a ferry.": "“Design › Scope”",
            "# no heading\nkeep **this**": "“Design › Scope”", "| rope | 12 |": "“Costs”",
        })


def tex(folder: Path) -> Made:
    path = folder / "paper.tex"
    path.write_text(
        "\\documentclass{article}\n\\title{On \\emph{Bridges}}\n\\author{Ana L\\'opez}\n\\begin{document}\n\\maketitle\n"
        "Opening words, 50\\% done. % a secret remark\n\n\\section{Methods}\\label{sec:m}\nWe \\textbf{measured} ropes "
        "\\cite{knuth}, where $x^2 > \\alpha$ holds.\n\\subsection*{Ropes}\nNa\\\"{\\i}ve ropes -- see ``knots''.\n"
        "\\begin{itemize}\n\\item hemp\n\\item \\href{http://example.org}{nylon rope}\n\\end{itemize}\n"
        "\\end{document}\nafter the end\n", encoding="utf-8")
    return Made(
        path, title="On Bridges", outline=("Methods", "Ropes"),
        absent=("secret remark", "after the end", "\\section", "sec:m", "itemize"),
        places={
            "On Bridges": "property title", "Ana López": "property author", "Opening words, 50% done.": "line 6",
            "We measured ropes [knuth], where $x^2 > \\alpha$ holds.": "“Methods”", "Naïve ropes – see “knots”.": "“Methods › Ropes”",
            "nylon rope": "“Methods › Ropes”",
        })


def json_file(folder: Path) -> Made:
    path = folder / "crew.json"
    path.write_text('{"ship": "Ada \\u201cthe swift\\u201d", "crew": [{"name": "Bo", "pay": 1.10}, '
                    '{"name": "Cy\\nDee", "aboard": true}]}', encoding="utf-8")
    return Made(path, places={
        '"ship": "Ada “the swift”"': "ship", '"pay": 1.10': "crew[0].pay", "Cy\nDee": "crew[1].name",
        '"aboard": true': "crew[1].aboard"})


def json_lines(folder: Path) -> Made:
    path = folder / "events.jsonl"
    path.write_text('{"event": "launch"}\n\n{"event": "landing", "at": [1, 2]}\n', encoding="utf-8")
    return Made(path, places={"launch": "line 1", "landing": "line 3"})


def jupyter(folder: Path) -> Made:
    path = folder / "study.ipynb"
    cells = [
        {"cell_type": "markdown", "source": ["# Study\n", "Of **waves**."]},
        {"cell_type": "code", "source": "print(6 * 7)", "outputs": [
            {"output_type": "stream", "text": ["42\n"]},
            {"output_type": "execute_result", "data": {"text/plain": ["'result text'"], "text/html": "<b>not this</b>"}},
            {"output_type": "error", "ename": "ValueError", "evalue": "bad", "traceback": ["\x1b[31mValueError\x1b[0m: bad wave"]}]},
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {"title": "Wave study"}, "nbformat": 4, "nbformat_minor": 5}))
    return Made(path, title="Wave study", outline=("Study",), absent=("not this", "\x1b"), places={
        "Of waves.": "cell 1", "print(6 * 7)": "cell 2", "42": "cell 2, output", "'result text'": "cell 2, output",
        "ValueError: bad wave": "cell 2, output", "Wave study": "property title"})


def webvtt(folder: Path) -> Made:
    path = folder / "talk.vtt"
    path.write_text(
        "WEBVTT - Harbour talk\n\nNOTE checked by Ana\n\n1\n00:05.000 --> 00:09.500 align:start\n"
        "<v Roger>Good <i>morning</i> &amp; welcome.\n\n"
        "01:02:03.250 --> 01:02:05.000\nThe tide turns.\nSlowly.\n", encoding="utf-8")
    return Made(path, title="Harbour talk", absent=("align", "<i>"), places={
        "Harbour talk": "property title", "checked by Ana": "note", "Roger: Good morning & welcome.": "00:00:05",
        "The tide turns.\nSlowly.": "01:02:03"})


def subrip(folder: Path) -> Made:
    path = folder / "talk.srt"
    path.write_bytes("\ufeff1\r\n00:00:01,000 --> 00:00:02,000\r\n{\\an8}<i>Hello</i> there.\r\n\r\n"
                     "2\r\n00:10:00,500 --> 00:10:02,000\r\nGoodbye.\r\n".encode())
    return Made(path, places={"Hello there.": "00:00:01", "Goodbye.": "00:10:00"})


def csv(folder: Path) -> Made:
    path = folder / "prices.csv"
    path.write_bytes('Artikel;Preis;Ort\r\n"Seil; lang";12,50;Köln\r\nAnker;;"Bad\r\nTölz"\r\n'.encode("cp1252"))
    return Made(path, places={"Artikel": "A1", "Seil; lang": "A2", "12,50": "B2", "Köln": "C2", "Bad Tölz": "C3",
                              "Seil; lang | 12,50 | Köln": "A2:C2", "Köln\nAnker": "A2:C3"},
                lines=("Artikel | Preis | Ort", "Anker | Bad Tölz"))


def tsv(folder: Path) -> Made:
    path = folder / "teams.tsv"
    path.write_text("team\tcups\nBlues, Inc.\t1\nLeafs\t13\n", encoding="utf-16")
    return Made(path, places={"Blues, Inc.": "A2", "13": "B3"})


def png(folder: Path) -> Made:
    path = folder / "sign.png"
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Title", "Harbour sign")
    notes.add_itxt("Description", "Schild am Kai, grün")
    _picture("MIND THE ROPES").save(path, pnginfo=notes)
    return Made(path, places={"Harbour sign": "property PNG Title", "Schild am Kai, grün": "property PNG Description"})


def jpeg(folder: Path) -> Made:
    path = folder / "pier.jpg"
    exif = Image.Exif()
    exif[0x010E] = "The old pier at noon"
    exif[0x013B] = "Ana Marlow"
    exif[0x9C9B] = "Pier Süd".encode("utf-16-le") + b"\x00\x00"
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\x00" + "sent by mail".encode("utf-16")
    xmp = (b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
           b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>lighthouse</rdf:li></rdf:Bag></dc:subject>'
           b"</rdf:Description></rdf:RDF></x:xmpmeta>")
    _picture("NO SWIMMING").save(path, "JPEG", exif=exif, xmp=xmp, comment=b"scanned twice", quality=95)
    return Made(path, places={
        "The old pier at noon": "property EXIF ImageDescription", "Ana Marlow": "property EXIF Artist",
        "Pier Süd": "property EXIF XPTitle",
        "sent by mail": "property EXIF UserComment", "lighthouse": "property XMP subject", "scanned twice": "property JPEG comment"})


def webp(folder: Path) -> Made:
    path = folder / "buoy.webp"
    exif = Image.Exif()
    exif[0x8298] = "Harbour office 1931"
    _picture("RED BUOY").save(path, lossless=True, exif=exif)
    return Made(path, places={"Harbour office 1931": "property EXIF Copyright"})


def tiff(folder: Path) -> Made:
    path = folder / "fax.tiff"
    _picture("FIRST SHEET").save(path, save_all=True, append_images=[_picture("SECOND SHEET")], tiffinfo={270: "Fax from the keeper"})
    return Made(path, pages=2, places={"Fax from the keeper": "property EXIF ImageDescription"})


def wav(folder: Path) -> Made:
    path = folder / "bell.wav"
    silence = BytesIO()
    with wave.open(silence, "wb") as sound:
        sound.setparams((1, 1, 8000, 0, "NONE", ""))
        sound.writeframes(b"\x80" * 8000)
    tags = b"INFO" + b"".join(_riff(name, value + b"\x00") for name, value in ((b"INAM", b"Harbour bell"), (b"IART", b"Ines Marlow")))
    body = silence.getvalue()[8:] + _riff(b"LIST", tags)
    path.write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    return Made(path, title="Harbour bell", places={"Harbour bell": "property title", "Ines Marlow": "property artist"})


def mp3(folder: Path) -> Made:
    path = folder / "waves.mp3"

    def frame(name: bytes, value: bytes) -> bytes:
        return name + struct.pack(">IH", len(value), 0) + value

    tags = (frame(b"TIT2", b"\x01" + "Wellen, grün".encode("utf-16")) + frame(b"TALB", b"\x00Sea sounds")
            + frame(b"COMM", b"\x00eng\x00recorded at dawn") + frame(b"USLT", b"\x00eng\x00Row, row the boat"))
    size = bytes(len(tags) >> shift & 0x7F for shift in (21, 14, 7, 0))
    silence = (b"\xff\xfb\x90\x00" + bytes(413)) * 40
    path.write_bytes(b"ID3\x03\x00\x00" + size + tags + silence)
    return Made(path, title="Wellen, grün", places={
        "Wellen, grün": "property title", "Sea sounds": "property album", "recorded at dawn": "property comment",
        "Row, row the boat": "property lyrics"})


def m4a(folder: Path) -> Made:
    path = folder / "gulls.m4a"

    def atom(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body) + 8) + name + body

    def tag(name: bytes, value: bytes) -> bytes:
        return atom(name, atom(b"data", struct.pack(">II", 1, 0) + value))

    tags = atom(b"ilst", tag(b"\xa9nam", b"Gulls at noon") + tag(b"\xa9ART", b"Bo Lind"))
    path.write_bytes(atom(b"ftyp", b"M4A \x00\x00\x00\x00M4A mp42") + atom(b"moov", atom(b"udta", atom(b"meta", bytes(4) + tags))))
    return Made(path, title="Gulls at noon", places={"Gulls at noon": "property title", "Bo Lind": "property artist"})


def ogg(folder: Path) -> Made:
    path = folder / "wind.ogg"

    def page(number: int, packet: bytes, flags: int) -> bytes:
        lacing = bytes([255] * (len(packet) // 255) + [len(packet) % 255])
        return struct.pack("<4sBBqIIIB", b"OggS", 0, flags, 0, 7, number, 0, len(lacing)) + lacing + packet

    comments = [b"TITLE=Wind in the masts", b"DESCRIPTION=two hours before the storm"]
    listed = b"".join(struct.pack("<I", len(comment)) + comment for comment in comments)
    packed = struct.pack("<I", 4) + b"test" + struct.pack("<I", len(comments)) + listed
    head = b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 1, 8000, 0, 64000, 0, 0xB8, 1)
    path.write_bytes(page(0, head, 2) + page(1, b"\x03vorbis" + packed + b"\x01", 0))
    return Made(path, title="Wind in the masts", places={
        "Wind in the masts": "property title", "two hours before the storm": "property comment"})


MAKERS: tuple[Callable[[Path], Made], ...] = (
    pdf, pdf_form, pdf_columns, pdf_broken_words, text, markdown, tex, json_file, json_lines, jupyter, webvtt, subrip, csv, tsv,
    png, jpeg, webp, tiff, wav, mp3, m4a, ogg,
)


def scanned_pdf(path: Path, *sheets: str) -> Path:
    """A PDF whose pages are pictures of text."""
    document = FPDF()
    for sheet in sheets:
        document.add_page()
        document.image(_picture(sheet), w=180)
    document.output(str(path))
    return path


def locked_pdf(path: Path) -> Path:
    """A PDF that opens only with a password."""
    document = _paper()
    document.set_encryption(owner_password="keeper", user_password="harbour")
    document.add_page()
    document.cell(text="Nobody reads this.")
    document.output(str(path))
    return path


def _paper() -> FPDF:
    document = FPDF()
    document.set_font("Helvetica", size=12)
    return document


def _picture(words: str) -> Image.Image:
    """Big black letters on white; the font comes with Pillow."""
    picture = Image.new("RGB", (900, 200), "white")
    ImageDraw.Draw(picture).text((60, 60), words, fill="black", font=ImageFont.load_default(size=64))
    return picture


def _riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\x00" * (len(body) % 2)
