"""Settings: who wins, what is refused, and that secrets stay secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from halo_app.errors import BadSetting
from halo_app.settings import VARIABLES, Settings, read_settings


def write(path: Path, **tree: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tree), encoding="utf-8")
    return path.parent


def test_arguments_win_over_environment_over_config_over_defaults(tmp_path: Path) -> None:
    home = write(tmp_path / "config.json", server={"port": 1001}, retrieval={"top_k": 5}, log="debug")
    settings = read_settings({"server.port": 1003}, environ={"HALO_PORT": "1002", "SEARCH_TOP_K": "7"}, home=home)
    assert (settings.server.port, settings.retrieval.top_k, settings.log, settings.cache.size) == (1003, 7, "debug", 1000)


def test_config_in_the_data_directory_overlays_the_one_beside_the_app(tmp_path: Path) -> None:
    home = write(tmp_path / "app" / "config.json", app={"user_id": "shipped"}, memory={"num_history_runs": 3})
    data = write(tmp_path / "data" / "config.json", app={"user_id": "custom-user-123"})
    settings = read_settings({"data_dir": data}, environ={}, home=home)
    assert (settings.app.user_id, settings.memory.num_history_runs) == ("custom-user-123", 3)


def test_dotenv_is_read_and_the_real_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CACHE_SIZE=11\nSEARCH_TOP_K=12\n", encoding="utf-8")
    settings = read_settings(environ={"SEARCH_TOP_K": "13"}, home=tmp_path)
    assert (settings.cache.size, settings.retrieval.top_k) == (11, 13)


def test_halo_agent_db_wins_over_database_url_and_empty_disables(tmp_path: Path) -> None:
    both = {"HALO_AGENT_DB": "sqlite:///a.db", "DATABASE_URL": "postgresql://host/b"}
    assert read_settings(environ=both, home=tmp_path).memory.database.get_secret_value() == "sqlite:///a.db"
    assert read_settings(environ=both | {"HALO_AGENT_DB": ""}, home=tmp_path).memory.database.get_secret_value() == ""
    assert read_settings(environ={"DATABASE_URL": "postgresql://host/b"}, home=tmp_path).memory.database.get_secret_value()


@pytest.mark.parametrize(
    ("environ", "names"),
    [
        ({"SEARCH_TOP_K": "abc"}, ["SEARCH_TOP_K", "'abc'"]),
        ({"SIMILARITY_THRESHOLD": "1.5"}, ["SIMILARITY_THRESHOLD", "1.5"]),
        ({"HALO_PORT": "70000"}, ["HALO_PORT", "70000"]),
        ({"EMBEDDING_DIMENSION": "-3"}, ["EMBEDDING_DIMENSION"]),
    ],
)
def test_a_bad_value_is_refused_by_the_name_it_was_given_under(environ: dict[str, str], names: list[str], tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environ=environ, home=tmp_path)
    assert all(name in caught.value.message for name in names)
    assert caught.value.fix


@pytest.mark.parametrize(("environ", "said"), [
    ({"SEARCH_TOP_K": "none"}, "SEARCH_TOP_K='none': expected a whole number from 1 to 200"),
    ({"SIMILARITY_THRESHOLD": "nan"}, "SIMILARITY_THRESHOLD='nan': expected a number from 0 to 1"),
    ({"HALO_LLM__DEADLINE_SECONDS": "0"}, "HALO_LLM__DEADLINE_SECONDS='0': expected a number above 0, up to 3600"),
    ({"HALO_USER_ID": "x" * 201}, "expected text of 1 to 200 characters"),
])
def test_a_bad_value_is_told_with_what_was_expected(environ: dict[str, str], said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environ=environ, home=tmp_path)
    assert said in caught.value.message


@pytest.mark.parametrize(("section", "value", "said"), [
    ("llm", "x", "config.json: llm='x': expected an object of settings"),
    ("chat", {"log_timings": "perhaps"}, "config.json: chat.log_timings='perhaps': expected true or false"),
    ("llm", {"max_bytes": 3}, "config.json: llm.max_bytes=3: expected a whole number from 1000"),
    ("embedding", {"path": 3}, "config.json: embedding.path=3: expected the path of a file or folder"),
    ("llm", {"api_key": 7}, "config.json: llm.api_key: expected text"),
])
def test_a_bad_line_of_config_json_is_told_with_what_was_expected(section: str, value: object, said: str, tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read_settings(environ={}, home=write(tmp_path / "config.json", **{section: value}))
    assert caught.value.message == said


def test_an_unknown_line_of_config_json_is_named(tmp_path: Path) -> None:
    home = write(tmp_path / "config.json", retrieval={"topk": 5})
    with pytest.raises(BadSetting, match=r"retrieval\.topk is not a setting"):
        read_settings(environ={}, home=home)


@pytest.mark.parametrize("text", ["{", "[]", "\x00"])
def test_a_damaged_config_json_is_named_with_its_place(text: str, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadSetting) as caught:
        read_settings(environ={}, home=tmp_path)
    assert str(tmp_path / "config.json") in caught.value.message


def test_secrets_never_show_in_a_printed_settings_or_an_error(tmp_path: Path) -> None:
    settings = read_settings(environ={"HALO_LLM__API_KEY": "sk-very-secret", "HALO_ACCESS_TOKEN": "hush-hush"}, home=tmp_path)
    assert "very-secret" not in repr(settings)
    assert "hush" not in settings.model_dump_json()


def test_every_variable_leads_to_a_real_setting(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    for variable in VARIABLES:
        value: object = settings
        for part in variable.path.split("."):
            value = getattr(value, part)


def test_the_seeds_defaults_hold(tmp_path: Path) -> None:
    settings = read_settings(environ={}, home=tmp_path)
    assert settings.app.user_id == "local-user"
    assert settings.memory.num_history_runs == 3
    assert settings.embedding.dimension == 384
    assert (settings.retrieval.top_k, settings.retrieval.similarity_threshold) == (10, 0.7)
    assert (settings.cache.size, settings.memory.ephemeral_fact_ttl_days) == (1000, 30)
    assert (settings.memory.max_context_tokens, settings.memory.pool_size) == (4000, 5)
