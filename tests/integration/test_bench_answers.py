"""`halo bench answers` reads SQuAD files, asks in two phases through the app and prints its figures."""

from __future__ import annotations

import json

import pytest

from halo_app.cli import main
from halo_app.cli.bench_answers import read_articles
from halo_app.errors import BadInput, UnreadableFile
from tests.follow_up_cases import SHELF


def squad(*articles):
    return {"version": "1.1", "data": [
        {"title": title, "paragraphs": [{"context": text, "qas": [
            {"id": str(number), "question": question, "answers": [{"text": answer, "answer_start": 0}] if answer else []}
            for number, (question, answer) in enumerate(questions)]}]} for title, text, questions in articles]}


LAMP = ("The_Lumen_desk_lamp", SHELF["lumen.md"], [("Who designed the Lumen lamp?", "Ada Brandt"), ("How heavy is the moon?", "")])
BRIDGE = ("The_Orra_bridge", SHELF["bridge.md"], [
    ("How long is the Orra bridge?", "312 metres"), ("Who was its architect?", "nobody at all")])


def test_the_figures_have_their_names_and_add_up(tmp_path, capfd):
    file = tmp_path / "squad.json"
    file.write_text(json.dumps(squad(LAMP, BRIDGE)))
    assert main(["bench", "answers", str(file), "--json"]) == 0
    figures = json.loads(capfd.readouterr().out)
    assert {"hit@1", "hit@3", "questions", "abstain_balanced_accuracy", "query_p50_ms"} <= set(figures)
    assert figures["questions"] == 3                   # one has no answer
    assert figures["hit@1"] == figures["hit@3"] == round(2 / 3, 4)
    assert figures["abstain_balanced_accuracy"] >= 0.75


def test_a_file_that_is_missing_or_something_else_is_refused(tmp_path):
    with pytest.raises(BadInput):
        read_articles(tmp_path / "none.json")
    other = tmp_path / "other.json"
    other.write_text('{"rows": []}')
    with pytest.raises(UnreadableFile):
        read_articles(other)
