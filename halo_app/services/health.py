"""Look over the whole installation: what is in order, and what to do about what is not."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

from halo_app.domain.chunk import Scope
from halo_app.domain.health import Check
from halo_app.errors import HaloError
from halo_app.plugins import Provider
from halo_app.ports import Embedder, Ledger, Reader, Records, VectorIndex
from halo_app.settings import Settings

LEAST_FREE_MB = 200
OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True)
class HealthService:
    """Everything that `halo doctor` looks at. The parts are asked for late, so that a broken one is reported, not raised."""

    settings: Settings
    log: Path
    records: Mapping[str, Records[Any]]
    embedder: Callable[[], Embedder]
    index: Callable[[], VectorIndex]
    reader: Callable[[], Reader]
    provider: Callable[[], Provider | None]
    memory_place: Callable[[], Path | None]
    memory_users: Callable[[Path], Sequence[Path]]
    memory_checks: Sequence[tuple[str, Callable[[], Check | None]]]
    ledger: Ledger

    def checks(self) -> list[Check]:
        """Return every check, in a fixed order; none of them raises."""
        return [
            *self._each([("python", self._python), ("data directory", self._folder), ("permissions", self._permissions),
                         ("disk space", self._space), ("search model", self._model), ("search index", self._index),
                         ("reading", self._reading), ("text in pictures", _ocr)]),
            *self.memory(),
            *self._each([("memory place", self._memory_place), ("language model", self._language_model),
                         ("sent to models", self._sent), ("records", self._records), ("log", self._log)]),
        ]

    def memory(self) -> list[Check]:
        """Return the checks of the memory; none of them raises. A database that fails fails once, not for each of its parts."""
        found: list[Check] = []
        for name, check in self.memory_checks:
            if not found or found[0].ok:
                found += self._each([(name, check)])
        return found

    def _each(self, named: Sequence[tuple[str, Callable[[], Check | None]]]) -> list[Check]:
        """Return what each check finds, with the time that it took; None when there is nothing to check."""
        found: list[Check] = []
        for name, check in named:
            began = perf_counter()
            one = self._guarded(name, check)
            took = round((perf_counter() - began) * 1000, 1)
            found += [] if one is None else [one if one.latency_ms is not None else replace(one, latency_ms=took)]
        return found

    def _guarded(self, name: str, check: Callable[[], Check | None]) -> Check | None:
        try:
            return check()
        except HaloError as error:
            return Check(name, False, error.message, error.fix)
        except Exception as error:  # noqa: BLE001  the doctor reports whatever is broken
            return Check(name, False, f"{type(error).__name__}: {error}", f"the details may be in {self.log}")

    def _python(self) -> Check:
        found = ".".join(str(part) for part in sys.version_info[:3])
        return Check("python", sys.version_info >= OLDEST_PYTHON, f"Python {found} ({sys.executable})", "install Python 3.11 or newer")

    def _folder(self) -> Check:
        place = self.settings.data_dir
        try:
            with TemporaryDirectory(prefix=".halo-try-", dir=place):
                pass
        except OSError as error:
            return Check("data directory", False, f"{place} cannot be written: {error.strerror or error}",
                         "check its owner and permissions, or set HALO_DATA_DIR")
        return Check("data directory", True, str(place))

    def _permissions(self) -> Check:
        place = self.settings.data_dir
        mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else 0
        closed = os.name != "posix" or not mode & 0o077
        found = "only you can read the data directory" if closed else f"others may read {place} ({mode:o})"
        return Check("permissions", closed, found, "" if closed else f"chmod 700 {place}")

    def _space(self) -> Check:
        free = shutil.disk_usage(self.settings.data_dir).free // 1_000_000
        return Check("disk space", free >= LEAST_FREE_MB, f"{free} MB free", f"free at least {LEAST_FREE_MB} MB on that disk")

    def _model(self) -> Check:
        embedder = self.embedder()
        embedder.embed(["ready"])
        return Check("search model", True, f"{embedder.model_id}, {embedder.dimension} numbers per passage")

    def _index(self) -> Check:
        count = self.index().count(Scope(self.settings.app.user_id))
        sources = [source for source in self.records["sources"].all(self.settings.app.user_id) if source.chunks]
        expected = sum(source.chunks for source in sources)
        model_id = self._model_id()
        by_words = sum(source.embedder != model_id for source in sources) if model_id else 0
        if count < expected:
            return Check("search index", False, f"{count} passages of {expected}", "run halo reindex")
        if by_words:
            return Check("search index", False, f"{by_words} of {len(sources)} sources were indexed without this search model: "
                         "they are found by words only", "run halo reindex")
        return Check("search index", True, f"{count} passages", "run halo reindex")

    def _model_id(self) -> str:
        try:
            return self.embedder().model_id
        except HaloError:                # reported by the check of the model
            return ""

    def _reading(self) -> Check:
        with TemporaryDirectory(prefix="halo-doctor-") as folder:
            path = Path(folder) / "doctor.txt"
            path.write_text("The reading process works.", encoding="utf-8")
            read = self.reader().read(path, "doctor.txt")
        return Check("reading", "works" in read.parsed.text, "files are read in a process of their own", "install HALO again")

    def _memory_place(self) -> Check | None:
        place = self.memory_place()
        if place is None:
            return None
        mine = self.settings.data_dir
        others = [folder for folder in self.memory_users(place) if folder != mine]
        own = f'export HALO_AGENT_DB="sqlite:///{mine}/memory.db"'
        if others:
            return Check("memory place", False, f"{place} is shared with the data directory {others[0]}", own)
        if place.is_relative_to(mine):
            return Check("memory place", True, str(place))
        return Check("memory place", True, f"warning: {place} lies outside the data directory {mine}", own)

    def _log(self) -> Check:
        return Check("log", True, str(self.log))

    def _language_model(self) -> Check:
        provider = self.provider()
        llm = self.settings.llm
        if provider is None and (llm.base_url or llm.model):
            missing = "HALO_LLM__MODEL" if llm.base_url.startswith(("http://", "https://")) else "HALO_LLM__BASE_URL"
            return Check("language model", False, f"half configured: {missing} is missing or no address",
                         f"set {missing}: see docs/models.md")
        if provider is None:
            return Check("language model", True, "none configured: answers are sentences of your own sources")
        if llm.tokenizer and not llm.tokenizer.is_file():
            return Check("language model", False, f"there is no tokenizer at {llm.tokenizer}; its tokens are counted by a bound",
                         "set HALO_LLM__TOKENIZER to the model's tokenizer.json, or unset it")
        where = "on this machine" if provider.is_local else f"outside this machine, at {provider.place}"
        listed = provider.models()
        known = {name.removesuffix(":latest").rpartition("/")[2] for name in listed}
        if listed and provider.name not in listed and provider.name.rpartition("/")[2] not in known:
            return Check("language model", False, f"{provider.place} has no model {provider.name!r}",
                         f"set HALO_LLM__MODEL to one of: {', '.join(listed[:10])}")
        if not provider.is_local and llm.base_url.startswith("http://"):
            where += "; warning: passages and key travel unencrypted, use an https address"
        return Check("language model", True, f"{provider.name}, {where}")

    def _sent(self) -> Check:
        sent, damaged = self.ledger.all(self.settings.app.user_id), self.ledger.damaged()
        if damaged:
            return Check("sent to models", False, f"{damaged} lines of ledger.jsonl cannot be read",
                         "keep the file; later entries are complete")
        places = ", ".join(sorted({one.place for one in sent}))
        return Check("sent to models", True, f"{len(sent)} questions with their passages went to {places}" if sent
                     else "nothing was sent to a model outside this machine")

    def _records(self) -> Check:
        damaged = [damage for store in self.records.values() for damage in store.damaged()]
        shown = "; ".join(f"{one.moved_to or one.name}: {one.reason}" for one in damaged[:3])
        return Check("records", not damaged, f"{len(damaged)} damaged: {shown}" if damaged else "all can be read",
                     "restore them from a backup, or delete them there")


def _ocr() -> Check:
    found = shutil.which("tesseract")
    return Check("text in pictures", True, f"read with {found}" if found else "not read: tesseract is not installed",
                 "" if found else "sudo apt install tesseract-ocr")
