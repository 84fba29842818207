"""Guides made before, beside the texts they were made from: derived data that is made again when it is gone or out of date."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path

from halo_app.domain.artifact import GuideSketch
from halo_app.errors import HaloError
from halo_app.storage.atomic import write_atomic

SCHEMA = 2                     # raised when guides are made in another way
_ID = re.compile(r"[0-9a-f]{32}")
_log = logging.getLogger(__name__)


class GuideFiles:
    """`<source id>.guide` each, which goes when its text goes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, source_id: str, text_sha256: str) -> GuideSketch | None:
        """Return what was kept for this very text, None when there is nothing of use."""
        try:
            kept = json.loads(self._path(source_id).read_bytes())
            if kept["schema"] != SCHEMA or kept["text_sha256"] != text_sha256:
                return None
            spans = tuple((int(start), int(end)) for start, end in kept["spans"])
            return GuideSketch(spans, tuple(map(str, kept["terms"])), tuple(map(str, kept["questions"])), str(kept["tables"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, source_id: str, text_sha256: str, sketch: GuideSketch) -> None:
        """Keep it; a full disk costs only the time to make it again."""
        path = self._path(source_id)
        tree = {"schema": SCHEMA, "text_sha256": text_sha256, "spans": sketch.spans, "terms": sketch.terms,
                "questions": sketch.questions, "tables": sketch.tables}
        try:
            write_atomic(path, json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))
            if not path.with_suffix(".text").exists():       # the source was deleted meanwhile
                path.unlink(missing_ok=True)
        except (HaloError, OSError) as error:
            _log.warning("a guide could not be kept: %s", type(error).__name__)

    def _path(self, source_id: str) -> Path:
        if not _ID.fullmatch(source_id):
            raise ValueError("not the id of a source")
        return self.folder / f"{source_id}.guide"
