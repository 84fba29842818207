"""Read Rich Text documents: body, tables, notes, comments, margins and properties; deleted text is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.manuscript import Headings, Manuscript, in_body, one_line
from halo_app.parsing.rtf_reader import BODY, PROPERTIES, Block, RtfReader
from halo_app.plugins import Limits

_AFTER_BODY = ("footnote", "comment", "header", "footer")


class RichTextParser:
    """RTF files of any program."""

    types: Mapping[str, str] = {"rtf": "rtf"}
    about: str = "Rich Text documents: heading or paragraph; comments, notes, headers and footers"
    libraries: tuple[str, ...] = ()

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the text with heading paths as places; notes, comments and margins stand after the body."""
        data = path.read_bytes()
        if not data.lstrip()[:5].startswith(b"{\\rtf"):
            raise UnreadableFile(f"“{name}” is not a Rich Text document", fix="give it its true suffix")
        written = Manuscript(name, limits)
        blocks = list(RtfReader(data).blocks())
        write_blocks(blocks, written)
        found = [(block.stream, one_line(block.text)) for block in blocks if block.stream in PROPERTIES]
        return written.build(title=written.properties(found))


def write_blocks(blocks: Iterable[Block], written: Manuscript) -> None:
    """Write the body in order, then notes, comments and margins, equal margins once."""
    apart = _write_body(blocks, written)
    for stream in _AFTER_BODY:
        seen: set[str] = set()
        for block in apart.get(stream, ()):
            text = block.text or " | ".join(cell for cell in block.cells if cell)
            if stream in ("header", "footer") and text in seen:
                continue
            seen.add(text)
            shown = f"{block.author}: {text}" if block.author else text
            written.block(shown, Locator(Place.PART, f"comment by {block.author}" if block.author else stream))


def _write_body(blocks: Iterable[Block], written: Manuscript) -> dict[str, list[Block]]:
    headings = Headings()
    apart: dict[str, list[Block]] = {}
    paragraphs = 0
    last = Block(BODY)
    for block in blocks:
        if block.stream == "picture description":
            written.block(block.text, headings.locator(in_body(max(paragraphs, 1))))
        elif block.stream != BODY:
            apart.setdefault(block.stream, []).append(block)
            continue
        elif block.cells:
            paragraphs += not last.cells
            place = headings.locator(in_body(paragraphs))
            written.row([(cell, place) for cell in block.cells], first=not last.cells)
        else:
            paragraphs += 1
            if block.level:
                headings.enter(block.level, block.text)
                written.entry(block.text, block.level, headings.locator())
            else:
                write = written.line if block.listed and last.listed else written.block
                write(block.text, headings.locator(in_body(paragraphs)))
        last = block
    return apart


PARSER = RichTextParser()
