"""Build the built-in model once from the published weights, and keep it in the user's cache."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from halo_app.embedding.weights import SHA256, read_weights
from halo_app.errors import EmbedderUnavailable

NAME = "all-MiniLM-L6-v2"
BUILD = 1                              # counts up whenever the graph changes, so that stored vectors are never mixed
MODEL_ID = f"{NAME}-int8-{BUILD}"
SPACE_NEEDED = 64 * 1024 * 1024

Progress = Callable[[str], None]

_SHAPE = {
    "config.json": {"model_type": "bert", "hidden_size": 384, "max_position_embeddings": 512},
    "sentence_bert_config.json": {"max_seq_length": 256},
    "1_Pooling/config.json": {"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True},
}


def model_folder(cache: Path) -> Path:
    """Return where the built model lies inside the cache."""
    return cache / MODEL_ID


def ensure_model(cache: Path, *, weights: Path | None = None, progress: Progress | None = None) -> Path:
    """Return the folder with model.onnx, tokenizer.json and configuration, building it when it is missing or damaged.

    `weights` names a copy to build from (see `read_weights`); given, the model is always built again. Two processes
    build it once: the second waits. Nothing half-written is ever visible.
    Raises EmbedderUnavailable when there are no weights, they are not the published ones, or nothing can be written.
    """
    folder = model_folder(cache)
    if weights is None and is_whole(folder):
        return folder
    try:
        return _build_once(cache, folder, weights, progress or _silent)
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        fix = f"free {SPACE_NEEDED >> 20} MB on that disk and try again" if full else "make that folder writable and try again"
        raise EmbedderUnavailable(f"the search model cannot be written to {cache}: {error.strerror}", fix=fix) from error


def is_whole(folder: Path) -> bool:
    """Tell whether every file named in the manifest is there with the sha256 it was written with."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return manifest["weights_sha256"] == SHA256["model.safetensors"] and all(
            hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256 for name, sha256 in manifest["files"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _build_once(cache: Path, folder: Path, weights: Path | None, progress: Progress) -> Path:
    from filelock import FileLock

    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / ".lock"):
        if weights is None and is_whole(folder):
            return folder
        for leftover in cache.glob(".building-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        scratch = Path(tempfile.mkdtemp(prefix=".building-", dir=cache))
        try:
            _build(scratch / "new", weights, progress)
            if folder.exists():
                folder.rename(scratch / "old")
            (scratch / "new").rename(folder)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
    return folder


def _build(folder: Path, weights: Path | None, progress: Progress) -> None:
    from safetensors.numpy import load

    from halo_app.embedding.graph import minilm_graph

    progress("verifying the embedding weights")
    found = read_weights(weights)
    progress("building the embedding model")
    files = {"model.onnx": minilm_graph(load(found.tensors)).SerializeToString(), "tokenizer.json": found.tokenizer}
    files |= {name: _json(content) for name, content in _SHAPE.items()}
    manifest = {
        "schema": 1, "model_id": MODEL_ID, "weights_sha256": SHA256["model.safetensors"],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    for name, content in {**files, "manifest.json": _json(manifest)}.items():
        _write(folder / name, content)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _json(content: object) -> bytes:
    return json.dumps(content, indent=1).encode()


def _silent(_step: str) -> None:
    """Show nothing."""
