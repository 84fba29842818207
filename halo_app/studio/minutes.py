"""Minutes of a meeting: who was there, what was decided, who does what by when, what stayed open."""

from __future__ import annotations

from collections.abc import Iterable

from halo_app.domain.artifact import Item, Layout, Section
from halo_app.domain.choosing import choose
from halo_app.domain.corpus import Corpus
from halo_app.domain.deciding import Point, Told, points
from halo_app.domain.laying import bullets
from halo_app.domain.wishes import Option
from halo_app.plugins import Group

DISCUSSED = 5


class Minutes:
    """Owner and date of a task are its own words, or stay empty."""

    name = "minutes"
    title = "Meeting minutes"
    german = "Protokoll"
    group = Group.READ
    shape = Layout.TABLE
    purpose = "Decisions, tasks with owner and date, and open questions from transcripts, e-mails or notes."
    options: tuple[Option, ...] = ()

    def structure(self, corpus: Corpus) -> Iterable[Section]:
        """Yield the parts that the sources have something for; when they decide nothing, say so."""
        found = points(corpus.texts, frozenset(corpus.said))
        by_point = {point: [told for told in found if told.point is point] for point in Point}
        titles = {Point.PRESENT: corpus.our("Present", "Anwesend"), Point.DECISION: corpus.our("Decisions", "Beschlüsse"),
                  Point.ACTION: corpus.our("Tasks", "Aufgaben"), Point.OPEN: corpus.our("Open questions", "Offene Fragen"),
                  Point.NEXT: corpus.our("Next meeting", "Nächste Sitzung")}
        if not by_point[Point.DECISION] and not by_point[Point.ACTION]:
            yield corpus.missing(titles[Point.DECISION], "These sources record no decisions and no tasks.",
                                 "Diese Quellen halten keine Beschlüsse und keine Aufgaben fest.", "it was decided and agreed that")
        for point in (Point.PRESENT, Point.DECISION):
            if by_point[point]:
                yield bullets(titles[point], [told.said for told in by_point[point]])
        if by_point[Point.ACTION]:
            yield _tasks(corpus, titles[Point.ACTION], by_point[Point.ACTION])
        for point in (Point.OPEN, Point.NEXT):
            if by_point[point]:
                yield bullets(titles[point], [told.said for told in by_point[point]])
        told_already = [told.said for told in found]
        if found and (rest := choose(corpus, [one for one in corpus.whole if one not in told_already], corpus.wishes.count(DISCUSSED),
                                     told=told_already)):
            yield bullets(corpus.our("Discussed", "Besprochen"), rest)


def _tasks(corpus: Corpus, title: str, tasks: list[Told]) -> Section:
    columns = (corpus.our("Task", "Aufgabe"), corpus.our("Owner", "Wer"), corpus.our("By", "Bis"))
    rows = tuple(Item(cells=((told.said.sentence(),), (told.said.part(*told.owner),) if told.owner else (),
                             (told.said.part(*told.due),) if told.due else ())) for told in tasks)
    return Section(title, layout=Layout.TABLE, items=rows, columns=columns)


TEMPLATE = Minutes()
