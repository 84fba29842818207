"""The memory engine's own suite, once more, with its database on a real PostgreSQL."""

from __future__ import annotations

import pytest

from tests import engine_helpers
from tests.unit.test_engine import *  # noqa: F403
from tests.unit.test_engine_refusals import *  # noqa: F403


@pytest.fixture(autouse=True)
def on_postgresql(postgresql_url, monkeypatch):
    monkeypatch.setattr(engine_helpers, "DATABASE", postgresql_url)
