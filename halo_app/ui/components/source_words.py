"""What is said about a source in a line: what it is, and what the reader should know about it."""

from __future__ import annotations

from halo_app.domain.source import Source
from halo_app.ui.components import prose
from halo_app.ui.words import day, many, size

SLIDES = frozenset({"pptx", "ppt", "odp"})


def lines(source: Source) -> list[prose.Line]:
    """Return the facts and the remarks as lines to draw."""
    return [("quiet", facts(source)), *(("remark", words) for words in remarks(source))]


def facts(source: Source) -> str:
    """Return type, size, pages, passages and day in one line."""
    parts = [
        source.type.upper(),
        size(source.size_bytes),
        many(source.pages, "slide" if source.type in SLIDES else "page") if source.pages else "",
        many(source.chunks, "passage"),
        day(source.created_at),
        source.origin,
    ]
    return " · ".join(part for part in parts if part)


def remarks(source: Source) -> list[str]:
    """Return what the reader should know about this source, one short sentence each."""
    blank = ""
    if source.blank_pages:
        pages = ", ".join(str(page) for page in source.blank_pages[:8]) + (" …" if len(source.blank_pages) > 8 else "")
        blank = f"{'Page' if len(source.blank_pages) == 1 else 'Pages'} {pages} without text that can be read"
    missing = "The original was removed from the data directory; its text is still here" if source.missing else ""
    return [words[:1].upper() + words[1:] for words in (missing, blank, *source.remarks) if words]
