"""What is recalled without having been asked for: the fact that bears on the question, and little else."""

from __future__ import annotations

from halo_app.bootstrap import build_app
from halo_app.settings import read_settings
from tests.recall_cases import PAIRS


def test_at_the_default_threshold_the_right_fact_comes_to_mind_and_little_else(tmp_path):
    app = build_app(read_settings(environ={"HALO_DATA_DIR": str(tmp_path)}))
    try:
        app.first_start(serving=False)
        app.memory.store_all("ana", [fact for _, fact in PAIRS])
        app.outbox.drain()
        who = app.users.principal("ana")
        recalled = [(fact, [one.text for one in app.recall.unasked(who, "ana", question)]) for question, fact in PAIRS]
    finally:
        app.close()
    right = sum(fact in found for fact, found in recalled)
    everything = sum(len(found) for _, found in recalled)
    assert right >= 33
    assert right >= 0.8 * everything
