"""A pasted web address is fetched from the open internet only, within limits, wherever it leads."""

from __future__ import annotations

import gzip
import ipaddress
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from time import sleep

import pytest

from halo_app.errors import BadInput, HaloError, TooLarge, Unavailable
from halo_app.parsing.web import Address, fetch, is_public
from halo_app.plugins import Limits


class Pages(BaseHTTPRequestHandler):
    """A small site: a page, redirects, an endless page, a packed one, a slow one."""

    def do_GET(self) -> None:
        if self.path.startswith("/loop"):
            return self.answer(302, b"", Location="/loop")
        if self.path == "/inward":
            return self.answer(302, b"", Location="http://169.254.169.254/latest")
        if self.path == "/moved":
            return self.answer(301, b"", Location="/page?x=1")
        if self.path == "/missing":
            return self.answer(404, b"gone")
        if self.path == "/large":
            return self.answer(200, bytes(1_000_001))
        if self.path == "/bomb":
            return self.answer(200, gzip.compress(bytes(50_000_000)), **{"Content-Encoding": "gzip"})
        if self.path == "/packed.txt":
            return self.answer(200, gzip.compress(b"packed words"), **{"Content-Encoding": "gzip", "Content-Type": "text/plain"})
        if self.path == "/slow":
            return self.drip()
        if self.path == "/named":
            given = 'attachment; filename="../a b.pdf"'
            return self.answer(200, b"%PDF-", **{"Content-Type": "application/pdf", "Content-Disposition": given})
        return self.answer(200, b"<p>Hello</p>", **{"Content-Type": "text/html; charset=utf-8"})

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def drip(self) -> None:
        try:
            for byte in b"HTTP/1.0 200 OK\r\n" + b"X: y\r\n" * 100:
                self.wfile.write(bytes([byte]))
                sleep(0.05)
        except OSError:
            pass

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def loopback_too(address: Address) -> bool:
    return address.is_loopback or is_public(address)


@pytest.mark.parametrize("address", [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "255.255.255.255", "100.64.0.1",
    "::1", "::", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:1::1", "fec0::1",
    "fe80::1", "fc00::1", "ff02::1", "2001:db8::1",
])
def test_addresses_of_the_inner_network_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_addresses_of_the_open_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def test_a_page_is_fetched_with_a_name_and_a_type(site: str) -> None:
    assert fetch(f"{site}/page", Limits(), allowed=loopback_too) == ("page.html", b"<p>Hello</p>", "text/html")
    assert fetch(f"{site}/", Limits(), allowed=loopback_too)[0] == "127.0.0.1.html"
    assert fetch(f"{site}/moved", Limits(), allowed=loopback_too)[0] == "page.html"
    assert fetch(f"{site}/named", Limits(), allowed=loopback_too)[0] == "a b.pdf"
    assert fetch(f"{site}/packed.txt", Limits(), allowed=loopback_too) == ("packed.txt", b"packed words", "text/plain")


def test_this_machine_is_never_fetched(site: str) -> None:
    with pytest.raises(BadInput, match="only public addresses"):
        fetch(f"{site}/page", Limits())


def test_a_redirect_inward_is_refused(site: str) -> None:
    with pytest.raises(BadInput, match=r"169\.254\.169\.254 lies on this machine or a private network"):
        fetch(f"{site}/inward", Limits(), allowed=loopback_too)


@pytest.mark.parametrize(("page", "kind", "words"), [
    ("loop", Unavailable, "more than 5 times"), ("missing", Unavailable, "answered 404"), ("large", TooLarge, "larger than 1 MB"),
    ("bomb", TooLarge, "larger than 1 MB"),
])
def test_what_cannot_be_fetched_is_refused_in_words(page: str, kind: type[HaloError], words: str, site: str) -> None:
    with pytest.raises(kind, match=words):
        fetch(f"{site}/{page}", Limits(size_mb=1), allowed=loopback_too)


def test_a_server_that_drips_is_left(site: str) -> None:
    with pytest.raises(Unavailable, match="took too long"):
        fetch(f"{site}/slow", Limits(), allowed=loopback_too, seconds=0.5)


@pytest.mark.parametrize("address", [
    "file:///etc/passwd", "ftp://example.org/", "example.org", "http://", "http://user:secret@example.org/", "http://example.org:0/",
    "http://exa mple.org/", "http://[::1", "javascript:alert(1)", "http://example.org:99999/",
])
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput) as caught:
        fetch(address, Limits())
    assert "secret" not in caught.value.message
