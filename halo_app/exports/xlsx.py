"""Write an output for Excel: a sheet per table with numbers as numbers, the rest as statements with source and place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO

from halo_app.domain.artifact import Section
from halo_app.domain.sheeting import harmless, number, sheets
from halo_app.exports.docx import clean

_NAME = re.compile(r"[\\/*?:\[\]']")
_WIDEST = 60


class Xlsx:
    """Offered as `EXPORTER`."""

    suffix = "xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the workbook; nothing in it is a formula. What stands behind a row of a table is a comment on its first cell."""
        from openpyxl import Workbook  # type: ignore[import-untyped]
        from openpyxl.comments import Comment  # type: ignore[import-untyped]
        from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]

        book = Workbook()
        book.remove(book.active)
        book.properties.title = clean(title)
        for place, one in enumerate(sheets(sections), start=1):
            page = book.create_sheet(_NAME.sub(" ", clean(f"{place} {one.title}"))[:31])
            page.append([harmless(clean(name)) for name in one.columns])
            for row in one.rows:
                page.append([number(cell) if number(cell) is not None else harmless(clean(cell)) for cell in row])
            for cell in page[1]:
                cell.font = Font(bold=True)
            for line, cited in enumerate(one.citations, start=2):
                places = dict.fromkeys(clean(f"{each.source} {each.locator}") for each in cited)
                page.cell(line, 1).comment = Comment("; ".join(places)[:1000], "HALO") if places else None
            for column in page.columns:
                longest = max(len(str(cell.value or "")) for cell in column)
                page.column_dimensions[column[0].column_letter].width = min(longest + 3, _WIDEST)
                for cell in column:
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
            page.freeze_panes = "A2"
        if not book.sheetnames:
            book.create_sheet("Empty")
        written = BytesIO()
        book.save(written)
        return written.getvalue()


EXPORTER = Xlsx()
