"""Call a model server from a thread of its own, so that the caller can stop at any time and no call outlives its deadline."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from halo_app.errors import ModelUnavailable

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

BEAT_SECONDS = 0.2             # how often a waiting caller gets a look at whether it still wants the answer
CONNECT_SECONDS = 10.0
RAW_PER_TEXT = 40              # a streamed token of four bytes comes wrapped in some 150 bytes of JSON
SENT_HEADERS = frozenset("host accept connection content-type content-length user-agent".split())
_END = object()

Work = Callable[["OpenAI"], Iterator[str]]


@dataclass
class Call:
    """One request: `work` reads it in a thread, `pieces` gives what was read, closing `pieces` closes the connection."""

    base_url: str
    key: str
    trust_proxies: bool
    max_bytes: int
    work: Work
    _read: SimpleQueue[Any] = field(default_factory=SimpleQueue)
    _stopped: Event = field(default_factory=Event)
    _socket: socket.socket | None = None

    def pieces(self, deadline_seconds: float) -> Iterator[str]:
        """Yield what `work` yields, and "" several times a second while there is nothing.

        Raises what `work` raised; TimeoutError when the whole takes longer than the deadline, however it drips.
        """
        ends = monotonic() + deadline_seconds
        Thread(target=self._run, name="halo-model-call", daemon=True).start()
        try:
            while (left := ends - monotonic()) > 0:
                try:
                    piece = self._read.get(timeout=min(BEAT_SECONDS, left))
                except Empty:
                    yield ""
                    continue
                if piece is _END:
                    return
                if isinstance(piece, Exception):
                    raise piece
                yield piece
            raise TimeoutError
        finally:
            self._hang_up()

    def _run(self) -> None:
        try:
            with self._client() as client:
                for piece in self.work(client):
                    self._read.put(piece)
            self._read.put(_END)
        except Exception as error:  # noqa: BLE001  it is raised again where the pieces are read
            self._read.put(error)

    def _client(self) -> OpenAI:
        import httpx2
        from openai import OpenAI
        http = httpx2.Client(
            timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS), trust_env=self.trust_proxies, follow_redirects=False,
            event_hooks={"request": [self._on_request], "response": [self._on_response]})
        return OpenAI(base_url=self.base_url, api_key="set by _on_request", max_retries=0, http_client=http)

    def _on_request(self, request: httpx2.Request) -> None:
        """Send nothing about this machine, and no header or key that the client finds in the environment."""
        for name in [name for name in request.headers if name.lower() not in SENT_HEADERS]:
            del request.headers[name]
        request.headers["User-Agent"] = "halo"
        request.headers["Accept-Encoding"] = "identity"
        if self.key:
            _check_key(self.key)
            request.headers["Authorization"] = f"Bearer {self.key}"
        request.extensions["trace"] = self._on_trace

    def _on_trace(self, name: str, info: dict[str, Any]) -> None:
        if name in {"connection.connect_tcp.complete", "connection.start_tls.complete"}:
            self._socket = info["return_value"].get_extra_info("socket")
            if self._stopped.is_set():
                self._hang_up()

    def _on_response(self, response: httpx2.Response) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ModelUnavailable("the model server sent a packed answer that was not asked for",
                                   fix="check HALO_LLM__BASE_URL, or turn compression off on that server")
        response.stream = _counted(response.stream, self.max_bytes * RAW_PER_TEXT)

    def _hang_up(self) -> None:
        """Close the connection under a read that may be waiting in the other thread."""
        self._stopped.set()
        if self._socket is not None:
            with suppress(OSError):                # it is closed already
                self._socket.shutdown(socket.SHUT_RDWR)


def too_long(limit: str) -> ModelUnavailable:
    """Return the error for an answer that does not end where it should."""
    return ModelUnavailable(f"the model's answer was longer than {limit} and was cut",
                            fix="ask a narrower question, or raise HALO_LLM__MAX_TOKENS")


def _check_key(key: str) -> None:
    if not key.isascii() or not key.isprintable():
        raise ModelUnavailable("the key for the model server holds characters that no key has", fix="copy HALO_LLM__API_KEY again")


def _counted(stream: Any, limit: int) -> Any:
    """Return the stream of bytes with a limit on how many are read."""
    import httpx2

    class Counted(httpx2.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            read = 0
            for part in stream:
                read += len(part)
                if read > limit:
                    raise too_long(f"{limit:,} bytes on the line")
                yield part

        def close(self) -> None:
            stream.close()

    return Counted()
