"""Read from a model's own files how it wants to be used: pooling, prefixes, width and length."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from halo_app.errors import EmbedderUnavailable

Pooling = Literal["mean", "cls", "max", "sqrt", "last"]
POOLINGS: Mapping[str, Pooling] = {
    "mean_tokens": "mean", "cls_token": "cls", "max_tokens": "max", "mean_sqrt_len_tokens": "sqrt", "lasttoken": "last",
    "mean": "mean", "cls": "cls", "max": "max",
}
QUERY_PROMPTS = ("query", "search_query", "retrieval.query")
TEXT_PROMPTS = ("document", "passage", "search_document", "retrieval.passage")
MAX_TOKENS = 256                       # what a chunk may hold, however much more a model could read
FIX = "set EMBEDDING_MODEL_PATH to a folder (or an .onnx file) with tokenizer.json, or unset it to use the built-in model"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one model is used. `dimension` is None when its files do not tell; lengths are in tokens, specials included."""

    model: Path
    tokenizer: Path
    model_id: str
    pooling: Pooling = "mean"
    query_prefix: str = ""
    text_prefix: str = ""
    dimension: int | None = None
    max_tokens: int = MAX_TOKENS


def read_recipe(place: Path) -> Recipe:
    """Return the recipe of the model at `place`: a folder, or an .onnx file with tokenizer.json beside or above it.

    Configuration is read as sentence-transformers writes it (modules.json, 1_Pooling/config.json, config.json,
    sentence_bert_config.json, config_sentence_transformers.json); every such file may be absent.
    Raises EmbedderUnavailable naming the file that is missing or cannot be read.
    """
    model = _model_file(place)
    home = next((folder for folder in (model.parent, model.parent.parent) if (folder / "tokenizer.json").is_file()), None)
    if home is None:
        raise EmbedderUnavailable(f"no tokenizer.json is beside {model}", fix=FIX)
    config, pooled = _object(home / "config.json"), _object(_pooling_folder(home) / "config.json")
    sentence, prompts = _object(home / "sentence_bert_config.json"), _prompts(home)
    length = sentence.get("max_seq_length") or config.get("max_position_embeddings") or MAX_TOKENS
    dimension = pooled.get("word_embedding_dimension") or config.get("hidden_size")
    return Recipe(
        model=model,
        tokenizer=home / "tokenizer.json",
        model_id=_object(home / "manifest.json").get("model_id") or _fingerprint(home, model, pooled, prompts),
        pooling=_pooling(pooled, home),
        query_prefix=_first(prompts, QUERY_PROMPTS),
        text_prefix=_first(prompts, TEXT_PROMPTS),
        dimension=int(dimension) if dimension else None,
        max_tokens=min(MAX_TOKENS, int(length)),
    )


def _model_file(place: Path) -> Path:
    if place.is_file():
        return place
    known = [place / "model.onnx", place / "onnx" / "model.onnx"]
    others = sorted(place.glob("*.onnx")) if place.is_dir() else []
    for candidate in [*known, *others[:1]]:
        if candidate.is_file():
            return candidate
    raise EmbedderUnavailable(f"no ONNX model is at {place}", fix=FIX)


def _object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EmbedderUnavailable(f"{path} cannot be read: {error}", fix="correct or remove that file") from error
    return content if isinstance(content, dict) else {}


def _pooling_folder(home: Path) -> Path:
    try:
        modules = json.loads((home / "modules.json").read_text(encoding="utf-8"))
        named = [str(module["path"]) for module in modules if str(module["type"]).endswith("Pooling")]
    except (OSError, ValueError, KeyError, TypeError):
        named = []
    return home / (named[0] if named else "1_Pooling")


def _pooling(config: Mapping[str, Any], home: Path) -> Pooling:
    wanted = [name.removeprefix("pooling_mode_") for name, on in config.items() if name.startswith("pooling_mode_") and on is True]
    if isinstance(config.get("pooling_mode"), str):
        wanted.append(config["pooling_mode"])
    if len(wanted) > 1 or any(name not in POOLINGS for name in wanted):
        raise EmbedderUnavailable(
            f"the model in {home} pools by {' and '.join(wanted)}, which HALO cannot do",
            fix=f"export the model with its pooling inside, or use one that pools by {', '.join(sorted(set(POOLINGS.values())))}",
        )
    return POOLINGS[wanted[0]] if wanted else "mean"


def _prompts(home: Path) -> dict[str, str]:
    config = _object(home / "config_sentence_transformers.json")
    prompts = config.get("prompts")
    named = {str(name): str(text) for name, text in prompts.items()} if isinstance(prompts, dict) else {}
    default = named.get(str(config.get("default_prompt_name")), "")
    return {QUERY_PROMPTS[0]: default, TEXT_PROMPTS[0]: default, **named} if default else named


def _first(prompts: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((prompts[name] for name in names if name in prompts), "")


def _fingerprint(home: Path, model: Path, *recipe: Mapping[str, Any]) -> str:
    found = hashlib.sha256(json.dumps(recipe, sort_keys=True).encode())
    for path in (model, *sorted(model.parent.glob(f"{model.name}?data")), home / "tokenizer.json"):
        with path.open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return f"{home.name}-{found.hexdigest()[:12]}"
