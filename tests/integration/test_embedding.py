"""Every embedder and every splitter meets one contract; the built-in model and another one do what they promise."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from halo_app.embedding import minilm
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.embedding.minilm import ensure_model
from halo_app.embedding.onnx import OnnxEmbedder, TokenSplitter, load_tokenizer
from halo_app.embedding.recipe import read_recipe
from halo_app.embedding.weights import package_folder, read_weights
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Embedder, Splitter
from tests.embedding_models import WIDTH, make_model

HARD_TEXTS = [
    "", " ", "\n\n", "a", "naïve café", "日本語のテキスト", "👩‍👩‍👧 family", "x" * 9000, "lone \ud800 half", "a\x00b", "\r\n\t",
    "word " * 600,
]
HARD_WORDS = ["moon", "tide.", "\n\n", "Straße", "x" * 130, "，。漢字", "3.5 kg", "\ud800", "\t", "👍🏽", "1,2;3|",
              "antidisestablishmentarianism"]
LONG_TEXTS = st.lists(st.sampled_from(HARD_WORDS), max_size=700)


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def built(cache: Path) -> Path:
    return ensure_model(cache)


@pytest.fixture(scope="session")
def minilm_embedder(built: Path) -> OnnxEmbedder:
    return OnnxEmbedder(built)


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_model(tmp_path_factory.mktemp("models") / "second")


EMBEDDERS: dict[str, Callable[[Path, Path], Embedder]] = {
    "built-in": lambda built, _: OnnxEmbedder(built),
    "second": lambda _, second: OnnxEmbedder(second, WIDTH),
    "hashed": lambda _, __: HashedEmbedder(),
    "hashed narrow": lambda _, __: HashedEmbedder(16),
}
SPLITTERS: dict[str, Callable[[Path, Path], Splitter]] = {
    "built-in": lambda built, _: TokenSplitter(built / "tokenizer.json"),
    "second": lambda _, second: TokenSplitter.of_model(second),
    "words": lambda _, __: WordSplitter(),
    "one word": lambda _, __: WordSplitter(1),
}


@pytest.fixture(scope="session", params=EMBEDDERS)
def embedder(request: pytest.FixtureRequest, built: Path, second: Path) -> Embedder:
    return EMBEDDERS[request.param](built, second)


@pytest.fixture(scope="session", params=SPLITTERS)
def splitter(request: pytest.FixtureRequest, built: Path, second: Path) -> Splitter:
    return SPLITTERS[request.param](built, second)


# Embedder: the contract

def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(HARD_TEXTS)
    assert vectors.shape == (len(HARD_TEXTS), embedder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_a_text_has_one_vector_whatever_stands_beside_it(embedder: Embedder) -> None:
    together = embedder.embed(["the moon", "a much longer text about the tides of the sea " * 9, "bread"])
    assert np.array_equal(together[0], embedder.embed(["the moon"])[0])
    assert np.array_equal(together[2], embedder.embed(["bread"])[0])


def test_equal_texts_are_nearest(embedder: Embedder) -> None:
    texts = ["the moon and the tide of the sea", "the price of bread", "a sun"]
    assert list(np.argmax(embedder.embed(texts) @ embedder.embed(texts).T, axis=1)) == [0, 1, 2]


def test_the_model_id_names_the_weights(embedder: Embedder) -> None:
    assert embedder.model_id
    assert embedder.embed(["q"], query=True).shape == (1, embedder.dimension)


# Splitter: the contract

@pytest.mark.parametrize("text", HARD_TEXTS)
def test_spans_cover_hard_texts_exactly(splitter: Splitter, text: str) -> None:
    _covers(splitter.split(text), text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=1500))
def test_spans_cover_any_text_exactly(splitter: Splitter, text: str) -> None:
    _covers(splitter.split(text), text)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=LONG_TEXTS)
def test_spans_of_long_texts_cover_them_and_fit(splitter: Splitter, words: list[str]) -> None:
    _covers(splitter.split(" ".join(words)), " ".join(words))


def _covers(spans: list[tuple[int, int]], text: str) -> None:
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])][: len(spans)]
    assert (spans[-1][1] if spans else 0) == len(text)
    assert all(start < end for start, end in spans)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=LONG_TEXTS, between=st.sampled_from(["", " "]))
def test_no_chunk_passes_the_models_limit(built: Path, words: list[str], between: str) -> None:
    text = between.join(words).replace("\ud800", "\ufffd")
    tokenizer = load_tokenizer(built / "tokenizer.json")
    spans = TokenSplitter(built / "tokenizer.json").split(text)
    assert all(len(tokenizer.encode(text[start:end]).ids) <= 256 and end - start <= 4000 for start, end in spans)


def test_a_prefix_is_counted_against_the_limit(second: Path) -> None:
    text = "the moon is a sun and the tide of water " * 80
    tokenizer = load_tokenizer(second / "tokenizer.json")
    spans = TokenSplitter.of_model(second).split(text)
    assert max(len(tokenizer.encode("text: " + text[start:end]).ids) for start, end in spans) <= 128


def test_pieces_end_where_sentences_end() -> None:
    text = "One two three four. Five six seven eight nine ten.\nEleven twelve"
    pieces = [text[start:end] for start, end in WordSplitter(8).split(text)]
    assert pieces == ["One two three four. Five six seven eight ", "nine ten.\nEleven twelve"]
    assert text[slice(*WordSplitter(6).split(text)[0])] == "One two three four. "


# The built-in model

def test_meaning_is_found_without_a_shared_word(minilm_embedder: OnnxEmbedder) -> None:
    question = minilm_embedder.embed(["How much does the loaf cost?"], query=True)
    near, far = (question @ minilm_embedder.embed(["The price of bread is two coins.", "Whales migrate in spring."]).T)[0]
    assert near > far + 0.2


def test_it_agrees_with_the_published_model(minilm_embedder: OnnxEmbedder) -> None:
    """Reference values: sentence-transformers 5, float32, the first six numbers of each vector."""
    for text, expected in json.loads((Path(__file__).parent / "minilm_reference.json").read_text()).items():
        vector = minilm_embedder.embed([text])[0]
        assert vector @ np.array(expected, np.float32) > 0.98


def test_a_second_call_builds_nothing_again(cache: Path, built: Path) -> None:
    steps: list[str] = []
    before = (built / "model.onnx").stat().st_mtime_ns
    assert ensure_model(cache, progress=steps.append) == built
    assert steps == []
    assert (built / "model.onnx").stat().st_mtime_ns == before


def test_a_damaged_model_is_built_again(tmp_path: Path, built: Path) -> None:
    copy = tmp_path / built.name
    shutil.copytree(built, copy)
    content = bytearray((copy / "model.onnx").read_bytes())
    content[len(content) // 2] ^= 1
    (copy / "model.onnx").write_bytes(bytes(content))
    steps: list[str] = []
    ensure_model(tmp_path, progress=steps.append)
    assert steps == ["verifying the embedding weights", "building the embedding model"]
    assert (copy / "model.onnx").read_bytes() == (built / "model.onnx").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", built.name]


def test_changed_weights_are_refused_and_nothing_is_left(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(package_folder() or Path(), weights)
    with (weights / "model.safetensors").open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"\x01")
    with pytest.raises(EmbedderUnavailable, match="damaged, or another model") as caught:
        ensure_model(tmp_path / "cache", weights=weights)
    assert "halo model install" in caught.value.fix
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [".lock"]


def test_missing_weights_say_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("halo_app.embedding.weights.PACKAGE", "no_such_package")
    with pytest.raises(EmbedderUnavailable, match="not installed") as caught:
        ensure_model(tmp_path)
    assert "./run.sh setup" in caught.value.fix


@pytest.mark.skipif(os.name == "nt", reason="folder modes")
def test_a_cache_that_is_a_file_is_an_error_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way")
    with pytest.raises(EmbedderUnavailable, match="cannot be written"):
        ensure_model(tmp_path / "cache")


def test_weights_are_read_from_a_bare_file_and_from_an_archive(tmp_path: Path) -> None:
    packaged = package_folder()
    assert packaged is not None
    bare = tmp_path / "model.safetensors"
    bare.symlink_to(packaged / "model.safetensors")
    archive = Path(shutil.make_archive(str(tmp_path / "weights"), "zip", packaged))
    assert read_weights(bare) == read_weights(archive) == read_weights()


def test_an_interrupted_build_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".building-old").mkdir()
    (tmp_path / ".building-old" / "model.onnx").write_bytes(b"half")
    folder = ensure_model(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", folder.name]


def test_the_stored_vectors_change_their_name_with_the_build(monkeypatch: pytest.MonkeyPatch, minilm_embedder: OnnxEmbedder) -> None:
    assert minilm_embedder.model_id == minilm.MODEL_ID == "all-MiniLM-L6-v2-int8-1"


# A second model

def test_the_second_models_own_files_say_how_it_is_used(second: Path) -> None:
    recipe = read_recipe(second)
    assert (recipe.pooling, recipe.query_prefix, recipe.text_prefix) == ("cls", "query: ", "text: ")
    assert (recipe.dimension, recipe.max_tokens) == (WIDTH, 128)


def test_its_vector_is_the_first_tokens_with_the_prefix_before_the_text(second: Path) -> None:
    embedder = OnnxEmbedder(second, WIDTH)
    tokenizer = load_tokenizer(second / "tokenizer.json")
    table = np.random.default_rng(7).standard_normal((tokenizer.get_vocab_size(), WIDTH)).astype(np.float32)
    for prefix, query in (("query: ", True), ("text: ", False)):
        own = table[tokenizer.encode(f"{prefix}the moon").ids]
        expected = own[0] + own.mean(axis=0) / 2
        assert np.allclose(embedder.embed(["the moon"], query=query)[0], expected / np.linalg.norm(expected), atol=1e-5)


@pytest.mark.parametrize("pooling", ["mean_tokens", "max_tokens", "lasttoken", "mean_sqrt_len_tokens"])
def test_each_pooling_is_done(tmp_path: Path, pooling: str) -> None:
    embedder = OnnxEmbedder(make_model(tmp_path, pooling=pooling, query="", text=""), WIDTH)
    tokenizer = load_tokenizer(tmp_path / "tokenizer.json")
    table = np.random.default_rng(7).standard_normal((tokenizer.get_vocab_size(), WIDTH)).astype(np.float32)
    own = table[tokenizer.encode("the moon").ids]
    tokens = own + own.mean(axis=0) / 2
    expected = {"max_tokens": tokens.max(axis=0), "lasttoken": tokens[-1]}.get(pooling, tokens.mean(axis=0))
    assert np.allclose(embedder.embed(["the moon"])[0], expected / np.linalg.norm(expected), atol=1e-5)


def test_a_graph_with_its_own_pooling_and_token_types_is_used_as_it_is(tmp_path: Path) -> None:
    folder = make_model(tmp_path, output="sentence_embedding", inputs=("input_ids", "attention_mask", "token_type_ids"))
    assert OnnxEmbedder(folder, WIDTH).embed(["the moon", "a sun"]).shape == (2, WIDTH)


def test_a_file_and_the_onnx_subfolder_are_accepted(tmp_path: Path) -> None:
    folder = make_model(tmp_path / "m", file="onnx/model.onnx")
    by_folder, by_file = OnnxEmbedder(folder, WIDTH), OnnxEmbedder(folder / "onnx" / "model.onnx", WIDTH)
    assert by_folder.model_id == by_file.model_id
    assert by_folder.model_id.startswith("m-")


def test_another_width_than_set_is_a_clear_error(second: Path) -> None:
    with pytest.raises(EmbedderUnavailable, match="vectors of 48 numbers, but EMBEDDING_DIMENSION is 384") as caught:
        OnnxEmbedder(second)
    assert "EMBEDDING_DIMENSION=48" in caught.value.fix


def test_the_width_is_measured_when_no_file_tells_it(tmp_path: Path) -> None:
    folder = make_model(tmp_path)
    shutil.rmtree(folder / "1_Pooling")
    (folder / "config.json").unlink()
    assert OnnxEmbedder(folder, WIDTH).dimension == WIDTH
    with pytest.raises(EmbedderUnavailable, match="vectors of 48 numbers"):
        OnnxEmbedder(folder, 64)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "config.json"])
def test_a_corrupt_file_of_a_model_is_named(tmp_path: Path, name: str) -> None:
    folder = make_model(tmp_path)
    (folder / name).write_bytes(b"\x00 not this")
    with pytest.raises(EmbedderUnavailable, match=name) as caught:
        OnnxEmbedder(folder, WIDTH)
    assert caught.value.fix


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_missing_file_of_a_model_is_named(tmp_path: Path, missing: str) -> None:
    folder = make_model(tmp_path)
    (folder / missing).unlink()
    with pytest.raises(EmbedderUnavailable, match=missing if missing != "model.onnx" else "no ONNX model"):
        OnnxEmbedder(folder, WIDTH)


def test_two_poolings_at_once_are_refused(tmp_path: Path) -> None:
    folder = make_model(tmp_path)
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": True}))
    with pytest.raises(EmbedderUnavailable, match="cls_token and mean_tokens"):
        read_recipe(folder)
