"""A data table: the columns a reader names, one row per source, exact values; or all tables and figures of the sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.gridding import Grid, grids
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

ROWS, FIGURES, MOST_COLUMNS, TABLES = 200, 25, 12, 12


class DataTable:
    """A value is the characters that stand in the source, or the cell stays empty."""

    name = "data-table"
    title = "Data table"
    german = "Datentabelle"
    group = Group.FIND
    shape = Layout.TABLE
    purpose = "Columns you name, filled with exact values from each source; or every table and figure there is."
    options = (Option("columns", "Columns", "Separated by commas, for example: price, power, weight. All tables when left empty."),)

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the named columns, or the tables as they stand and the figures in sentences; when there are none, say so."""
        wrote = False
        for section in self._named(corpus) if corpus.wishes.own.get("columns", "") else self._everything(corpus):
            wrote = True
            yield section
        if not wrote and corpus.said:
            wanted = corpus.wishes.own.get("columns", "")
            yield corpus.missing(corpus.our("Values", "Werte"), f"These sources give no values{f' for {wanted}' if wanted else ''}.",
                                 f"Diese Quellen nennen keine Werte{f' zu {wanted}' if wanted else ''}.", wanted
                                 or "number amount figure")

    def _named(self, corpus: Corpus) -> Iterator[Section]:
        columns = [" ".join(name.split()) for name in corpus.wishes.own["columns"].split(",") if name.strip()][:MOST_COLUMNS]
        rows = []
        for text in corpus.texts:
            tables = grids(text)
            cells = tuple(_value(corpus, text, column, tables) for column in columns)
            if any(cells):
                rows.append(Item(text.name, cells=cells))
        if rows:
            yield Section(corpus.our("Values by source", "Werte nach Quelle"), layout=Layout.TABLE, items=tuple(rows),
                          columns=tuple(columns))

    def _everything(self, corpus: Corpus) -> Iterator[Section]:
        found = [grid for text in corpus.texts for grid in grids(text)] if not corpus.wishes.focus else []
        for grid in found[:corpus.wishes.count(TABLES)]:
            yield _as_it_stands(corpus, grid)
        told = [one for one in corpus.whole if any(figure.unit not in ("th", "clock", "decade") and not figure.is_year
                                                   and not figure.days
                                                   and any(sign.isdigit() for sign in figure.text) for figure in one.figures)]
        chosen = choose(corpus, told, corpus.wishes.count(FIGURES))
        if chosen:
            rows = tuple(Item(cells=(_figures(one), (one.sentence(),))) for one in chosen)
            yield Section(corpus.our("Figures in sentences", "Zahlen in Sätzen"), layout=Layout.TABLE, items=rows,
                          columns=(corpus.our("Values", "Werte"), corpus.our("Where they stand", "Wo sie stehen")))


def _as_it_stands(corpus: Corpus, grid: Grid) -> Section:
    width = min(len(grid.columns), MOST_COLUMNS)
    rows = tuple(Item(cells=tuple((grid.of.quote(row[at].start, row[at].end),) if at < len(row) and row[at].text else ()
                                  for at in range(width))) for row in grid.rows[:ROWS])
    left = len(grid.rows) - ROWS
    remark = corpus.our(f"{left} more rows are in the source.", f"{left} weitere Zeilen stehen in der Quelle.") if left > 0 else ""
    title = f"{grid.name} ({grid.of.name})" if grid.name else grid.of.name
    return Section(title, layout=Layout.TABLE, items=rows, columns=tuple(cell.text for cell in grid.columns[:MOST_COLUMNS]),
                   remark=remark)


def _figures(said: Said) -> tuple[Sentence, ...]:
    wanted = [figure for figure in said.figures if figure.unit not in ("th", "clock", "decade") and not figure.is_year
              and not figure.days]
    return tuple(said.part(figure.start, figure.start + len(figure.text)) for figure in wanted
                 if said.text.startswith(figure.text, figure.start) and any(sign.isdigit() for sign in figure.text))


def _value(corpus: Corpus, text: Text, column: str, tables: list[Grid]) -> tuple[Sentence, ...]:
    """Return what a source gives under a column: the cells of its tables, else "Column: value", else the nearest figure."""
    stems = set(text.terms(column, text.language))
    for grid in tables:
        for place, name in enumerate(grid.columns):
            if stems and stems <= set(text.terms(name.text, text.language)):
                cells = [row[place] for row in grid.rows if place < len(row) and row[place].text]
                return tuple(text.quote(cell.start, cell.end) for cell in cells[:5])
    for one in (said for said in corpus.said if said.of is text and stems and stems <= said.words):
        before, mark, after = one.text.partition(":")
        if mark and after.strip() and len(after) <= 80 and stems <= set(text.terms(before, text.language)):
            start = len(before) + 1 + len(after) - len(after.lstrip())
            return (one.part(start, len(one.text.rstrip(" .;"))),)
        if values := _nearest_figure(one, column):
            return (one.part(*values),)
    return ()


def _nearest_figure(one: Said, column: str) -> tuple[int, int] | None:
    word = column.split()[-1][:5].casefold()
    at = one.text.casefold().find(word)
    figures = [figure for figure in one.figures if figure.unit != "th" and one.text.startswith(figure.text, figure.start)]
    if at < 0 or not figures:
        return None
    nearest = min(figures, key=lambda figure: min(abs(figure.start - at), abs(figure.end - at)))
    return nearest.start, nearest.start + len(nearest.text)


TEMPLATE = DataTable()
