"""Texts for `halo bench speed`: made from a seed, the same on every machine, each fact once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

_PLACES = ("harbour", "valley", "north ridge", "salt marsh", "old mill", "upper lake", "quarry", "east bay", "moor", "river mouth")
_THINGS = ("tide gauge", "weather mast", "flow meter", "seismograph", "beehive scale", "rain collector", "light sensor", "ice probe")
_UNITS = ("litres", "millimetres", "degrees", "kilowatts", "grams", "decibels", "metres", "volts")
_ACTS = ("recorded", "reported", "measured", "registered", "logged")
_PEOPLE = ("Adler", "Brandt", "Costa", "Dumont", "Eriksen", "Fontana", "Grieg", "Hansen", "Ivanova", "Jensen", "Keller", "Lindgren")
_ASIDES = (
    "The instrument had been calibrated the week before and was checked again afterwards.",
    "Two readings were missing because the power had failed during the storm.",
    "Nobody on the team expected the value to stay so close to the average of earlier years.",
    "A second series, taken by hand, agreed with the automatic one to within a few percent.",
    "The report recommends repeating the survey in the following spring with the same equipment.",
    "Local residents had described similar conditions in letters kept by the municipal archive.",
)


@dataclass(frozen=True, slots=True)
class Page:
    """One generated source and a question that its text answers."""

    name: str
    text: str
    question: str


def pages(count: int, *, sentences: int = 28, seed: int = 2026) -> Iterator[Page]:
    """Yield `count` different texts of about `sentences` sentences (some 400 words at 28)."""
    for number in range(count):
        random = Random(seed * 1_000_003 + number)
        station = f"station {number + 1}"
        facts = [_fact(random, station) for _ in range(sentences // 2)]
        lines = [line for fact, _ in facts for line in (fact, random.choice(_ASIDES))]
        paragraphs = [" ".join(lines[start : start + 7]) for start in range(0, len(lines), 7)]
        yield Page(f"field notes {number + 1:05d}.txt", "\n\n".join(paragraphs), random.choice(facts)[1])


def _fact(random: Random, station: str) -> tuple[str, str]:
    thing, place, unit, person = random.choice(_THINGS), random.choice(_PLACES), random.choice(_UNITS), random.choice(_PEOPLE)
    year, amount = random.randrange(1950, 2025), random.randrange(3, 9000) / 10
    fact = f"In {year}, {person} wrote that the {thing} of {station} at the {place} {random.choice(_ACTS)} {amount} {unit}."
    return fact, f"How many {unit} did the {thing} of {station} at the {place} measure in {year}?"
