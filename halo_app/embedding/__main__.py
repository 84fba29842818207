"""`python -m halo_app.embedding`: build the model into the cache and print its folder; used at set-up."""

from __future__ import annotations

import sys

from halo_app.embedding.minilm import ensure_model
from halo_app.errors import HaloError
from halo_app.settings import read_settings


def main() -> int:
    """Return 0 when the model is there."""
    try:
        folder = ensure_model(read_settings().model_cache, progress=lambda step: _write(f"{step} …"))
    except HaloError as error:
        _write(f"{error.message}: {error.fix}")
        return 1
    _write(str(folder))
    return 0


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
