"""The path of headings above a piece of text, as a place."""

from __future__ import annotations

from halo_app.domain.locator import Locator, Place
from halo_app.parsing.building import TextBuilder

_SEPARATOR = " › "
_LONGEST_CHARS = 120


class Path:
    """Headings open at this point, outermost first; a heading closes those of its own and deeper levels."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []

    def enter(self, builder: TextBuilder, title: str, level: int) -> None:
        """Go under a heading, write it and list it in the outline; `level` counts from 1."""
        title = " ".join(title.split())
        self._open = [(above, name) for above, name in self._open if above < level]
        if title:
            self._open.append((level, title if len(title) <= _LONGEST_CHARS else title[: _LONGEST_CHARS - 1] + "…"))
            builder.heading(title, level, self.here)

    @property
    def here(self) -> Locator | None:
        """The place of text here, e.g. `“Design › Scope”`; None above the first heading."""
        return Locator(Place.HEADING, _SEPARATOR.join(name for _, name in self._open)) if self._open else None
