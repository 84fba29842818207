"""Write an output as CSV: its tables as they are, all else one statement a row with source and place."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from halo_app.domain.artifact import Section
from halo_app.domain.sheeting import harmless, sheets


class Csv:
    """Offered as `EXPORTER`."""

    suffix = "csv"
    media_type = "text/csv"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the rows in UTF-8 with a mark that spreadsheet programs know; an empty row parts tables. Nothing is a formula."""
        written = StringIO()
        lines = csv.writer(written)
        for place, one in enumerate(sheets(sections)):
            if place:
                lines.writerow([])
            lines.writerow([harmless(name) for name in one.columns])
            lines.writerows([[harmless(cell) for cell in row] for row in one.rows])
        return written.getvalue().encode("utf-8-sig", "replace")


EXPORTER = Csv()
