"""Jupyter notebooks: the cells in order with their outputs; the cell is the place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.parsing.markdown import add_markdown
from halo_app.plugins import Limits

_TERMINAL_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_SHOWN = ("text/markdown", "text/plain", "text/latex")


@dataclass(frozen=True)
class NotebookCells:
    """Jupyter notebooks: cells are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"ipynb": "ipynb"})
    about: str = "text and code cells with their outputs, title and authors; places are cells"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        try:
            tree = json.loads(text)
            cells = list(tree["cells"] if "cells" in tree else (cell for sheet in tree["worksheets"] for cell in sheet["cells"]))
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableFile(f"“{name}” is not a notebook: its cells cannot be found", fix="save it again in Jupyter") from error
        builder = TextBuilder(name, limits)
        for number, cell in enumerate(cells, start=1):
            _add_cell(builder, cell, number)
        metadata = tree.get("metadata", {})
        for key, value in _properties(metadata):
            builder.property(key, value)
        return builder.build(title=str(metadata.get("title", "")))


def _add_cell(builder: TextBuilder, cell: Mapping[str, Any], number: int) -> None:
    place = Locator(Place.PATH, f"cell {number}")
    source = _joined(cell.get("source", cell.get("input", "")))
    kind = cell.get("cell_type")
    if kind == "markdown":
        add_markdown(builder, ["", *source.split("\n")], place=place)
    elif kind == "heading":                       # the third version of the format
        builder.heading(source, int(cell.get("level", 1)), place)
    else:
        builder.add(source, place, gap="\n\n")
    for output in cell.get("outputs", ()):
        for shown in _shown(output):
            builder.add(_TERMINAL_COLOUR.sub("", shown), Locator(Place.PATH, f"cell {number}", "output"))


def _shown(output: Mapping[str, Any]) -> Iterator[str]:
    kind = output.get("output_type")
    if kind == "stream":
        yield _joined(output.get("text", ""))
    elif kind in ("error", "pyerr"):
        yield _joined([f"{line}\n" for line in output.get("traceback", ())]) or f"{output.get('ename')}: {output.get('evalue')}"
    else:
        data = output.get("data", {"text/plain": output.get("text", "")})
        found = next((data[media] for media in _SHOWN if data.get(media)), "")
        yield _joined(found) or _page_text(_joined(data.get("text/html", "")))


def _page_text(page: str) -> str:
    """Return the visible text of an output that is a piece of a web page only."""
    from halo_app.parsing.html_text import read_html, visible_text

    return visible_text(read_html(page.encode(), "output", charset="utf-8")) if page.strip() else ""


def _properties(metadata: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if metadata.get("title"):
        yield "title", str(metadata["title"])
    authors = [str(author.get("name", "")) if isinstance(author, dict) else str(author) for author in metadata.get("authors") or ()]
    if authors:
        yield "authors", ", ".join(filter(None, authors))


def _joined(source: Any) -> str:
    return source if isinstance(source, str) else "".join(map(str, source)) if isinstance(source, list) else ""


PARSER = NotebookCells()
