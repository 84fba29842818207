"""Lay statements out: as lists, beside each other, as entries with a word of HALO's own before them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.conflicting import Conflict
from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said


def cited(said: Iterable[Said]) -> tuple[Sentence, ...]:
    """Return the statements as cited sentences."""
    return tuple(one.sentence() for one in said)


def prose(title: str, said: Iterable[Said]) -> Section:
    """Return the statements under a heading, to be read one after the other."""
    return Section(title, cited(said))


def bullets(title: str, said: Iterable[Said]) -> Section:
    """Return the statements as a list."""
    return Section(title, cited(said), Layout.LIST)


def pair(label: str, said: Iterable[Said], detail: str = "") -> Item:
    """Return an entry: words of ours, and the statements that stand for them."""
    return Item(label, cited(said), detail)


def sides(corpus: Corpus, title: str, found: Sequence[Conflict]) -> Section:
    """Return contradictions side by side: the value each source gives, and the sentence that gives it."""
    columns = (corpus.our("Value", "Wert"), corpus.our("Where it stands", "Wo es steht"))
    items = tuple(Item(conflict.about, cells=tuple((side.value, side.said) for side in conflict.sides)) for conflict in found)
    return Section(title, layout=Layout.SIDES, items=items, columns=columns)
