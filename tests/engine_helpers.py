"""Opens the memory engine as a program would, on a data directory of its own, with an embedder that needs no model."""

from __future__ import annotations

from pathlib import Path

from halo_app import MemoryEngine
from halo_app.embedding.hashed import HashedEmbedder, WordSplitter
from halo_app.settings import read_settings

DATABASE = "sqlite:///{data_dir}/memory.db"


def open_engine(data_dir: Path, **environ: str) -> MemoryEngine:
    """Return an engine that is not initialized yet."""
    given = {"HALO_DATA_DIR": str(data_dir), "HALO_AGENT_DB": DATABASE, **environ}
    engine = MemoryEngine(read_settings(environ=given, home=data_dir))
    engine._app.__dict__.update(embedder=HashedEmbedder(), splitter=WordSplitter())
    return engine
