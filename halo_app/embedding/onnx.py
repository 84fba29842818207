"""Run an embedding model with ONNX Runtime, and cut text to what it reads."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from halo_app.embedding.recipe import FIX, MAX_TOKENS, Pooling, Recipe, read_recipe
from halo_app.errors import EmbedderUnavailable
from halo_app.ports import Vectors

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

LONE_SURROGATES = re.compile("[\ud800-\udfff]")
MAX_CHUNK_CHARS = 4000                 # a single "word" of WordPiece may be endless, a passage may not
SINGLE_VECTOR = ("sentence_embedding", "text_embeds", "embeddings")
PER_TOKEN = ("last_hidden_state", "token_embeddings")


class OnnxEmbedder:
    """Any ONNX sentence model. Texts run one by one, so a text has one vector, whatever stands beside it.

    Batches of one on one-thread runs are also the fastest on a CPU: no padding, and the cores work on different texts.
    """

    def __init__(self, place: Path, dimension: int = 384, *, workers: int | None = None) -> None:
        """Load the model at `place`; raises EmbedderUnavailable when it cannot be used or `dimension` is not its width."""
        self._recipe = read_recipe(place)
        self._dimension = dimension
        self._workers = workers or min(4, os.cpu_count() or 1)
        _agree(self._recipe.dimension, dimension, place)
        self._tokenizer = load_tokenizer(self._recipe.tokenizer)
        self._tokenizer.enable_truncation(self._recipe.max_tokens)
        self._session = _open_session(self._recipe.model)
        self._inputs = [item.name for item in self._session.get_inputs()]
        self._output, self._is_single = _choose_output([(item.name, len(item.shape)) for item in self._session.get_outputs()], place)
        self._integer = np.int32 if self._session.get_inputs()[0].type == "tensor(int32)" else np.int64
        _agree(self.embed(["halo"]).shape[1], dimension, place)

    @property
    def model_id(self) -> str:
        return self._recipe.model_id

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def recipe(self) -> Recipe:
        """How the model's own files say that it is used."""
        return self._recipe

    def embed(self, texts: Sequence[str], *, query: bool = False) -> Vectors:
        """Return float32 rows of length 1, shape (len(texts), dimension); what passes the model's token limit is not read."""
        if not texts:
            return np.zeros((0, self._dimension), np.float32)
        prefix = self._recipe.query_prefix if query else self._recipe.text_prefix
        prepared = [prefix + readable(text) for text in texts]
        if len(prepared) == 1 or self._workers == 1:
            return np.stack([self._one(text) for text in prepared])
        longest_first = sorted(range(len(prepared)), key=lambda at: -len(prepared[at]))
        with ThreadPoolExecutor(self._workers, thread_name_prefix="embed") as pool:
            found = dict(zip(longest_first, pool.map(self._one, [prepared[at] for at in longest_first]), strict=True))
        return np.stack([found[at] for at in range(len(prepared))])

    def _one(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text).ids], self._integer)
        try:
            [value] = self._session.run([self._output], {name: _fed(name, ids) for name in self._inputs})
        except _runtime_errors() as error:
            raise EmbedderUnavailable(f"the search model {self._recipe.model} failed: {_first_line(error)}", fix=FIX) from error
        tokens = np.asarray(value, np.float32)[0]
        vector = tokens if self._is_single else _pool(tokens, self._recipe.pooling)
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise EmbedderUnavailable(f"the search model {self._recipe.model} gives nothing that can be compared", fix=FIX)
        return (vector / length).astype(np.float32)


