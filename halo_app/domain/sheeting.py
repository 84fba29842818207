"""Read the sections of an output as rows of a sheet: tables as they are, all else one statement a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.conversation import Citation, Sentence
from halo_app.domain.flowing import gapped

PLAIN_COLUMNS = ("Heading", "Text", "Source", "Place")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named sheet: the names of its columns, and its rows; `citations` are those of each row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    citations: tuple[tuple[Citation, ...], ...] = ()


def sheets(sections: Sequence[Section]) -> list[Sheet]:
    """Return a sheet per table, and one for everything else."""
    tables = [_table(section) for section in sections if section.layout is Layout.TABLE and section.items]
    rest = [row for section in sections for row in _statements(section)]
    return ([Sheet("Text", PLAIN_COLUMNS, tuple(rest))] if rest else []) + tables


def harmless(text: str) -> str:
    """Return the text so that no program takes it for a formula: one that begins like one gets an apostrophe; numbers stay."""
    return f"'{text}" if text.startswith(_FORMULA) and number(text) is None else text


def number(text: str) -> float | None:
    """Return the number that the whole text is, as English and programs write it; None for anything else."""
    bare = text.replace("−", "-").strip()
    if not bare or not (bare[0].isdigit() or bare[0] == "-") or bare.startswith(("00", "-0")) or "e" in bare.lower() or "_" in bare:
        return None
    try:
        return float(bare)
    except ValueError:
        return None


def _table(section: Section) -> Sheet:
    labelled = any(item.label for item in section.items)
    columns = (*(("",) if labelled else ()), *section.columns)
    rows = tuple((*((item.label,) if labelled else ()), *(_flat(cell) for cell in item.cells)) for item in section.items)
    return Sheet(section.title, columns, rows, tuple(tuple(one for said in item.said for one in said.citations)
                                                     for item in section.items))


def _statements(section: Section) -> Iterator[tuple[str, ...]]:
    for sentence in section.sentences:
        yield _row(section.title, sentence)
    for item in section.items if section.layout is not Layout.TABLE else ():
        label = gapped(item)
        for sentence in (*item.sentences, *(said for cell in item.cells for said in cell)):
            yield _row(f"{section.title}: {label}" if label else section.title, sentence)


def _row(heading: str, sentence: Sentence) -> tuple[str, ...]:
    first = sentence.citations[0] if sentence.citations else None
    return heading, " ".join(sentence.text.split()), first.source if first else "", first.locator if first else ""


def _flat(cell: Sequence[Sentence]) -> str:
    return "; ".join(" ".join(sentence.text.split()) for sentence in cell)
