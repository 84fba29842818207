"""Locators: true places, and true ranges of places."""

from __future__ import annotations

import pytest

from halo_app.domain.locator import Locator, Place, Region, join, locate


@pytest.mark.parametrize(
    ("locator", "label"),
    [
        (Locator(Place.PAGE, "14"), "p. 14"),
        (Locator(Place.PAGE, "3", last="4"), "pp. 3–4"),
        (Locator(Place.SLIDE, "3", "notes"), "slide 3, notes"),
        (Locator(Place.CELLS, "Year!B7"), "Year!B7"),
        (Locator(Place.HEADING, "Design › Scope"), "“Design › Scope”"),
        (Locator(Place.LINE, "12", last="20"), "lines 12–20"),
        (Locator(Place.PARAGRAPH, "7"), "paragraph 7"),
        (Locator(Place.TIME, "00:01:05", last="00:01:20"), "00:01:05–00:01:20"),
        (Locator(Place.PROPERTY, "Title"), "property Title"),
        (Locator(Place.PART, "attachment plan.txt"), "attachment plan.txt"),
    ],
)
def test_a_place_reads_as_people_write_it(locator: Locator, label: str) -> None:
    assert locator.label == label


REGIONS = [
    Region(0, 10, Locator(Place.PAGE, "1")),
    Region(10, 20, Locator(Place.PAGE, "2")),
    Region(25, 30, Locator(Place.PAGE, "3")),
]


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [(0, 5, "p. 1"), (10, 11, "p. 2"), (9, 10, "p. 1"), (9, 11, "pp. 1–2"), (0, 30, "pp. 1–3"), (19, 26, "pp. 2–3"), (22, 26, "p. 3")],
)
def test_a_span_is_located_by_the_regions_it_touches(start: int, end: int, label: str) -> None:
    found = locate(REGIONS, start, end)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(("start", "end"), [(20, 25), (21, 22), (30, 40)])
def test_a_span_between_regions_has_no_place(start: int, end: int) -> None:
    assert locate(REGIONS, start, end) is None


@pytest.mark.parametrize(
    ("first", "last", "value"),
    [
        ("Year!A2", "Year!D9", "Year!A2:D9"),
        ("Year!A2:B2", "Year!A3:C3", "Year!A2:C3"),
        ("Year!A2", "Year!A2", "Year!A2"),
        ("A b!c!A2", "A b!c!B2", "A b!c!A2:B2"),
        ("Year!A2", "Costs!B1", "Year!A2"),
        ("A2", "C3", "A2:C3"),
    ],
)
def test_cells_of_one_sheet_join_to_a_range_and_others_never(first: str, last: str, value: str) -> None:
    assert join(Locator(Place.CELLS, first), Locator(Place.CELLS, last)).value == value


def test_places_of_different_kinds_do_not_join() -> None:
    page, notes = Locator(Place.PAGE, "1"), Locator(Place.PROPERTY, "Title")
    assert join(page, notes) == page
