"""`halo bench memory` scores every turn by itself, and prints its figures under fixed names."""

from __future__ import annotations

import json

import pytest

from halo_app.cli import main
from halo_app.cli.bench_memory import read_dialogues
from halo_app.errors import BadInput, UnreadableFile

TALK = {
    "speaker_a": "Ada", "speaker_b": "Ben",
    "session_1_date_time": "1:56 pm on 8 May, 2023",
    "session_1": [
        {"speaker": "Ada", "dia_id": "D1:1", "text": "Hello Ben, how was your week?"},
        {"speaker": "Ben", "dia_id": "D1:2", "text": "I adopted a parrot from the shelter yesterday.", "blip_caption": "a green bird"},
        {"speaker": "Ada", "dia_id": "D1:3", "text": "Lovely, I was busy with my pottery class."},
    ],
    "session_2_date_time": "9:00 am on 2 July, 2023",
    "session_2": [
        {"speaker": "Ben", "dia_id": "D2:1", "text": "My sister moved to Lisbon."},
        {"speaker": "Ada", "dia_id": "D2:2", "text": "I ran a marathon last month."},
    ],
}
ASKED = [
    {"question": "Which animal did Ben adopt?", "answer": "a parrot", "evidence": ["D1:2"], "category": 4},
    {"question": "When did Ada run a marathon?", "answer": "June 2023", "evidence": ["D2:2"], "category": 2},
    {"question": "What do Ada and Ben do?", "answer": "pottery", "evidence": ["D1:3; D:2:1"], "category": 1},
    {"question": "Who is the king?", "answer": "", "evidence": [], "category": 5},
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "talks.json"
    path.write_text(json.dumps([{"sample_id": "one", "conversation": TALK, "qa": ASKED}]), encoding="utf-8")
    return path


def test_the_figures_stand_under_their_names(file, tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("HALO_DATA_DIR", str(tmp_path / "own"))
    assert main(["bench", "memory", str(file), "--json"]) == 0
    figures = json.loads(capfd.readouterr().out)
    assert figures["questions"] == 3
    assert figures["recall@5"] == figures["recall@10"] == figures["recall@20"] == figures["session_any@10"] == 1.0
    assert figures["categories"] == {
        "1": {"recall@10": 1.0, "questions": 1}, "2": {"recall@10": 1.0, "questions": 1}, "3": {"recall@10": 0.0, "questions": 0},
        "4": {"recall@10": 1.0, "questions": 1}, "5": {"recall@10": 0.0, "questions": 0}}
    assert not (tmp_path / "own").exists()


def test_questions_without_evidence_are_not_asked(file):
    [dialogue] = read_dialogues(file)
    assert [sorted(question.evidence) for question in dialogue.questions] == [[(1, 2)], [(2, 2)], [(1, 3), (2, 1)]]


def test_a_file_of_another_kind_is_refused_in_words(tmp_path):
    with pytest.raises(BadInput):
        read_dialogues(tmp_path / "missing.json")
    (tmp_path / "other.json").write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(UnreadableFile):
        read_dialogues(tmp_path / "other.json")
