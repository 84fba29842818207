"""Bad addresses and bad servers: every way of writing "this machine", and every way of not answering."""

from __future__ import annotations

import gzip
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from halo_app.errors import BadInput, HaloError, TooLarge, Unavailable
from halo_app.parsing.web import Address, fetch, is_public
from halo_app.plugins import Limits

STOP = Event()


class Site(BaseHTTPRequestHandler):
    """A server that misbehaves by path."""

    seen: list[str] = []

    def do_GET(self) -> None:
        type(self).seen.append(self.headers.get("Host", ""))
        answer: Callable[[], object] = {"/headers": self.headers_without_end, "/drip": self.body_by_drops, "/stop": self.half,
                                        "/bomb": self.bomb}.get(self.path, self.lead)
        with suppress(OSError):
            answer()

    def send(self, text: str) -> None:
        self.wfile.write(text.encode("latin-1"))

    def headers_without_end(self) -> None:
        self.send("HTTP/1.1 200 OK\r\n")
        for number in range(1_000_000):
            self.send(f"X-{number}: {'y' * 1000}\r\n")

    def body_by_drops(self) -> None:
        self.send("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
        while not STOP.wait(0.05):
            self.send("x")

    def half(self) -> None:
        self.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")

    def bomb(self) -> None:
        self.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
        self.wfile.write(gzip.compress(bytes(200_000_000), 9))

    def lead(self) -> None:
        self.send(f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {self.path[1:]}\r\n\r\n")

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    STOP.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    STOP.set()
    server.shutdown()
    server.server_close()


def loopback_too(address: Address) -> bool:
    return address.is_loopback or is_public(address)


BAD = """
http://127.0.0.1/ http://127.1/ http://127.0.1/ http://2130706433/ http://0x7f000001/ http://0x7f.0.0.1/
http://0177.0.0.1/ http://017700000001/ http://0/ http://0.0.0.0/ http://[::]/ http://[::1]/ http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::10.0.0.1]/
http://[64:ff9b:1::1]/ http://[2002:7f00:1::]/ http://[2002:a00:1::]/ http://[2001:0:7f00:1::]/ http://[fec0::1]/
http://[fe80::1]/ http://[fe80::1%25lo]/ http://[fc00::1]/ http://[fd12:3456::1]/ http://[ff02::1]/ http://10.0.0.1/
http://172.31.255.255/ http://192.168.0.1/ http://169.254.169.254/latest/meta-data/ http://100.64.0.1/ http://192.0.0.1/
http://192.0.2.1/ http://198.18.0.1/ http://198.51.100.1/ http://203.0.113.1/ http://224.0.0.1/ http://240.0.0.1/
http://255.255.255.255/ http://localhost/ http://localhost./ http://LOCALHOST/ https://127.0.0.1/ http://127.0.0.1:22/
http://127.0.0.1:25/ http://user@127.0.0.1/ http://user:pw@example.org/ http://@127.0.0.1/ http://example.org@127.0.0.1/
http://127.0.0.1\\@example.org/ file:///etc/passwd file://127.0.0.1/etc/passwd gopher://127.0.0.1/ ftp://127.0.0.1/
dict://127.0.0.1:11211/ ldap://127.0.0.1/ data:text/plain,x jar:http://127.0.0.1/ view-source:http://127.0.0.1/
//127.0.0.1/ http:/127.0.0.1/ http:127.0.0.1/ http://[::1 http://[not]/ http://127.0.0.1:65536/ http://127.0.0.1:x/
http://１２７.０.０.１/ http://127。0。0。1/ http://①②⑦.⓪.⓪.①/
""".split()


@pytest.mark.parametrize("address", BAD)
def test_no_way_to_write_an_inner_address_gets_through(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_connection(*_: object, **__: object) -> socket.socket:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", no_connection)
    with pytest.raises((BadInput, Unavailable)) as caught:
        fetch(address, Limits(), seconds=5)
    assert "pw" not in caught.value.message


@pytest.mark.parametrize("target", [
    "http://127.0.0.1:1/", "http://[::1]/", "file:///etc/passwd", "gopher://127.0.0.1/", "//169.254.169.254/",
    "http://user:pw@93.184.215.14/",
    "http://2130706433/", "http://localhost/",
])
def test_a_redirect_is_checked_like_the_first_address(target: str, site: str) -> None:
    port = int(site.rpartition(":")[2])

    def only_the_site(address: Address) -> bool:
        only_the_site.asked += 1  # type: ignore[attr-defined]
        return address == ipaddress.ip_address("127.0.0.1") and only_the_site.asked == 1  # type: ignore[attr-defined]

    only_the_site.asked = 0  # type: ignore[attr-defined]
    with pytest.raises(BadInput):
        fetch(f"http://127.0.0.1:{port}/{target}", Limits(), allowed=only_the_site)


def test_a_name_is_resolved_once_and_the_connection_goes_to_the_checked_address(
    site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    port, asked = int(site.rpartition(":")[2]), []

    def rebinding(host: str, *_: object, **__: object) -> list[tuple[object, ...]]:
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    genuine, dialled = socket.create_connection, []

    def dial(address: tuple[str, int], *rest: object, **options: object) -> socket.socket:
        dialled.append(address[0])
        monkeypatch.undo()                              # the socket below looks its number up by itself
        return genuine(address, *rest, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", dial)
    with pytest.raises(Unavailable):
        fetch(f"http://rebinding.example:{port}/stop", Limits(), allowed=loopback_too)
    assert asked == ["rebinding.example"] and dialled == ["127.0.0.1"]
    assert Site.seen[-1] == f"rebinding.example:{port}"


def test_one_inner_address_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("93.184.215.14", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(BadInput, match="private network"):
        fetch("http://mixed.example/", Limits())


@pytest.mark.parametrize(("path", "kind"), [
    ("headers", Unavailable), ("drip", Unavailable), ("stop", Unavailable), ("bomb", TooLarge),
])
def test_a_server_that_misbehaves_is_left(path: str, kind: type[HaloError], site: str) -> None:
    with pytest.raises(kind):
        fetch(f"{site}/{path}", Limits(), allowed=loopback_too, seconds=3 if path == "bomb" else 1)
