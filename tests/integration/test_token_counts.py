"""Tokens are counted exactly, or never too few."""

from __future__ import annotations

import random
import string
from contextlib import closing
from pathlib import Path

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from halo_app.bootstrap import build_app
from halo_app.embedding.counting import BoundedCount, ExactCount
from halo_app.embedding.minilm import ensure_model
from halo_app.errors import EmbedderUnavailable
from halo_app.llm.scripted import Scripted
from halo_app.settings import read_settings

ROOT = Path(__file__).resolve().parents[2]
HARD = ["", "xqzjv wkrr", "Donaudampfschifffahrtsgesellschaft", "日本語のテキスト", "😀😀 👩‍👩‍👧", "3,141,592.653 %",
        "\n\n\t\n", "ß ü é à", "\ud800"]


@pytest.fixture(scope="module")
def model():
    return ensure_model(read_settings(environ={}).model_cache)


@pytest.fixture(scope="module")
def byte_level():
    """A byte-level vocabulary as today's models have, learnt from our own documents."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/**/*.md"))]
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=32_000, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
                                                             show_progress=False))
    return tokenizer


def random_text(chance: random.Random) -> str:
    letters = chance.choice([string.ascii_lowercase, string.printable, "äöüßéñ ", "日本語テキスト "])
    return "".join(chance.choice(letters) for _ in range(chance.randint(0, 200)))


def test_the_bound_is_never_less_than_the_models_own_count(model):
    bound, exact = BoundedCount(model / "tokenizer.json"), ExactCount(model / "tokenizer.json")
    chance = random.Random(3)
    for text in [*HARD, *(random_text(chance) for _ in range(500)), (ROOT / "README.md").read_text(encoding="utf-8")]:
        assert bound(text) >= exact(text)


def test_the_bound_is_never_less_than_what_a_byte_level_vocabulary_makes_of_prose(model, byte_level):
    bound = BoundedCount(model / "tokenizer.json")
    for path in sorted(ROOT.glob("docs/**/*.md")):
        for paragraph in path.read_text(encoding="utf-8").split("\n\n"):
            assert bound(paragraph) >= len(byte_level.encode(paragraph).ids)


def test_without_a_tokenizer_every_byte_counts():
    assert BoundedCount(None)("naïve") == 6


def test_a_file_that_is_no_tokenizer_is_refused(tmp_path):
    (tmp_path / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EmbedderUnavailable, match="is not a tokenizer"):
        ExactCount(tmp_path / "tokenizer.json")


def test_a_tokenizer_that_cannot_be_read_leaves_the_bound_and_the_doctor_says_so(tmp_path):
    missing = tmp_path / "tokenizer.json"
    environ = {"HALO_DATA_DIR": str(tmp_path / "data"), "HALO_LLM__BASE_URL": "http://127.0.0.1:9/v1", "HALO_LLM__MODEL": "m"}
    app = build_app(read_settings(environ={**environ, "HALO_LLM__TOKENIZER": str(missing)}))
    with closing(app):
        app.first_start(serving=False)
        app.__dict__["provider"] = Scripted(())
        assert app.token_count("naïve") >= 3
        [check] = [check for check in app.health() if check.name == "language model"]
        assert not check.ok and str(missing) in check.detail and "HALO_LLM__TOKENIZER" in check.fix
