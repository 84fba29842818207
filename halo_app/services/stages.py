"""The stages of a file's way in, in order: keep, read, split, understand, index, record."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from halo_app.domain.audit import Act
from halo_app.domain.source import Intake, Source, Stage, source_id_of
from halo_app.errors import BadInput, Cancelled, Damaged, EmptyFile, HaloError, NotFound
from halo_app.plugins import Limits
from halo_app.ports import Attendance, Clock, Entry, Originals, Reader, Reading, Records, Texts, VectorIndex, Vectors
from halo_app.services.acting import Acts, unheard
from halo_app.services.ahead import Ahead
from halo_app.services.indexing import Preparation, Prepared
from halo_app.services.uploads import Upload

STEP_CHUNKS = 32               # passages understood between two looks at the bar
GROUP_CHUNKS = 256             # small files are understood and written together, up to so many passages
GROUP_SOURCES = 128
IsCancelled = Callable[[Intake], bool]
Event = tuple["Job", Intake | None]
_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Job:
    """One file on its way, and what is known of it so far. Without an `upload`, its original is kept already."""

    intake: Intake
    upload: Upload | None = None
    size_bytes: int = 0
    reading: Reading | None = None
    prepared: Prepared | None = None
    vectors: list[Vectors] = field(default_factory=list)
    model_id: str = ""
    stored: bool = False           # something of it may be in the texts or the index

    @property
    def source_id(self) -> str:
        """The same bytes in the same notebook are the same source, whichever process reads them."""
        one = self.intake
        return source_id_of(one.user_id, one.notebook_id, one.sha256, self.upload.id if self.upload else "")

    @property
    def chunks(self) -> int:
        return len(self.prepared.chunks) if self.prepared else 0

    def is_over(self) -> bool:
        return self.intake.stage.over

    def let_go(self) -> None:
        """Let go of what was read and understood."""
        self.reading, self.prepared, self.vectors = None, None, []

    def at(self, stage: Stage, done: int = 0, total: int = 0) -> Intake:
        """Move on to a stage, or a step of it, and return the intake as it then is."""
        self.intake = replace(self.intake, stage=stage, done=done, total=total)
        return self.intake


@dataclass(frozen=True)
class Stages:
    """Takes jobs through all stages. `cancelled` is asked between steps."""

    records: Records[Source]
    waiting: Records[Intake]
    originals: Originals
    texts: Texts
    index: VectorIndex
    preparation: Preparation
    reader: Reader
    attendance: Attendance
    limits: Limits
    clock: Clock
    acts: Acts = unheard

    def through(self, jobs: Iterable[Job], cancelled: IsCancelled) -> Iterator[Intake]:
        """Yield each job's intake at every stage and step. Small files go in groups; a bad one never stops the others.

        The next files are kept, read and split in a thread of their own while the present group is understood.
        """
        open_jobs: set[Job] = set()
        try:
            with Ahead(partial(self._prepared, jobs, open_jobs, cancelled), weight=_weight, most=GROUP_CHUNKS) as events:
                yield from self._grouped(events, open_jobs, cancelled)
        finally:
            for job in open_jobs:
                if not job.is_over():       # the caller went away in the middle
                    self.clear(job)
            self.drop_originals({job.intake.sha256 for job in open_jobs if job.upload is not None})

    def keep(self, job: Job) -> None:
        """Keep the original of the job's upload, unless that was done before. Raises EmptyFile, TooLarge, StoreUnavailable…"""
        if job.upload is None:
            return
        with job.upload.open() as stream:
            original = self.originals.keep(stream, limit_bytes=self.limits.size_mb * 1_000_000)
        job.intake = replace(job.intake, sha256=original.sha256)

    def clear(self, job: Job) -> None:
        """Clear away what a stopped job left: nothing of it is found by a search."""
        job.let_go()
        if job.stored and not self._known(job):
            self.index.remove(job.source_id)
            self.texts.remove(job.source_id)

    def drop_originals(self, hashes: Collection[str]) -> None:
        """Remove kept bytes that no source and no intake uses, unless another process is at work on something."""
        if not any(hashes) or self.attendance.others() or self.records.damaged():
            return
        used = {source.sha256 for source in self.records.everyone()} | {intake.sha256 for intake in self.waiting.everyone()}
        for sha256 in sorted(set(hashes) - used - {""}):
            self.originals.remove(sha256)

    def _prepared(self, jobs: Iterable[Job], open_jobs: set[Job], cancelled: IsCancelled, gone: Callable[[], bool]) -> Iterator[Event]:
        """Yield every job's first stages, and its last event without an intake once it is prepared.

        What came to a good end leaves `open_jobs`; the others stay there.
        """
        for job in jobs:
            open_jobs.add(job)
            for intake in self._guarded(job, self._prepare(job, lambda intake: gone() or cancelled(intake))):
                yield job, intake
            if not job.is_over():
                yield job, None
            elif job.intake.stage is Stage.DUPLICATE:
                open_jobs.discard(job)

    def _grouped(self, events: Iterable[Event], open_jobs: set[Job], cancelled: IsCancelled) -> Iterator[Intake]:
        group: dict[str, Job] = {}
        for job, intake in events:
            if intake is not None:
                yield intake
                continue
            if job.source_id in group:                  # the same bytes twice in one go
                yield from self._complete(list(group.values()), open_jobs, cancelled)
                group = {}
            yield from self._guarded(job, self._as_known(job))
            if job.is_over():
                open_jobs.discard(job)
                continue
            group[job.source_id] = job
            if len(group) >= GROUP_SOURCES or sum(one.chunks for one in group.values()) >= GROUP_CHUNKS:
                yield from self._complete(list(group.values()), open_jobs, cancelled)
                group = {}
        yield from self._complete(list(group.values()), open_jobs, cancelled)

    def _prepare(self, job: Job, cancelled: IsCancelled) -> Iterator[Intake]:
        yield job.at(Stage.KEEPING)
        self.keep(job)
        yield from self._as_known(job)
        if job.is_over():
            return
        yield job.at(Stage.READING)
        path = self.originals.path(job.intake.sha256)
        job.size_bytes = path.stat().st_size
        job.reading = self.reader.read(path, job.intake.name, cancelled=lambda: cancelled(job.intake))
        yield job.at(Stage.SPLITTING)
        parsed = job.reading.parsed
        job.prepared = self.preparation.prepare(
            parsed, source_id=job.source_id, notebook_id=job.intake.notebook_id, user_id=job.intake.user_id)
        if not job.prepared.chunks and not parsed.remarks:
            raise EmptyFile(f"“{job.intake.name}” holds no text that can be read", fix="check the original and add it again")

    def _complete(self, group: Sequence[Job], open_jobs: set[Job], cancelled: IsCancelled) -> Iterator[Intake]:
        """Understand, index and record a group of prepared files; those recorded leave `open_jobs`."""
        yield from self._understand(group, cancelled)
        for job in group:
            if not job.is_over():
                yield job.at(Stage.INDEXING)
        yield from self._together(group, self._index)
        for job in group:
            if not job.is_over() and cancelled(job.intake):
                yield from self._guarded(job, _stop(job))
        yield from self._record([job for job in group if not job.is_over()])
        for job in group:
            if job.intake.stage is Stage.READY:
                open_jobs.discard(job)

    def _understand(self, group: Sequence[Job], cancelled: IsCancelled) -> Iterator[Intake]:
        """Turn passages into vectors, some of several small files at a time, and tell how far each file is."""
        texts = [(job, text) for job in group if job.prepared for text in job.prepared.texts]
        while texts:
            for job in dict.fromkeys(job for job, _ in texts):
                if not job.is_over() and cancelled(job.intake):
                    yield from self._guarded(job, _stop(job))
            texts = [(job, text) for job, text in texts if not job.is_over()]
            step, texts = texts[:STEP_CHUNKS], texts[STEP_CHUNKS:]
            vectors, model_id = self.preparation.embed([text for _, text in step]) if step else (None, "")
            for number, (job, _) in enumerate(step):
                if vectors is not None:
                    job.vectors.append(vectors[number])
                    job.model_id = model_id
            for job in dict.fromkeys(job for job, _ in step):
                left = sum(1 for other, _ in texts if other is job)
                yield job.at(Stage.UNDERSTANDING, job.chunks - left, job.chunks)

    def _index(self, group: Sequence[Job]) -> None:
        by_model: dict[str, list[Entry]] = {}
        for job in group:
            assert job.prepared is not None
            job.stored = True
            whole = len(job.vectors) == job.chunks > 0
            entry = Entry(job.source_id, job.prepared.chunks, np.stack(job.vectors) if whole else None)
            by_model.setdefault(job.model_id if whole else "", []).append(entry)
        self.texts.put_all({job.source_id: job.reading.parsed for job in group if job.reading})
        for model_id, entries in by_model.items():
            self.index.put_all(entries, model_id=model_id)

    def _record(self, group: Sequence[Job]) -> Iterator[Intake]:
        """Record the whole group at once; when that fails, one by one, so that a bad record never stops the others."""
        try:
            self.records.put_all([self._source(job) for job in group])
        except HaloError:
            for job in group:
                yield from self._guarded(job, self._record_one(job))
            return
        for job in group:
            _is_ready(job)
        self._tell(group)
        yield from (job.intake for job in group)

    def _record_one(self, job: Job) -> Iterator[Intake]:
        self.records.put(self._source(job))
        self._tell([job])
        yield _is_ready(job)

    def _source(self, job: Job) -> Source:
        assert job.reading is not None
        assert job.prepared is not None
        one, parsed = job.intake, job.reading.parsed
        return Source(
            id=job.source_id, notebook_id=one.notebook_id, user_id=one.user_id, name=one.name, type=job.reading.type,
            sha256=one.sha256, size_bytes=job.size_bytes, created_at=self.clock(), chunks=job.chunks, characters=len(parsed.text),
            text_sha256=hashlib.sha256(parsed.text.encode("utf-8", "surrogatepass")).hexdigest(), pages=parsed.pages,
            title=parsed.title, language=job.prepared.language, embedder=job.model_id, origin=one.origin,
            blank_pages=parsed.blank_pages, remarks=parsed.remarks,
        )

    def _as_known(self, job: Job) -> Iterator[Intake]:
        """End the job when its bytes are a source of the notebook already."""
        if source := self._known(job):
            job.intake = replace(job.intake, source_id=source.id, chunks=source.chunks)
            yield job.at(Stage.DUPLICATE)

    def _known(self, job: Job) -> Source | None:
        try:
            return self.records.get(job.source_id)
        except (NotFound, Damaged):                 # adding the file again mends a damaged record
            return None

    def _guarded(self, job: Job, stages: Iterator[Intake]) -> Iterator[Intake]:
        """Run stages of one file; whatever goes wrong ends this file only, in words."""
        try:
            yield from stages
        except Cancelled:
            self.clear(job)
            yield job.at(Stage.CANCELLED)
        except HaloError as error:
            yield self._failed(job, error)
        except Exception as error:  # noqa: BLE001  one bad file never stops the others
            yield self._failed(job, _unexpected(job, error))

    def _together(self, group: Sequence[Job], act: Callable[[Sequence[Job]], None]) -> Iterator[Intake]:
        """Do something with a whole group; when it fails, all of it has failed."""
        left = [job for job in group if not job.is_over()]
        try:
            act(left)
        except HaloError as error:
            for job in left:
                yield self._failed(job, error)
        except Exception as error:  # noqa: BLE001  a bad group never stops the next
            for job in left:
                yield self._failed(job, _unexpected(job, error))

    def _failed(self, job: Job, error: HaloError) -> Intake:
        _log.warning("a file could not be taken in: %s", type(error).__name__)
        job.intake = replace(job.intake, detail=error.message, fix=error.fix)
        self._tell([job], "refused" if isinstance(error, BadInput) else "failed")
        try:
            self.clear(job)
        except HaloError as also:
            _log.error("and what it left could not be cleared away: %s", type(also).__name__)
        return job.at(Stage.FAILED)

    def _tell(self, group: Sequence[Job], outcome: str = "done") -> None:
        if group:
            user_id, only = group[0].intake.user_id, group[0].source_id if len(group) == 1 else ""
            self.acts(Act(user_id, "source.add", user_id, count=len(group), outcome=outcome, subject=only))


def _weight(event: Event) -> int:
    job, intake = event
    if intake is None:
        return max(1, job.chunks)
    return int(intake.stage.over)


def _is_ready(job: Job) -> Intake:
    job.intake = replace(job.intake, source_id=job.source_id, chunks=job.chunks)
    return job.at(Stage.READY)


def _stop(job: Job) -> Iterator[Intake]:
    if not job.is_over():
        raise Cancelled(f"“{job.intake.name}” was stopped")
    yield job.intake


def _unexpected(job: Job, error: Exception) -> HaloError:
    _log.error("taking a file in failed in an unexpected way", exc_info=error)
    return HaloError(f"“{job.intake.name}” could not be taken in: something unexpected happened ({type(error).__name__})",
                     fix="try again; the details are in halo.log")