class TokenSplitter:
    """Cuts text where its structure allows (paragraph, sentence, word), each piece within `max_tokens` model tokens."""

    def __init__(self, tokenizer: Path, max_tokens: int = MAX_TOKENS, *, prefix: str = "") -> None:
        """`max_tokens` counts the special tokens and the model's text prefix too; raises EmbedderUnavailable without a tokenizer."""
        from semantic_text_splitter import TextSplitter

        self._tokenizer = load_tokenizer(tokenizer)
        specials = len(self._tokenizer.encode(prefix).ids)
        self._capacity = max(16, max_tokens - specials)
        self._splitter = TextSplitter.from_huggingface_tokenizer(self._tokenizer, self._capacity, trim=False)

    @classmethod
    def of_model(cls, place: Path) -> TokenSplitter:
        """Return the splitter for the model at `place`: its tokenizer, its limit, its text prefix."""
        recipe = read_recipe(place)
        return cls(recipe.tokenizer, recipe.max_tokens, prefix=recipe.text_prefix)

    def split(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) spans in order that cover the text exactly; none for empty text."""
        clean = readable(text)
        spans: list[tuple[int, int]] = []
        for start, piece in self._splitter.chunk_indices(clean):
            spans.extend(self._fit(clean, start, start + len(piece)))
        return spans

    def _fit(self, text: str, start: int, end: int) -> list[tuple[int, int]]:
        whole = end - start <= MAX_CHUNK_CHARS and self._tokens(text[start:end]) <= self._capacity
        if whole or end - start == 1:
            return [(start, end)]
        middle = (start + end) // 2
        space = text.rfind(" ", start + 1, middle)
        cut = space + 1 if space > start else middle
        return [*self._fit(text, start, cut), *self._fit(text, cut, end)]

    def _tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a tokenizer.json without padding and truncation; raises EmbedderUnavailable."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:         # tokenizers raises nothing narrower
        raise EmbedderUnavailable(f"{path} is not a tokenizer: {error}", fix=FIX) from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def readable(text: str) -> str:
    """Return the text with lone surrogates, which no tokenizer takes, replaced one for one."""
    return LONE_SURROGATES.sub("\ufffd", text)


def _open_session(model: Path) -> InferenceSession:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"      # it reports to its maker unless told so before it is loaded
    from onnxruntime import InferenceSession, SessionOptions, disable_telemetry_events

    disable_telemetry_events()                     # should another have loaded it before
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except _runtime_errors() as error:
        raise EmbedderUnavailable(f"the search model {model} cannot be loaded: {_first_line(error)}", fix=FIX) from error


def _runtime_errors() -> tuple[type[Exception], ...]:
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    named = (getattr(state, name) for name in dir(state))
    return (*(kind for kind in named if isinstance(kind, type) and issubclass(kind, Exception)), ValueError, RuntimeError)


def _choose_output(outputs: Sequence[tuple[str, int]], place: Path) -> tuple[str, bool]:
    by_name = dict(outputs)
    for name in (*SINGLE_VECTOR, *PER_TOKEN):
        if name in by_name:
            return name, by_name[name] == 2
    for name, rank in outputs:
        if rank in (2, 3):
            return name, rank == 2
    raise EmbedderUnavailable(f"the model in {place} has no output that could be a vector", fix=FIX)


def _fed(name: str, ids: Any) -> Any:
    if name == "attention_mask":
        return np.ones_like(ids)
    if name == "position_ids":
        return np.arange(ids.shape[1], dtype=ids.dtype)[None]
    return np.zeros_like(ids) if name == "token_type_ids" else ids


def _pool(tokens: Vectors, pooling: Pooling) -> Vectors:
    if pooling == "cls":
        pooled = tokens[0]
    elif pooling == "last":
        pooled = tokens[-1]
    elif pooling == "max":
        pooled = tokens.max(axis=0)
    else:                              # the mean, or the mean times a length that the scaling to 1 takes away
        pooled = tokens.mean(axis=0)
    return np.asarray(pooled, np.float32)


def _agree(found: int | None, dimension: int, place: Path) -> None:
    if found is not None and found != dimension:
        raise EmbedderUnavailable(
            f"the embedding model {place} makes vectors of {found} numbers, but EMBEDDING_DIMENSION is {dimension}",
            fix=f"set EMBEDDING_DIMENSION={found}, or choose another model with EMBEDDING_MODEL_PATH",
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
