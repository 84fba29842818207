"""Language models: one suite for every provider, and every fault of a server in words that say what to do."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from pydantic import SecretStr

import halo_app.llm
from halo_app.discovery import by_name, offers
from halo_app.errors import ModelUnavailable
from halo_app.llm.openai_compatible import OpenAICompatible, is_loopback
from halo_app.llm.scripted import Scripted
from halo_app.plugins import Prompt, Provider
from halo_app.settings import Llm
from tests.model_server import ModelServer, chunk, saying, serving

KEY = "sk-a-very-secret-key"
ASKED = Prompt("Answer from the passages.", (("user", "Earlier?"), ("assistant", "Yes."), ("user", "And now?")), 64)
FAULT = ModelUnavailable("the server failed", fix="ask again")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as told:
        yield told


@pytest.fixture
def model(server: ModelServer) -> OpenAICompatible:
    return OpenAICompatible(server.url, "m", SecretStr(KEY), deadline_seconds=30)


Making = Callable[[list[str], bool], Provider]


@pytest.fixture(params=["scripted", "openai-compatible"])
def saying_model(request: pytest.FixtureRequest) -> Iterator[Making]:
    """Make a provider that says the pieces and then, if wanted, breaks off."""
    with ExitStack() as stack:

        def make(pieces: list[str], breaks: bool) -> Provider:
            if request.param == "scripted":
                return Scripted([*pieces, FAULT] if breaks else pieces)
            events = [chunk(piece) for piece in pieces] if breaks else saying(*pieces)
            return OpenAICompatible(stack.enter_context(serving(ModelServer(events))).url, "m")

        yield make


def said(provider: Provider) -> str:
    return "".join(provider.stream(ASKED))


# every provider


def test_a_provider_gives_the_text_in_order(saying_model: Making) -> None:
    assert said(saying_model(["One ", "two ", "drei – öü 🙂"], False)) == "One two drei – öü 🙂"


def test_a_provider_says_what_came_before_it_broke_off_and_then_raises(saying_model: Making) -> None:
    heard = []
    with pytest.raises(ModelUnavailable) as failed:
        heard.extend(saying_model(["Half an"], True).stream(ASKED))
    assert "".join(heard) == "Half an"
    assert failed.value.fix


def test_an_empty_answer_of_a_provider_is_a_failure(saying_model: Making) -> None:
    with pytest.raises(ModelUnavailable):
        said(saying_model([], False))


def test_a_provider_can_be_stopped_after_the_first_piece(saying_model: Making) -> None:
    pieces = saying_model(["One ", "two."], False).stream(ASKED)
    assert next(piece for piece in pieces if piece) == "One "
    pieces.close()  # type: ignore[attr-defined]
    assert list(pieces) == []


def test_a_provider_names_itself_its_place_and_its_models(saying_model: Making) -> None:
    provider = saying_model(["x"], False)
    assert provider.name
    assert provider.place
    assert provider.is_local
    assert provider.models()


def test_the_settings_choose_one_provider_at_most() -> None:
    expected = {"http://127.0.0.1:1/v1": ["openai-compatible"], "https://api.example.com/v1": ["openai-compatible"],
                "scripted:Yes.": ["scripted"], "": [], "127.0.0.1:11434": [], "http://[::1": [], "http://x:y/v1": [], "http://": []}
    offered = by_name(offers(halo_app.llm, "PROVIDER"))
    for address, names in expected.items():
        assert [name for name, offer in offered.items() if offer.wants(Llm(base_url=address, model="m"))] == names
    assert said(offered["scripted"].make(Llm(base_url="scripted:It is so [1]."))) == "It is so [1]."


# what is sent


def test_the_request_holds_the_model_the_turns_and_a_limit(server: ModelServer, model: OpenAICompatible) -> None:
    said(model)
    [asked] = server.asked
    assert asked == {"model": "m", "stream": True, "max_tokens": 64, "messages": [
        {"role": "system", "content": "Answer from the passages."}, {"role": "user", "content": "Earlier?"},
        {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "And now?"}]}


def test_nothing_of_the_environment_is_sent(server: ModelServer, model: OpenAICompatible, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"OPENAI_API_KEY": "sk-other", "OPENAI_ORG_ID": "org", "OPENAI_PROJECT_ID": "project",
                        "OPENAI_CUSTOM_HEADERS": "X-Private: yes", "OPENAI_BASE_URL": "http://192.0.2.1/v1"}.items():
        monkeypatch.setenv(name, value)
    said(model)
    said(replace(model, api_key=SecretStr("")))
    with_key, without = server.seen_headers
    assert with_key["authorization"] == f"Bearer {KEY}"
    assert set(with_key) - set(without) == {"authorization"}
    assert set(without) <= {"host", "accept", "accept-encoding", "connection", "content-type", "content-length", "user-agent"}


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(model: OpenAICompatible, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert said(model) == "Hello there."


def test_a_server_that_wants_the_newer_name_of_the_limit_gets_it(server: ModelServer, model: OpenAICompatible) -> None:
    server.refuse_max_tokens = True
    assert said(model) == "Hello there."
    assert server.asked[-1]["max_completion_tokens"] == 64


@pytest.mark.parametrize(("address", "local"), [
    ("http://localhost:11434/v1", True), ("http://127.0.0.1:1/v1", True), ("http://127.8.9.1/v1", True),
    ("http://[::1]:8080/v1", True),
    ("http://192.168.1.20:11434/v1", False), ("https://api.example.com/v1", False),
    ("http://0.0.0.0:1/v1", False), ("http://localhost.example.com/v1", False), ("http://127.0.0.1.example.com/v1", False),
    ("http://127.0.0.1@example.com/v1", False)])
def test_only_loopback_counts_as_this_machine(address: str, local: bool) -> None:
    assert is_loopback(address) is local


# stopping and limits


def test_the_server_sees_that_the_reader_stopped(server: ModelServer, model: OpenAICompatible) -> None:
    server.events, server.hang = [chunk("One ")], True
    pieces = model.stream(ASKED)
    assert next(piece for piece in pieces if piece) == "One "
    pieces.close()  # type: ignore[attr-defined]
    assert server.left.wait(20)


def test_an_answer_can_be_stopped_before_it_begins(server: ModelServer, model: OpenAICompatible) -> None:
    server.hang_before_status = True
    pieces = model.stream(ASKED)
    assert [next(pieces), next(pieces)] == ["", ""]        # the reader gets a look while the server thinks
    pieces.close()  # type: ignore[attr-defined]
    assert server.left.wait(20)


@pytest.mark.parametrize("before", [False, True])
def test_a_server_that_hangs_is_left_at_the_deadline(server: ModelServer, model: OpenAICompatible, before: bool) -> None:
    server.events, server.hang, server.hang_before_status = [chunk("One ")], True, before
    with pytest.raises(ModelUnavailable, match=r"not done after 0\.5 seconds"):
        said(replace(model, deadline_seconds=0.5))
    assert server.left.wait(20)


def test_an_answer_without_end_is_left_at_the_limit_of_bytes(server: ModelServer, model: OpenAICompatible) -> None:
    server.events, server.drip = [chunk("word " * 50)], True
    with pytest.raises(ModelUnavailable, match="longer than 5,000 bytes"):
        said(replace(model, max_bytes=5000))
    assert server.left.wait(20)


def test_a_line_without_end_is_left_at_the_limit_too(server: ModelServer, model: OpenAICompatible) -> None:
    server.events, server.drip = [b"data: " + b"x" * 10_000], True
    with pytest.raises(ModelUnavailable, match="longer than 200,000 bytes on the line"):
        said(replace(model, max_bytes=5000))
    assert server.left.wait(20)


# faults


@pytest.mark.parametrize(("status", "message", "fix"), [
    (401, "does not accept the key", "HALO_LLM__API_KEY"), (403, "does not accept the key", "HALO_LLM__API_KEY"),
    (404, "knows no model 'm'", "HALO_LLM__MODEL"), (429, "takes no more questions", "wait"), (500, "failed (status 500)", "log"),
    (503, "failed (status 503)", "log"), (307, "sends elsewhere", "HALO_LLM__BASE_URL"),
    (400, "context too long for …", "MAX_CONTEXT")])
def test_a_refusal_says_why_what_to_do_and_never_the_key(
        server: ModelServer, model: OpenAICompatible, status: int, message: str, fix: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.status, server.body = status, f'{{"error": {{"message": "context too long for {KEY}"}}}}'.encode()
    server.headers = {"Location": "http://127.0.0.1:9/v1"}
    with pytest.raises(ModelUnavailable) as failed:
        said(model)
    assert message in failed.value.message
    assert fix in failed.value.fix
    assert KEY not in failed.value.message + failed.value.fix + repr(model) + caplog.text
    assert len(server.asked) == 1, "no second try by itself"


def test_no_server_at_the_address(model: OpenAICompatible) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))           # bound and not listening: every connection is refused
        gone = replace(model, base_url=f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
        with pytest.raises(ModelUnavailable, match=r"no model server answers at 127\.0\.0\.1") as failed:
            said(gone)
    assert "start it" in failed.value.fix


@pytest.mark.parametrize("end", [None, "length", "content_filter"])
def test_an_answer_that_did_not_end_well_is_a_failure(server: ModelServer, model: OpenAICompatible, end: str | None) -> None:
    server.events = [chunk("Half an"), chunk(end=end)]
    with pytest.raises(ModelUnavailable) as failed:
        said(model)
    assert {None: "broke off", "length": "longer", "content_filter": "withheld"}[end] in failed.value.message


@pytest.mark.parametrize("events", [
    [b"data: {broken\n\n"], [b"<html>Welcome</html>"], [b"data: 7\n\n"], [b"data: [1]\n\n"], [b"data: {}\n\n"], [b"\xff\xfe\x00\n\n"],
    [b'data: {"choices": 3}\n\n'], [b'data: {"choices": [3]}\n\n'], [b'data: {"choices": [{"delta": "x"}]}\n\n'], []])
def test_garbage_is_called_what_it_is(server: ModelServer, model: OpenAICompatible, events: list[bytes]) -> None:
    server.events = events
    with pytest.raises(ModelUnavailable, match=r"not an OpenAI-compatible server|broke off"):
        said(model)


def test_a_fault_reported_in_the_stream_is_shown_in_the_servers_words(server: ModelServer, model: OpenAICompatible) -> None:
    server.events = [chunk("Half"), b'data: {"error": {"message": "out of memory"}}\n\n']
    with pytest.raises(ModelUnavailable, match="reports a fault: out of memory"):
        said(model)


@pytest.mark.parametrize("key", ["sk-ключ", "sk-line\nbreak"])
def test_a_key_that_cannot_be_sent_is_told_without_it(model: OpenAICompatible, key: str) -> None:
    with pytest.raises(ModelUnavailable) as failed:
        said(replace(model, api_key=SecretStr(key)))
    assert "HALO_LLM__API_KEY" in failed.value.fix
    assert key not in failed.value.message


def test_a_packed_answer_is_refused(server: ModelServer, model: OpenAICompatible) -> None:
    server.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(ModelUnavailable, match="packed answer"):
        said(model)


def test_the_models_of_a_server_are_listed(server: ModelServer, model: OpenAICompatible) -> None:
    server.models = ("zeta", "alpha")
    assert model.models() == ["alpha", "zeta"]
    server.status = 401
    with pytest.raises(ModelUnavailable, match="key"):
        model.models()
