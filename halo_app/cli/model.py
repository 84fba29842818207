"""`halo model install | list`: the embedding model, where it comes from, and the models in use."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from halo_app.cli.frame import group, say, settings, show
from halo_app.errors import HaloError

SOURCE = "a copy of the weights: model.safetensors, a folder or archive with it, or an address; the sha256 is checked"


def register(root: typer.Typer) -> None:
    model = group("The embedding model.")

    @model.command()
    def install(place: Annotated[str, typer.Option("--from", metavar="FILE|FOLDER|ADDRESS", help=SOURCE)] = "") -> None:
        """Build the embedding model again, from the installed package or from a copy of its published weights."""
        folder = _install(place)
        show({"model": folder.name, "path": str(folder)}, f"{folder.name} is ready in {folder}")

    @model.command("list")
    def listed() -> None:
        """Show the models in use."""
        show_in_use()

    root.add_typer(model, name="model")


def _install(place: str) -> Path:
    from halo_app.embedding.fetching import fetched, is_address
    from halo_app.embedding.minilm import ensure_model
    from halo_app.embedding.weights import package_folder

    cache = settings().model_cache
    if is_address(place):
        with fetched(place, cache, progress=lambda step: say(f"\r{step} ", end="")) as weights:
            say("")
            return ensure_model(cache, weights=weights, progress=_tell)
    return ensure_model(cache, weights=Path(place).expanduser() if place else package_folder(), progress=_tell)


def _tell(step: str) -> None:
    say(f"{step} …")


def show_in_use() -> None:
    """Show the models in use: embedding, and language when one is configured."""
    held = [_embedding(), *_language()]
    lines = [f"{'✓' if model['ready'] else '✗'} {model['kind']}: {model['name']} ({model['detail']})" for model in held]
    show({"models": held}, "\n".join(lines))


def _embedding() -> dict[str, Any]:
    from halo_app.embedding.minilm import MODEL_ID, is_whole, model_folder
    from halo_app.embedding.onnx import OnnxEmbedder

    given = settings()
    place = given.embedding.path or model_folder(given.model_cache)
    known = {"kind": "embedding", "path": str(place)}
    if given.embedding.path is None and not is_whole(place):
        return {**known, "name": MODEL_ID, "ready": False, "detail": "not built yet, or damaged: run halo model install"}
    try:
        embedder = OnnxEmbedder(place, given.embedding.dimension)
    except HaloError as error:
        return {**known, "name": place.name, "ready": False, "detail": f"{error.message}: {error.fix}"}
    recipe = embedder.recipe
    detail = f"{embedder.dimension} numbers per vector, at most {recipe.max_tokens} tokens, pooled by {recipe.pooling}"
    return {**known, "name": embedder.model_id, "ready": True, "detail": detail, "dimension": embedder.dimension}


def _language() -> list[dict[str, Any]]:
    from halo_app.bootstrap import build_app

    given = settings()
    provider = build_app(given).provider
    if provider is None:
        return [] if not given.llm.base_url else [
            {"kind": "language", "name": given.llm.model, "ready": False, "path": "", "detail": "half configured: see docs/models.md"}]
    known = {"kind": "language", "name": provider.name, "path": "", "place": provider.place, "local": provider.is_local}
    try:
        offered = provider.models()
    except HaloError as error:
        return [{**known, "ready": False, "detail": f"{error.message}: {error.fix}", "offered": []}]
    where = "on this machine" if provider.is_local else f"at {provider.place}, outside this machine"
    return [{**known, "ready": True, "detail": where, "offered": offered}]
