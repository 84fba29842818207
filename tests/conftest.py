"""Fixtures for every test: markers by folder, no skipping in CI, a data directory of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

HERE = Path(__file__).parent
settings.register_profile("halo", deadline=None)     # a busy machine is no failure
settings.load_profile("halo")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        folder = Path(str(item.path)).relative_to(HERE).parts[0]
        if folder in {"unit", "integration", "browser"}:
            item.add_marker(folder)
    if not os.environ.get("HALO_FULL"):
        long = [item for item in items if item.get_closest_marker("full")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("full")]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """In CI a skipped test is a failed test."""
    report = yield
    if os.environ.get("HALO_CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"skipped in CI: {report.longrepr}"
    return report


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
