"""The text inside drawings of Office files: shapes' paragraphs, charts, diagrams."""

from __future__ import annotations

from collections.abc import Iterator

from halo_app.parsing.manuscript import CELL_GAP, flowing, one_line
from halo_app.parsing.ooxml import relations, text_runs
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants, local
from halo_app.parsing.zipped import Package


def paragraphs(body: Element | None) -> list[str]:
    """Return the paragraphs of a DrawingML text body, empty ones left out."""
    texts = (flowing(text_runs(paragraph)) for paragraph in children(body, "p"))
    return [text for text in texts if text]


def linked_texts(element: Element, package: Package, member: str) -> Iterator[list[str]]:
    """Yield the lines of each chart or diagram that a graphic frame inside the part `member` links to."""
    frames = [below for below in element.iter() if local(below) in ("chart", "relIds") and below.attrib]
    if not frames:
        return
    targets = {link.id: link.target for link in relations(package, member)}
    for frame in frames:
        target = targets.get(attribute(frame, "dm") or attribute(frame, "id"), "")
        root = package.xml_or_none(target) if target else None
        if root is not None:
            yield chart_lines(root) if local(frame) == "chart" else diagram_lines(root)


def chart_lines(root: Element) -> list[str]:
    """Return a chart's titles and one line per category: the category and the value of each series."""
    lines = [one_line(" ".join(paragraphs(rich))) for rich in descendants(root, "rich")]
    names: list[str] = []
    table: dict[str, list[str]] = {}               # index of a point -> its category and a value of each series
    for series in descendants(root, "ser"):
        names.append(one_line(" ".join(_points(child(series, "tx")).values())))
        categories = _points(next(children(series, "cat", "xVal"), None))
        values = _points(next(children(series, "val", "yVal"), None))
        for index, value in values.items():
            row = table.setdefault(index, [""])
            row[0] = row[0] or categories.get(index, "")
            row += [""] * (len(names) - len(row)) + [value]
    head = CELL_GAP.join(name for name in names if name)
    rows = [CELL_GAP.join(cell for cell in row if cell) for row in table.values()]
    return [line for line in (*lines, head, *rows) if line]


def _points(holder: Element | None) -> dict[str, str]:
    """Index -> text of the cached points of a chart reference."""
    found: dict[str, str] = {}
    for point in descendants(holder, "pt"):
        text = one_line(all_text(child(point, "v")))
        if text:
            found.setdefault(point.get("idx", str(len(found))), plain_number(text))
    if not found and holder is not None and (text := one_line(all_text(child(holder, "v")))):
        found["0"] = text
    return found


def diagram_lines(root: Element) -> list[str]:
    """Return the texts of a SmartArt diagram's points, in file order."""
    lines = []
    for body in descendants(root, "t"):
        text = one_line(" ".join(paragraphs(body)))
        if text:
            lines.append(text)
    return lines


def plain_number(text: str) -> str:
    """Return a number as people write it: `1250.0` as `1250`, `0.30000000000000004` as `0.3`; other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    if number != number or number in (float("inf"), float("-inf")) or text.strip().lower().startswith(("0x", "+")):
        return text
    if number.is_integer() and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.15g}" if len(text) > 15 else text
