"""What the reader's script is told about a source, as plain trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from halo_app.domain.artifact import Guide
from halo_app.domain.grids import Cell
from halo_app.domain.source import Source
from halo_app.domain.viewing import Found
from halo_app.ports import Boxes
from halo_app.services.viewing import Layout
from halo_app.services.where_cited import Mention
from halo_app.ui.words import day, many, shortened, size

QUOTE_SHOWN = 220
_PAGES = {"chat": "/", "note": "/notes", "output": "/studio"}
_KINDS = {
    "pdf": "PDF", "docx": "Word document", "doc": "Word document", "odt": "OpenDocument text", "rtf": "Rich text", "md": "Markdown",
    "txt": "Plain text", "html": "Web page", "epub": "E-book", "xlsx": "Excel spreadsheet", "xls": "Excel spreadsheet",
    "ods": "OpenDocument spreadsheet", "csv": "Table (CSV)", "tsv": "Table (TSV)", "pptx": "PowerPoint slides",
    "ppt": "PowerPoint slides", "odp": "OpenDocument slides", "eml": "E-mail", "msg": "E-mail (Outlook)", "mp3": "Recording (MP3)",
    "wav": "Recording (WAV)", "m4a": "Recording (M4A)", "ogg": "Recording (Ogg)", "flac": "Recording (FLAC)",
    "vtt": "Subtitles (WebVTT)", "srt": "Subtitles (SubRip)", "png": "Picture (PNG)", "jpeg": "Picture (JPEG)",
    "webp": "Picture (WebP)", "tiff": "Picture (TIFF)", "gif": "Picture (GIF)", "bmp": "Picture (BMP)", "json": "JSON",
}
SLIDES = frozenset({"pptx", "ppt", "odp"})


def layout(made: Layout) -> dict[str, Any]:
    """Return how the source is laid out, and what is known about it."""
    source = made.source
    return {
        "type": source.type, "pages": source.pages or 0, "characters": made.characters, "missing": source.missing,
        "views": made.views, "played": made.is_played, "pieces": list(made.pieces),
        "outline": [[line.start, line.level, line.title] for line in made.outline],
        "beside": [[place.start, place.label, place.page] for place in made.beside],
        "grids": [{"name": grid.name, "rows": grid.rows, "columns": grid.columns, "widths": grid.widths} for grid in made.grids],
        "details": details(source), "language": source.language, "remarks": remarks(source),
        "original": "" if source.missing else f"/files/original/{source.id}",
    }


def details(source: Source) -> list[tuple[str, str]]:
    """Return what is known about the source, as (name, value)."""
    pages = "Slides" if source.type in SLIDES else "Pages"
    origin = {"": "A file", "pasted text": "Pasted text"}.get(source.origin, source.origin)
    found = [
        ("Kind", _KINDS.get(source.type, source.type.upper())), ("Title", source.title), ("Size", size(source.size_bytes)),
        (pages, f"{source.pages:,}" if source.pages else ""), ("Text", many(source.characters, "character")),
        ("Split into", many(source.chunks, "passage")), ("Added", day(source.created_at)), ("From", origin),
        ("SHA-256 of the original", source.sha256),
    ]
    return [(name, value) for name, value in found if value]


def remarks(source: Source) -> list[str]:
    """Return what the reader should know about this source, one short sentence each."""
    missing = "The original was removed from the data directory; its text is still here" if source.missing else ""
    return [words[:1].upper() + words[1:] for words in (missing, *source.remarks) if words]


def found(hits: Found) -> dict[str, Any]:
    """Return where words occur."""
    return {"spans": hits.spans, "total": hits.total, "apart": hits.apart}


def rows(cells: Sequence[tuple[Cell, str]]) -> list[list[Any]]:
    """Return cells of a table with their words."""
    return [[cell.row, cell.column, cell.start, cell.end, text, cell.remark] for cell, text in cells]


def cells(sheet: int, touched: Sequence[Cell]) -> dict[str, Any]:
    """Return the cells that a passage touches."""
    return {"sheet": sheet, "cells": [[cell.row, cell.column] for cell in touched]}


def boxes(found: Boxes) -> dict[str, Any]:
    """Return where a quote stands on a page."""
    return {"boxes": found.boxes, "ocr": found.by_ocr}


def guide(made: Guide) -> dict[str, Any]:
    """Return the guide; each sentence of the summary with its place."""
    sentences = [(said, said.citations[0]) for said in made.summary if said.citations]
    return {
        "summary": [{"text": said.text, "start": place.start, "end": place.end, "where": place.locator} for said, place in sentences],
        "terms": made.terms, "questions": made.questions, "tables": made.tables,
    }


def cited(mentions: Sequence[Mention]) -> list[dict[str, Any]]:
    """Return where the source was cited, each with the way there."""
    return [
        {"kind": one.kind, "id": one.record_id, "turn": one.turn, "title": one.title, "when": day(one.when),
         "address": f"{_PAGES[one.kind]}?{one.kind}={one.record_id}", "where": one.citation.locator,
         "start": one.citation.start, "end": one.citation.end, "quote": shortened(one.citation.quote, QUOTE_SHOWN)}
        for one in mentions
    ]
