"""The index is derived: lost, damaged or made by another model, it is built again from the stored texts."""

from __future__ import annotations

import shutil

import pytest

from halo_app.domain.chunk import Scope
from halo_app.embedding.hashed import HashedEmbedder
from halo_app.errors import Damaged
from tests import workers

USER = Scope("local-user")


@pytest.fixture
def app(data_dir):
    made = workers.small_app(data_dir)
    made.first_start(serving=False)
    list(made.ingest.add([workers.upload(f"{number}.txt") for number in range(5)], made.notebooks.default().id))
    yield made
    made.close()


def again(app, **parts):
    """Return the same house after a restart."""
    app.close()
    fresh = workers.small_app(app.data_dir)
    fresh.__dict__.update(parts)
    fresh.first_start(serving=False)
    return fresh


def found(app) -> set[str]:
    return {passage.source for passage in app.retrieval.find("whale number", USER, 50)}


NAMES = {f"{number}.txt" for number in range(5)}


def test_a_lost_index_is_built_again(app, data_dir):
    shutil.rmtree(data_dir / "lancedb")
    fresh = again(app)
    with pytest.raises(Damaged, match="index is missing"):
        found(fresh)
    last = list(fresh.reindexing.run())[-1]
    assert (last.done, last.total, last.failed) == (5, 5, ())
    assert found(fresh) == NAMES
    fresh.close()


def test_the_server_mends_a_lost_index_by_itself(app, data_dir):
    assert not app.reindexing.is_needed()
    shutil.rmtree(data_dir / "lancedb")
    fresh = again(app)
    assert fresh.reindexing.is_needed()
    fresh.mend()
    assert found(fresh) == NAMES
    assert not fresh.reindexing.is_needed()
    fresh.close()


def test_the_server_moves_to_another_model_by_itself(app):
    fresh = again(app, embedder=HashedEmbedder(64))
    assert fresh.reindexing.is_needed()
    fresh.mend()
    assert {source.embedder for source in fresh.records("sources").everyone()} == {HashedEmbedder(64).model_id}
    assert found(fresh) == NAMES
    fresh.close()


def test_a_house_that_is_closed_stops_mending(app, data_dir):
    shutil.rmtree(data_dir / "lancedb")
    fresh = again(app)
    fresh.closed = True
    fresh.mend()
    assert fresh.reindexing.is_needed()
    fresh.close()


def test_a_damaged_index_is_built_again(app, data_dir):
    app.close()
    for path in (data_dir / "lancedb").rglob("*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    fresh = again(app)
    list(fresh.reindexing.run())
    assert found(fresh) == NAMES
    fresh.close()


def test_another_model_serves_once_all_is_indexed_again_and_search_goes_on_meanwhile(app):
    fresh = again(app, embedder=HashedEmbedder(64))
    assert found(fresh) == NAMES
    list(fresh.reindexing.run())
    assert fresh.index.model_id() == "hashed-64"
    assert {source.embedder for source in fresh.records("sources").everyone()} == {"hashed-64"}
    assert found(fresh) == NAMES
    fresh.close()


def test_a_source_whose_text_is_damaged_is_told_and_the_others_are_indexed(app, data_dir):
    [path, *_] = (data_dir / "sources" / "texts").glob("*.text")
    path.write_bytes(b"{}\n")
    shutil.rmtree(data_dir / "lancedb")
    fresh = again(app)
    last = list(fresh.reindexing.run())[-1]
    assert len(last.failed) == 1
    assert "damaged" in last.failed[0]
    assert len(found(fresh)) == 4
    fresh.close()


def test_passages_of_a_source_that_is_no_more_are_dropped(app):
    [source, *_] = app.sources.of(app.notebooks.default().id)
    app.records("sources").remove(source.id)
    list(app.reindexing.run())
    assert source.id not in app.index.held()
