"""The whole path with a language model: a real HALO beside a scripted server on loopback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.test_cli import told
from tests.model_server import ModelServer, saying, serving

PUMPS = "# Heat pumps\n\nThe heat pump in Lund has a performance factor of 4.2. It was installed in 2019 by Karin Berg.\n"
QUESTION = "What is the performance factor of the heat pump in Lund?"
ANSWER = ("The heat pump in Lund has a performance factor of 4.2 [1]. ", "It was installed in 2021 by Karin Berg [1].")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("model")
    (place / "pumps.md").write_text(PUMPS, encoding="utf-8")
    told("ingest", place / "pumps.md", "--data-dir", place / "data")
    return place / "data"


def with_model(server: ModelServer) -> dict[str, str]:
    return {"HALO_LLM__BASE_URL": server.url, "HALO_LLM__MODEL": "m", "HALO_LLM__API_KEY": "sk-a-very-secret-key"}


def test_ask_answers_in_the_models_words_with_a_verdict_for_every_sentence(house: Path) -> None:
    with serving(ModelServer(saying(*ANSWER))) as server:
        said = told("ask", QUESTION, "--data-dir", house, **with_model(server))
    assert said["sentences"][0]["verdict"] == "verified"
    assert said["sentences"][1]["verdict"] != "verified"
    assert said["sentences"][1]["reason"]
    [citation] = said["sentences"][0]["citations"]
    assert PUMPS.strip().split("\n\n")[1].startswith(citation["quote"])
    assert said["trace"]["mode"] == "model"
    assert "Heat pumps" in str(server.asked) or "performance factor" in str(server.asked)
    assert not (house / "ledger.jsonl").exists(), "nothing leaves this machine"
    kept = [path.read_text(encoding="utf-8") for path in [*house.glob("halo.log*"), *(house / "chat_history").glob("*.json")]]
    assert "sk-a-very-secret-key" not in "".join(kept) + json.dumps(said)


def test_ask_tells_the_failure_and_answers_from_the_sources(house: Path) -> None:
    with serving(ModelServer(status=500)) as server:
        said = told("ask", QUESTION, "--data-dir", house, **with_model(server))
    assert "failed (status 500)" in said["failure"]
    assert said["sentences"][0]["text"] == "The heat pump in Lund has a performance factor of 4.2."
    assert said["trace"]["mode"] == "extractive"


def test_the_doctor_says_whether_the_model_is_there(house: Path) -> None:
    def found(code: int) -> dict[str, object]:
        checks = told("doctor", "--data-dir", house, code=code, **with_model(server))["checks"]
        return next(check for check in checks if check["name"] == "language model")

    with serving(ModelServer(models=("m", "other"))) as server:
        assert found(0)["ok"]
        server.models = ("other",)
        assert "other" in str(found(1)["fix"])
    assert "no model server answers" in str(found(1)["detail"])


def test_half_a_configuration_is_named(house: Path) -> None:
    checks = told("doctor", "--data-dir", house, code=1, HALO_LLM__BASE_URL="http://127.0.0.1:11434/v1")["checks"]
    assert next(check for check in checks if check["name"] == "sent to models")["detail"].startswith("nothing was sent")
    assert "HALO_LLM__MODEL" in next(check for check in checks if check["name"] == "language model")["fix"]


def test_models_lists_what_the_server_offers(house: Path) -> None:
    with serving(ModelServer(models=("m", "other"))) as server:
        models = told("models", "--data-dir", house, **with_model(server))["models"]
    [language] = [model for model in models if model["kind"] == "language"]
    assert (language["name"], language["ready"], language["local"], language["offered"]) == ("m", True, True, ["m", "other"])
