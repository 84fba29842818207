"""Every memory store, empty: in a dict, on SQLite, and on PostgreSQL."""

from __future__ import annotations

import pytest

from tests.memory_fakes import DictMemoryStore
from tests.store_helpers import HandClock, open_store

KINDS = ["dict", "sqlite", "postgresql"]


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture(params=KINDS)
def store(request, tmp_path, clock):
    if request.param == "dict":
        yield DictMemoryStore(clock)
        return
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else "sqlite:///{data_dir}/memory.db"
    opened = open_store(tmp_path, clock, url)
    yield opened
    opened.close()
