"""Model servers that keep a connection busy without ever answering, or that lead elsewhere."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from threading import Event, Thread

import pytest
from pydantic import SecretStr

from halo_app.errors import ModelUnavailable
from halo_app.llm.openai_compatible import OpenAICompatible
from halo_app.plugins import Prompt
from tests.model_server import DONE, ModelServer, chunk, serving

ASKED = Prompt("Answer from the passages.", (("user", "And now?"),), 64)


def said(provider: OpenAICompatible) -> str:
    return "".join(provider.stream(ASKED))


@contextmanager
def dripping(start: bytes, drop: bytes) -> Iterator[str]:
    """A server that sends `start` and then `drop` every 20 ms, until the test is over."""
    over = Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            link, _ = listener.accept()
            with link:
                link.recv(65536)
                link.sendall(start)
                while not over.wait(0.02):
                    link.sendall(drop)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        over.set()
        listener.close()
        thread.join(10)


EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"


@pytest.mark.parametrize(("start", "drop"), [
    (EVENTS, b": keep-alive\n\n"),
    (EVENTS, b"\n"),
    (EVENTS + b"data: ", b"x"),
    (EVENTS, chunk("")),
    (b"HTTP/1.1 200 OK\r\n", b"X-Still: here\r\n"),
    (b"HTTP/1.1 2", b"0"),
])
def test_a_server_that_only_keeps_the_line_busy_does_not_outlast_the_deadline(start: bytes, drop: bytes) -> None:
    with dripping(start, drop) as url, pytest.raises(ModelUnavailable):
        said(OpenAICompatible(url, "m", deadline_seconds=0.7))


def test_a_redirect_takes_neither_the_question_nor_the_key_elsewhere() -> None:
    with serving() as elsewhere, serving(ModelServer(status=307, headers={"Location": f"{elsewhere.url}/chat/completions"})) as server:
        with pytest.raises(ModelUnavailable):
            said(OpenAICompatible(server.url, "m", SecretStr("sk-a-very-secret-key"), deadline_seconds=10))
        assert server.asked and not elsewhere.asked


def test_comments_and_empty_events_between_the_pieces_do_no_harm() -> None:
    events = [b": hello\n\n", chunk("One "), b": still here\n\n", chunk(""), chunk("two."), chunk(end="stop"), DONE]
    with serving(ModelServer(events)) as server:
        model = OpenAICompatible(server.url, "m")
        assert said(model) == said(replace(model, deadline_seconds=30)) == "One two."
