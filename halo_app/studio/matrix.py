"""A comparison matrix: what each source says on each topic, in the cell where they meet."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import best_of, is_measure
from halo_app.domain.conversation import Sentence
from halo_app.domain.corpus import Corpus, Said
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

TOPICS, MOST_SOURCES = 8, 6


class Matrix:
    """Topics that more sources speak of come first; an empty cell says that the source says nothing on it."""

    name = "matrix"
    title = "Comparison matrix"
    german = "Vergleich"
    group = Group.FIND
    shape = Layout.TABLE
    purpose = "Topics down, sources across: what each source says about each topic."
    options = (Option("topics", "Topics", "Separated by commas; found by HALO when left empty."),)

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield one table per six sources; a single source, or none with a topic in common, is told as it is."""
        topics = self._topics(corpus)
        texts = [text for text in corpus.texts if text.said]
        if not topics:
            if corpus.said:
                yield corpus.missing(self._title(corpus), "The sources have no topic to compare.",
                                     "Die Quellen haben kein Thema zum Vergleichen.",
                                     corpus.wishes.own.get("topics", "comparison difference"))
            return
        for first in range(0, len(texts), MOST_SOURCES):
            group = texts[first:first + MOST_SOURCES]
            told: list[Said] = []
            rows = []
            for topic, stems in topics:
                cells = [self._cell(corpus, [one for one in corpus.said if one.of is text], stems, told) for text in group]
                if any(cells):
                    rows.append(Item(topic, cells=tuple(cells)))
            if rows:
                remark = "" if len(texts) > 1 else corpus.our("There is one source: nothing to compare it with.",
                                                              "Es gibt nur eine Quelle: nichts zum Vergleichen.")
                yield Section(self._title(corpus), layout=Layout.TABLE, items=tuple(rows), columns=tuple(text.name for text in group),
                              remark=remark)

    def _title(self, corpus: Corpus) -> str:
        return corpus.our("By topic", "Nach Themen")

    def _topics(self, corpus: Corpus) -> list[tuple[str, frozenset[str]]]:
        if wanted := corpus.wishes.own.get("topics", ""):
            named = [" ".join(topic.split()) for topic in wanted.split(",") if topic.strip()]
            return [(topic, frozenset(stem for text in corpus.texts[:1] for stem in text.terms(topic, text.language)))
                    for topic in named]
        worth = []
        for place, (term, stems) in enumerate(corpus.terms[:80]):
            speak = len({one.of.source_id for one in corpus.whole if stems <= one.words})
            if speak >= min(2, len(corpus.texts)) and not is_measure(term):
                worth.append((-speak, place, term, stems))
        chosen: list[tuple[str, frozenset[str]]] = []
        for _, _, term, stems in sorted(worth):
            if not any(stems & other for _, other in chosen) and len(chosen) < corpus.wishes.count(TOPICS):
                chosen.append((term[:1].upper() + term[1:], stems))
        return chosen

    def _cell(self, corpus: Corpus, own: list[Said], stems: frozenset[str], told: list[Said]) -> tuple[Sentence, ...]:
        holding = [one for one in own if stems and stems <= one.words]
        best = best_of(corpus, [one for one in holding if one.is_whole] or holding, told)
        if best is None:
            return ()
        told.append(best)
        return (best.sentence(),)


TEMPLATE = Matrix()
