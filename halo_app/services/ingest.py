"""Take documents in, at once or in the background: keep, read, split, understand, index, and record last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import uuid4

from halo_app.domain.source import Intake, Stage
from halo_app.errors import BadInput, HaloError
from halo_app.services.intake_queue import IntakeQueue
from halo_app.services.stages import Job, Stages
from halo_app.services.uploads import Upload, from_paths

__all__ = ["IngestService", "Upload", "from_paths"]


@dataclass
class IngestService:
    """Takes files of one user in. Its stages record what is on its way in the background, or failed there."""

    stages: Stages
    fetch_address: Callable[[str], tuple[str, bytes, str]]
    user_id: str
    taken_in: Callable[[str], None] = lambda source_id: None       # told of each new source of the background

    @cached_property
    def queue(self) -> IntakeQueue:
        return IntakeQueue(self.stages.waiting, self.stages.attendance, self._through)

    def add(self, uploads: Iterable[Upload], notebook_id: str) -> Iterator[Intake]:
        """Take the files in, yielding each one's intake at every stage and step; its last says ready, already here or failed.

        Small files are understood and written in groups, so their last stages come together.
        """
        jobs = (Job(self._intake(upload, notebook_id), upload) for upload in uploads)
        with self.stages.attendance.working():
            yield from self.stages.through(jobs, lambda intake: False)

    def start(self, uploads: Iterable[Upload], notebook_id: str) -> list[Intake]:
        """Keep the originals, record the intakes and return them; the rest happens in the background, also after a restart."""
        noted = []
        with self.stages.attendance.working() as worker:
            for upload in uploads:
                intake = self._kept(Job(replace(self._intake(upload, notebook_id), worker=worker), upload))
                self.stages.waiting.put(intake)
                noted.append(intake)
            self.queue.add([intake for intake in noted if not intake.stage.over])
        return noted

    def intakes(self, notebook_id: str) -> list[Intake]:
        """Return what is on its way into a notebook, failed or was cancelled, in the order it was added."""
        mine = [intake for intake in self.stages.waiting.all(self.user_id) if intake.notebook_id == notebook_id]
        return sorted((self.queue.now(intake) for intake in mine), key=lambda intake: (intake.created_at, intake.id))

    def source_id_of(self, intake: Intake) -> str:
        """Return the id that the source of this intake has, or will have; "" when its bytes could not be kept."""
        return Job(intake).source_id if intake.sha256 else ""

    def cancel(self, intake_id: str) -> None:
        """Stop an intake where it is; what was made of it is cleared away. Raises NotFound when it is over and gone."""
        self.queue.cancel(intake_id)

    def retry(self, intake_id: str) -> Intake:
        """Try a failed or cancelled intake again. Raises NotFound, or BadInput when its original was not kept."""
        intake = self.stages.waiting.get(intake_id)
        if not intake.sha256:
            raise BadInput(f"“{intake.name}” was not kept", fix="add the file again")
        with self.stages.attendance.working() as worker:
            again = self._waiting_again(intake_id, worker)
            self.queue.add([again])
        return again

    def dismiss(self, intake_id: str) -> None:
        """Forget a failed or cancelled intake, and its original unless a source uses it."""
        intake = self.stages.waiting.get(intake_id)
        self.stages.waiting.remove(intake_id)
        self.stages.drop_originals({intake.sha256})

    def resume(self) -> None:
        """Clear away what dead processes left half-made, and take up what they did not finish."""
        self.tidy()
        orphans = [intake for intake in self.stages.waiting.all(self.user_id)
                   if not intake.stage.over and not self.stages.attendance.is_at_work(intake.worker)]
        if not orphans:
            return
        orphans.sort(key=lambda intake: (intake.created_at, intake.id))
        with self.stages.attendance.working() as worker:
            self.queue.add([self._waiting_again(intake.id, worker) for intake in orphans])

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is on its way in this process, at most so long; False when something still is."""
        return self.queue.wait(seconds)

    def fetch(self, address: str) -> Upload:
        """Fetch a web page once, guarded against addresses of the inner network, and return it to be added."""
        name, content, _ = self.fetch_address(address)
        return Upload.from_bytes(name, content, origin=address)

    def tidy(self) -> int:
        """Clear away texts, passages and originals that no record tells of; returns how many things there were.

        There are some only when a process died at work; nothing is done while another one is at work.
        """
        dead = self.stages.attendance.dead()
        if not dead or self.stages.attendance.others() or self.stages.records.damaged() or self.stages.waiting.damaged():
            return 0
        sources = self.stages.records.everyone()
        halves = {*self.stages.texts.all(), *self.stages.index.held()} - {source.id for source in sources}
        for source_id in halves:
            self.stages.index.remove(source_id)
            self.stages.texts.remove(source_id)
        used = {source.sha256 for source in sources} | {intake.sha256 for intake in self.stages.waiting.everyone()}
        unused = set(self.stages.originals.all()) - used
        for sha256 in unused:
            self.stages.originals.remove(sha256)
        self.stages.attendance.bury(dead)
        return len(halves) + len(unused)

    def close(self) -> None:
        """Stop the background work at its next step; the next start takes it up."""
        self.queue.close()

    def _through(self, intakes: Iterator[Intake], cancelled: Callable[[Intake], bool]) -> Iterator[Intake]:
        for intake in self.stages.through((Job(one) for one in intakes), cancelled):
            yield intake
            if intake.stage is Stage.READY and intake.source_id:
                self.taken_in(intake.source_id)

    def _intake(self, upload: Upload, notebook_id: str) -> Intake:
        return Intake(uuid4().hex, notebook_id, self.user_id, upload.name, Stage.WAITING, self.stages.clock(), origin=upload.origin)

    def _kept(self, job: Job) -> Intake:
        """Return the intake with its original kept, or failed when it cannot be."""
        try:
            self.stages.keep(job)
        except HaloError as error:
            job.intake = replace(job.intake, detail=error.message, fix=error.fix)
            return job.at(Stage.FAILED)
        return job.intake

    def _waiting_again(self, intake_id: str, worker: str) -> Intake:
        return self.stages.waiting.change(intake_id, lambda old: replace(
            old, stage=Stage.WAITING, done=0, total=0, detail="", fix="", worker=worker))
