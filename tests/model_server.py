"""A small OpenAI-compatible server on loopback that does what a test tells it, faults included."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

DONE = b"data: [DONE]\n\n"


def chunk(text: str | None = None, end: str | None = None) -> bytes:
    """Return one event of a streamed answer."""
    delta = {} if text is None else {"content": text}
    value = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m",
             "choices": [{"index": 0, "delta": delta, "finish_reason": end}]}
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def saying(*pieces: str, end: str = "stop") -> list[bytes]:
    """Return the events of a whole answer."""
    return [*(chunk(piece) for piece in pieces), chunk(end=end), DONE]


@dataclass
class ModelServer:
    """What the server says next, and what it saw. `hang` waits after the events until the caller leaves."""

    events: Sequence[bytes] = field(default_factory=lambda: saying("Hello", " there."))
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False             # the events over and over, without an end
    hang_before_status: bool = False
    models: Sequence[str] = ("m",)
    refuse_max_tokens: bool = False
    asked: list[dict[str, Any]] = field(default_factory=list)
    seen_headers: list[dict[str, str]] = field(default_factory=list)
    left: Event = field(default_factory=Event)      # the caller closed the connection before the answer was over
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    told: ModelServer

    def do_GET(self) -> None:
        self.told.seen_headers.append({name.lower(): value for name, value in self.headers.items()})
        listed = [{"id": name, "object": "model", "created": 1, "owned_by": "us"} for name in self.told.models]
        self._send(self.told.status, self.told.body or json.dumps({"object": "list", "data": listed}).encode())

    def do_POST(self) -> None:
        told = self.told
        told.seen_headers.append({name.lower(): value for name, value in self.headers.items()})
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        told.asked.append(asked)
        if told.hang_before_status:
            self._wait_until_left()
        elif told.refuse_max_tokens and "max_tokens" in asked:
            self._send(400, b'{"error": {"message": "use max_completion_tokens instead of max_tokens"}}')
        elif told.status != 200 or told.body:
            self._send(told.status, told.body)
        else:
            self._stream()

    def _stream(self) -> None:
        self._head(200, {"Content-Type": "text/event-stream"})
        try:
            while True:
                for event in self.told.events:
                    self.wfile.write(event)
                    self.wfile.flush()
                if not self.told.drip:
                    break
        except OSError:
            self.told.left.set()
            return
        if self.told.hang:
            self._wait_until_left()

    def _wait_until_left(self) -> None:
        self.connection.settimeout(30)
        try:
            if self.connection.recv(1) == b"":
                self.told.left.set()
        except ConnectionError:
            self.told.left.set()

    def _send(self, status: int, body: bytes) -> None:
        self._head(status, {"Content-Type": "application/json", "Content-Length": str(len(body))})
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, **self.told.headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None: ...


@contextmanager
def serving(told: ModelServer | None = None) -> Iterator[ModelServer]:
    """Run the server while the block runs; `url` is its address, ending in /v1."""
    told = told or ModelServer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"told": told}))
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
