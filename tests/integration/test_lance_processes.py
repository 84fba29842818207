"""LanceDB under two processes, a lost folder, a damaged file, and more rows than are compared one by one."""

from __future__ import annotations

import shutil
import subprocess
import sys

import numpy as np
import pytest

from halo_app.domain.chunk import Scope
from halo_app.errors import Damaged
from tests.index_helpers import MODEL, entry, lance, vector

ANA = Scope("ana", "n1")
WRITER = """
import sys
from pathlib import Path
from tests.index_helpers import MODEL, entry, lance, vector
index = lance(Path(sys.argv[1]))
for at in range(6):
    index.put_all([entry("one", "two", source=f"{sys.argv[2]}{at}", vectors=[vector(1), vector(0, 1)])], model_id=MODEL)
"""


def test_two_processes_lose_no_write_and_each_sees_the_other(tmp_path):
    index = lance(tmp_path)
    before = index.version()
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "ab"]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert index.count(ANA) == 24
    assert index.version() != before
    assert len(index.held()) == 12


def test_a_lost_folder_is_an_empty_index_that_works(tmp_path):
    index = lance(tmp_path)
    index.put_all([entry("one", vectors=[vector(1)])], model_id=MODEL)
    version = index.version()
    shutil.rmtree(tmp_path / "lancedb")
    assert index.count(ANA) == 0
    index.put_all([entry("two", vectors=[vector(1)])], model_id=MODEL)
    assert [chunk.text for chunk in index.rows(ANA)[0]] == ["two"]
    assert index.version() != version


def test_a_damaged_index_is_reported_and_can_be_reset(tmp_path):
    index = lance(tmp_path)
    index.put_all([entry("one", vectors=[vector(1)])], model_id=MODEL)
    index.close()
    for path in (tmp_path / "lancedb").rglob("*.manifest"):
        path.write_bytes(b"not a manifest")
    with pytest.raises(Damaged, match="cannot be read"):
        index.rows(ANA)
    index.reset()
    index.put_all([entry("two", vectors=[vector(1)])], model_id=MODEL)
    assert index.count(ANA) == 1


def test_large_tables_are_searched_by_index_and_still_inside_the_scope(tmp_path):
    index = lance(tmp_path, exact=300)
    random = np.random.default_rng(1)
    for batch in range(33):
        vectors = [vector(*random.normal(size=8)) for _ in range(16)]
        user = "ben" if batch % 2 else "ana"
        texts = [f"budget {batch} {at}" for at in range(16)]
        index.put_all([entry(*texts, source=f"s{batch}", user=user, vectors=vectors)], model_id=MODEL)
    worded = index.matching(["budget"], where=ANA, limit=20)
    near = index.nearest(vector(1), where=ANA, limit=20)
    assert len(worded) == len(near) == 20
    assert {hit.chunk.user_id for hit in [*worded, *near]} == {"ana"}
