"""Write an output for PowerPoint: a title slide, slides for each section, the quotes with their places in the notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.conversation import Citation
from halo_app.domain.flowing import Kind, Run, flowing
from halo_app.domain.shortening import shortened
from halo_app.exports.docx import clean

POINTS, POINT_CHARS, MOST_SLIDES = 5, 260, 60


class Pptx:
    """Offered as `EXPORTER`."""

    suffix = "pptx"
    media_type = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the presentation, at most 60 slides; a point too long for a slide is cut there and whole in the notes."""
        from pptx import Presentation

        deck = Presentation()
        opening = deck.slides.add_slide(deck.slide_layouts[0])
        opening.shapes.title.text = clean(title)
        for heading, runs, notes in _slides(sections):
            if len(deck.slides) >= MOST_SLIDES:
                break
            _add(deck, heading, runs, notes)
        written = BytesIO()
        deck.save(written)
        return written.getvalue()


def _slides(sections: Sequence[Section]) -> Iterator[tuple[str, list[Run], list[Run]]]:
    """Yield heading, what is shown and what is only spoken, in pieces that fit on a slide."""
    for section in sections:
        points, notes = _parts(section)
        for first in range(0, max(len(points), 1), POINTS):
            yield section.title, points[first:first + POINTS], [*points[first:first + POINTS], *(notes if not first else [])]


def _parts(section: Section) -> tuple[list[Run], list[Run]]:
    if section.layout is Layout.SLIDE:
        shown, *spoken = section.items
        return ([Run(one.text, one.citations) for one in shown.sentences],
                [Run(one.text, one.citations) for item in spoken for one in item.sentences])
    points = []
    for block in list(flowing([section]))[1:]:
        lines = block.rows[1:] if block.kind is Kind.TABLE else (((*block.runs,),),)
        for line in lines:
            runs = [run for cell in line for run in cell]
            points.append(Run(" · ".join(run.text.strip() for run in runs if run.text.strip()),
                              tuple(one for run in runs for one in run.citations)))
    return points, []


def _add(deck: Any, heading: str, shown: Sequence[Run], spoken: Sequence[Run]) -> None:
    from pptx.util import Pt

    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = clean(heading) or " "
    slide.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(32)
    frame = slide.placeholders[1].text_frame
    for place, run in enumerate(shown):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.text = shortened(clean(run.text), POINT_CHARS)
        paragraph.font.size = Pt(20)
        paragraph.space_after = Pt(8)
    slide.notes_slide.notes_text_frame.text = "\n".join(clean(run.text) + _places(run.citations) for run in spoken)


def _places(citations: Sequence[Citation]) -> str:
    places = dict.fromkeys(clean(f"{one.source}, {one.locator}" if one.locator else one.source) for one in citations)
    return f" ({'; '.join(places)})" if places else ""


EXPORTER = Pptx()
