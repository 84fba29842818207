"""A Studio on real parts in memory, and documents with known contents for its templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import halo_app.exports
import halo_app.studio
from halo_app.discovery import by_name, offers
from halo_app.domain.artifact import Artifact, Section
from halo_app.domain.chunk import Scope
from halo_app.domain.source import Heading, Parsed, Source
from halo_app.language.snowball import SnowballAnalyzer
from halo_app.services.making import Maker
from halo_app.services.studio import StudioService
from tests.answers_helpers import MemoryRecords, MemoryTexts, WordVectors, clock

TEMPLATES = by_name(offers(halo_app.studio, "TEMPLATE"))
EXPORTERS = {offer.suffix: offer for offer in offers(halo_app.exports, "EXPORTER").values()}

STUDY = """# The mill survey

We examine how the water mills of the Sorn valley were used between 1820 and 1890. The survey covers forty mills along the river.

## Method

The wheels were measured in the summer of 1887 by two engineers. Each mill was visited twice and its owner was interviewed.
A water wheel is a machine that turns the force of a stream into the motion of a shaft.

## Results

The average power of a wheel was 12 kW at the middle of the valley. The largest mill ground 900 kg of grain per day.
The Sorn bridge was finished in 1874. Results show that mills with iron wheels worked on more days of the year.

## Limits

It is unclear how many mills stood above the gorge, because no records of them were kept.
"""
LETTER = """The Sorn bridge was finished in 1876. The mill owners paid for half of the bridge in the valley.

The average power of a wheel was 15 kW at the middle of the valley. Mills should be visited in spring, when the stream is strong.

Who owned the mills?

Most mills of the valley belonged to three families. The families shared the cost of the weir.
"""
MINUTES = """Minutes of the meeting of the mill society

Present: Anna Holm, Jonas Berg, Mira Sand

The agenda of the meeting was approved. It was decided to repair the weir before the winter.
Action: Jonas Berg will write to the county by 12 May 2024.
Mira Sand will prepare the budget for the weir until Friday.
Who pays for the new gate?
Next meeting: 3 June 2024.
"""
TABLE = "Mill\tWheels\tPower (kW)\nUpper mill\t2\t14\nLower mill\t1\t9\nOld mill\t3\t21"


@dataclass
class House:
    """Sources, and a Studio that works on them."""

    reworder: Any = None
    sources: MemoryRecords = field(default_factory=MemoryRecords)
    texts: MemoryTexts = field(default_factory=MemoryTexts)
    records: MemoryRecords = field(default_factory=MemoryRecords)

    def __post_init__(self) -> None:
        maker = Maker(self.sources, self.texts, WordVectors(), SnowballAnalyzer(), TEMPLATES, clock(), "me", self.reworder)
        self.studio = StudioService(self.records, maker, EXPORTERS, clock(), "me")

    def add(self, name: str, text: str, language: str = "en") -> Source:
        """Put a text in as a source; lines with # are its headings."""
        source_id = sha256(name.encode()).hexdigest()[:32]
        self.texts.put(source_id, parsed(text))
        added = datetime(2026, 1, 1 + len(self.sources.kept) % 27, tzinfo=UTC)
        source = Source(source_id, "n", "me", name, "txt", "0" * 64, len(text), added, 1, len(text),
                        sha256(text.encode()).hexdigest(), language=language)
        self.sources.put(source)
        return source

    def make(self, template: str, options: Mapping[str, str] | None = None, source_ids: frozenset[str] | None = None) -> Artifact:
        return [one for one in self.studio.make(template, Scope("me", "n", source_ids), options) if isinstance(one, Artifact)][-1]

    def text(self, source_id: str) -> str:
        return self.texts.get(source_id).text


def parsed(text: str) -> Parsed:
    """Return a text with the outline that its # lines make."""
    outline, at = [], 0
    for line in text.split("\n"):
        if line.startswith("#"):
            outline.append(Heading(at, len(line) - len(line.lstrip("#")), line.lstrip("# ")))
        at += len(line) + 1
    return Parsed(text, outline=tuple(outline))


def full_house(**more: Any) -> House:
    """Return a house with a study, a letter that contradicts it, minutes and a table."""
    house = House(**more)
    for name, text in (("survey.md", STUDY), ("letter.txt", LETTER), ("minutes.txt", MINUTES), ("mills.tsv", TABLE)):
        house.add(name, text)
    return house


def many_documents(count: int) -> House:
    """Return a house with so many documents, each about a harbour of its own."""
    house = House()
    for number in range(count):
        house.add(f"harbour-{number}.md", f"""# Harbour {number}

The harbour of Port {chr(65 + number % 26)}{number} was opened in {1800 + number} by the guild of masons.
Its quay is {40 + 3 * number} metres long.
In winter the ice closes the harbour for {number % 9 + 2} weeks. A pilot is a person who guides ships through the shallow water.

## Trade

Ships brought {100 + 7 * number} tons of salt and timber in {1850 + number}. The harbour master recommended a second crane.
The crane could not be repaired before the winter, and the risk of ice was high.
""")
    return house


def sentences(sections: Sequence[Section]) -> list[str]:
    return [sentence.text for section in sections for sentence in section.said]


def part(artifact: Artifact, title: str) -> Section:
    """Return the section of that title."""
    return next(section for section in artifact.sections if section.title == title)
