"""A mind map: the sources, their headings or key terms below them, and under each the sentence that tells most."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import best_of, choose
from halo_app.domain.corpus import Corpus, Said, Text
from halo_app.domain.source import Heading
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

BRANCHES, DEEPEST = 8, 3


class MindMap:
    """A branch is a heading as it stands in the source, or a key term; a leaf is a sentence."""

    name = "mind-map"
    title = "Mind map"
    german = "Mindmap"
    group = Group.LEARN
    shape = Layout.TREE
    purpose = "Headings and key terms as branches to fold out; each leaf opens its passage."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield one tree: sources on the first level when there are several."""
        items: list[Item] = []
        several = len(corpus.texts) > 1
        for text in corpus.texts:
            own = [one for one in corpus.said if one.of is text]
            if not own:
                continue
            items += [Item(text.name, level=1)] if several else []
            items += self._branches(corpus, text, own, 2 if several else 1)
        if items:
            yield Section(corpus.subject or corpus.our("Map", "Karte"), layout=Layout.TREE, items=tuple(items))

    def _branches(self, corpus: Corpus, text: Text, own: list[Said], level: int) -> Iterator[Item]:
        limit = corpus.wishes.count(BRANCHES, least=3)
        headed = [heading for heading in text.headings if any(text.heading_of(one.start) == heading for one in own)]
        if len(headed) >= 3:
            yield from self._headings(corpus, text, own, headed[:2 * limit], level)
            return
        told: list[Said] = []
        for term, stems in [pair for pair in corpus.terms if any(pair[1] <= one.words for one in own)]:
            if len(told) >= limit:
                break
            if best := best_of(corpus, [one for one in own if stems <= one.words and one.is_whole], told):
                told.append(best)
                yield Item(term[:1].upper() + term[1:], level=level)
                yield Item(sentences=(best.sentence(),), level=level + 1)
        if not told:
            yield from (Item(sentences=(one.sentence(),), level=level) for one in choose(corpus, own, limit))

    def _headings(self, corpus: Corpus, text: Text, own: list[Said], headed: list[Heading], level: int) -> Iterator[Item]:
        lowest = min(heading.level for heading in headed)
        told: list[Said] = []
        for heading in headed:
            under = [one for one in own if text.heading_of(one.start) == heading]
            depth = level + min(heading.level - lowest, DEEPEST - 1)
            yield Item(" ".join(heading.title.split())[:90], level=depth)
            if best := best_of(corpus, [one for one in under if one.is_whole] or under, told):
                told.append(best)
                yield Item(sentences=(best.sentence(),), level=depth + 1)


TEMPLATE = MindMap()
