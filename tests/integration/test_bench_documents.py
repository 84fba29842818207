"""`halo bench documents` takes real files in and says which known phrases were found, and where."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from halo_app.cli.bench_documents import find, read_manifest
from halo_app.errors import BadInput, UnreadableFile
from tests import documents


def test_the_bench_counts_what_is_found_and_names_what_is_missed(tmp_path: Path) -> None:
    for make in (documents.markdown, documents.csv):
        make(tmp_path)
    documents.locked_pdf(tmp_path / "locked.pdf")
    (tmp_path / "manifest.json").write_text(json.dumps([
        {"file": "plan.md", "phrase": "Only  the north\nbank"}, {"file": "prices.csv", "phrase": "Köln"},
        {"file": "plan.md", "phrase": "not in it"}, {"file": "locked.pdf", "phrase": "Nobody"},
    ]))
    command = [sys.executable, "-m", "halo_app", "bench", "documents", str(tmp_path), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures = json.loads(done.stdout)
    assert (figures["found"], figures["located"], figures["total"]) == (2, 2, 4)
    assert figures["missed"] == ["plan.md", "locked.pdf"]
    assert "protected by a password" in figures["reasons"]["locked.pdf"]
    assert figures["places"]["prices.csv"] == "C2"


def test_a_phrase_is_found_across_any_white_space() -> None:
    assert find("one  two\n three", "two three") == (5, 15)
    assert find("one two", "three") is None
    assert find("one two", " ") is None


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"manifest\.json"):
        read_manifest(tmp_path)
    (tmp_path / "manifest.json").write_text('{"file": 1}')
    with pytest.raises(UnreadableFile, match="no list of files"):
        read_manifest(tmp_path)
