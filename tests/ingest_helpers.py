"""A whole house that takes files in, on fakes."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from halo_app.domain.source import Intake
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.language.snowball import SnowballAnalyzer
from halo_app.plugins import Limits
from halo_app.services.indexing import Preparation
from halo_app.services.ingest import IngestService, Upload
from halo_app.services.sources import SourceService
from halo_app.services.stages import Stages
from halo_app.vectors.brute_force import BruteForceIndex
from tests.fakes import Alone, DictRecords, DictTexts, HereReader, PlainOriginals, TickingClock


@dataclass
class House:
    """A whole ingest on fakes; `again` is the same house after a restart."""

    folder: Path
    records: DictRecords = field(default_factory=DictRecords)
    waiting: DictRecords = field(default_factory=DictRecords)
    texts: DictTexts = field(default_factory=DictTexts)
    index: BruteForceIndex = field(default_factory=BruteForceIndex)
    reader: object = field(default_factory=HereReader)
    embedder: object = field(default_factory=HashedEmbedder)

    def __post_init__(self):
        self.originals = PlainOriginals(self.folder)
        self.attendance = Alone()
        preparation = Preparation(lambda: WordSplitter(), SnowballAnalyzer(), lambda: self.embedder)
        stages = Stages(self.records, self.waiting, self.originals, self.texts, self.index, preparation, self.reader,
                        self.attendance, Limits(size_mb=1), TickingClock())
        self.ingest = IngestService(stages, lambda address: ("page.html", b"<p>Cats</p>", "text/html"), "ana")
        self.sources = SourceService(self.records, self.waiting, self.originals, self.texts, self.index, None, self.attendance, "ana",
                                     Limits(size_mb=1))

    def again(self, **changes) -> House:
        self.ingest.close()
        return House(self.folder, self.records, self.waiting, self.texts, self.index, **changes)

    def add(self, *uploads: Upload, notebook: str = "n") -> list[Intake]:
        ends = {intake.id: intake for intake in self.ingest.add(uploads, notebook)}
        return list(ends.values())
