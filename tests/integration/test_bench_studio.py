"""`halo bench studio` makes every output from a folder and finds what is not quoted, repeated or out of shape."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from halo_app.cli._studio_rules import faults, redundancy, unfounded
from halo_app.domain.artifact import Item, Layout, Section
from tests.studio_helpers import LETTER, STUDY, full_house


def test_the_bench_counts_statements_repetition_and_key_terms(tmp_path: Path) -> None:
    (tmp_path / "survey.md").write_text(STUDY)
    (tmp_path / "letter.txt").write_text(LETTER)
    command = [sys.executable, "-m", "halo_app", "bench", "studio", str(tmp_path), "--json"]
    figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert figures["documents"] == 2 and figures["templates"] >= 17
    assert figures["verbatim"] == figures["statements"] > 50
    assert figures["redundancy"] <= figures["redundancy_bound"]
    assert figures["faults"] == {}
    assert 0 < figures["coverage"] <= 1


def test_a_sentence_that_stands_elsewhere_is_unfounded() -> None:
    house = full_house()
    artifact = house.make("brief")
    assert unfounded(artifact, house.text) == 0
    said = artifact.sections[0].sentences[0]
    wrong = replace(said, citations=(replace(said.citations[0], start=said.citations[0].start + 1),))
    assert unfounded(replace(artifact, sections=(replace(artifact.sections[0], sentences=(wrong,)),)), house.text) == 1


def test_what_is_repeated_empty_or_out_of_shape_is_found() -> None:
    house = full_house()
    brief, quiz = house.make("brief"), house.make("matrix")
    twice = replace(brief, sections=(brief.sections[0], brief.sections[0]))
    assert redundancy(twice) == 1.0
    short = replace(quiz.sections[0], items=(replace(quiz.sections[0].items[0], cells=()),))
    broken = replace(quiz, sections=(short, Section(" ", layout=Layout.PAIRS), Section("Slide", layout=Layout.SLIDE, items=(Item(),))))
    assert len(faults(broken)) >= 3
