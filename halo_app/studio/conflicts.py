"""Contradictions: the same thing with different figures or dates, side by side."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.conflicting import conflicts
from halo_app.domain.corpus import Corpus
from halo_app.domain.laying import sides
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

SHOWN = 20


class Conflicts:
    """What differs between sources stands before what one source says of itself."""

    name = "conflicts"
    title = "Conflict finder"
    german = "Widersprüche"
    group = Group.FIND
    shape = Layout.SIDES
    purpose = "The same thing with different figures or dates: every contradiction, side by side."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield contradictions between sources, then within one; when there are none, say so and show the figures compared."""
        found = conflicts(corpus)[:corpus.wishes.count(SHOWN)]
        between = [one for one in found if len({side.source_id for side in one.sides}) > 1]
        within = [one for one in found if one not in between]
        if between:
            yield sides(corpus, corpus.our("Between sources", "Zwischen Quellen"), between)
        if within:
            yield sides(corpus, corpus.our("Within one source", "Innerhalb einer Quelle"), within)
        if not found and corpus.said:
            yield corpus.missing(corpus.our("Contradictions", "Widersprüche"),
                                 "No figure or date is given differently for the same thing. Statements in words are not compared.",
                                 "Keine Zahl und kein Datum steht für dieselbe Sache verschieden da. Worte werden nicht "
                                 "verglichen.", "amount, number, percentage, date, year")


TEMPLATE = Conflicts()
