"""`halo bench retrieval` reads a BEIR folder and counts as nDCG with linear gain and recall are defined."""

from __future__ import annotations

import json
from math import log2

import pytest

from halo_app.cli.bench_retrieval import ndcg, read_collection, recall
from halo_app.errors import BadInput, UnreadableFile


def test_ndcg_discounts_by_place_and_recall_does_not():
    judged = {"a": 2, "b": 1}
    assert ndcg(["a", "b"], judged, 10) == 1.0
    assert ndcg(["b", "a"], judged, 10) == pytest.approx((1 + 2 / log2(3)) / (2 + 1 / log2(3)))
    assert ndcg(["c"], judged, 10) == 0.0
    assert recall(["c", "b"], judged, 10) == 0.5
    assert recall(["c", "b"], judged, 1) == 0.0


def test_a_beir_folder_is_read_with_titles_and_only_judged_queries(tmp_path):
    (tmp_path / "qrels").mkdir()
    rows = [{"_id": "1", "title": "Budget", "text": "55 million"}, {"_id": "2", "text": "River"}]
    (tmp_path / "corpus.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    (tmp_path / "queries.jsonl").write_text('{"_id": "q1", "text": "how much"}\n{"_id": "q2", "text": "not judged"}\n')
    (tmp_path / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\t1\t1\nq1\t2\t0\n")
    collection = read_collection(tmp_path)
    assert collection.documents == {"1": "Budget\n\n55 million", "2": "River"}
    assert collection.queries == {"q1": "how much"}
    assert collection.judged == {"q1": {"1": 1}}


def test_what_is_not_a_beir_folder_is_refused(tmp_path):
    with pytest.raises(BadInput, match="cannot read"):
        read_collection(tmp_path)
    (tmp_path / "corpus.jsonl").write_text("no JSON")
    with pytest.raises(UnreadableFile):
        read_collection(tmp_path)
