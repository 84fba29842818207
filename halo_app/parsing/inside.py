"""Read a file that came inside another one by the parser of its own kind."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from halo_app.domain.locator import Locator
from halo_app.errors import HaloError
from halo_app.parsing import registry
from halo_app.parsing.manuscript import Manuscript
from halo_app.plugins import Limits


def include_file(written: Manuscript, data: bytes, name: str, place: Locator, limits: Limits) -> list[str]:
    """Append the file's text, its places becoming details of `place`; return remarks, also when it cannot be read."""
    try:
        with tempfile.NamedTemporaryFile(prefix="inside-") as stream:
            stream.write(data)
            stream.flush()
            left = replace(limits, text_chars=max(limits.text_chars - written.length, 0))
            inner = registry.read(Path(stream.name), name, left).parsed
    except HaloError as error:
        return [f"{place.value} was not read: {error.message}"]
    written.include(inner, place)
    return [f"{place.value}: {remark}" for remark in inner.remarks]
