"""What a running server gives away: originals as what they are, headers on everything, sockets on this machine only."""

from __future__ import annotations

import asyncio
import re
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from halo_app.bootstrap import build_app
from halo_app.services.ingest import Upload
from halo_app.settings import read_settings
from halo_app.ui.guard import Door, Guard
from tests import documents
from tests.running_server import Running, raw, start, stop

HTML = b"<!doctype html><title>x</title><p>The lamp was lit in 1874.</p><script>fetch('/x')</script>"


@dataclass(frozen=True)
class Site:
    running: Running
    home: Path
    ids: dict[str, str]            # file name -> source id
    foreign: str                   # a source of another user of the same data directory

    def get(self, path: str, method: str = "GET", headers: str = "") -> tuple[int, dict[str, str]]:
        port = self.running.port
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {self.running.cookie}\r\n{headers}"
        top = raw(port, head).partition("\r\n\r\n")[0].split("\r\n")
        pairs = (line.partition(": ") for line in top[1:])
        return int(top[0].split(" ")[1]), {name.lower(): value for name, _, value in pairs}


def keep(home: Path, user: str, uploads: list[Upload]) -> dict[str, str]:
    app = build_app(read_settings({"data_dir": home, "app.user_id": user}, environ={"HALO_AGENT_DB": ""}))
    try:
        app.first_start()
        notebook = app.notebooks.default()
        for _ in app.ingest.add(uploads, notebook.id):
            pass
        return {source.name: source.id for source in app.sources.of(notebook.id)}
    finally:
        app.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    home, made = tmp_path_factory.mktemp("site"), tmp_path_factory.mktemp("made")
    uploads = [Upload.from_path(documents.pdf(made).path), Upload.from_path(documents.png(made).path)]
    uploads += [Upload.from_bytes("page.html", HTML), Upload.from_bytes("lamp.txt", b"The lamp was lit in 1874, long ago.")]
    foreign = keep(home, "somebody-else", [Upload.from_bytes("mine.txt", b"The harbour was dredged in 1901, they say.")])
    ids = keep(home, "local-user", uploads)
    running = start(home)
    yield Site(running, home, ids, foreign["mine.txt"])
    assert stop(running) == 0


def test_an_original_comes_as_what_it_is_and_markup_never_as_a_page(site: Site) -> None:
    shown = {"pdf": "application/pdf", "png": "image/png", "html": "text/plain; charset=utf-8",
        "txt": "text/plain; charset=utf-8"}
    assert {name.rpartition(".")[2] for name in site.ids} == set(shown)
    for name, place in site.ids.items():
        status, inline = site.get(f"/files/original/{place}?inline")
        assert (status, inline["content-type"]) == (200, shown[name.rpartition(".")[2]])
        assert inline["content-disposition"].startswith("inline") and "default-src 'none'" in inline["content-security-policy"]
        assert "script-src" not in inline["content-security-policy"] and inline["x-content-type-options"] == "nosniff"
        assert site.get(f"/files/original/{place}")[1]["content-disposition"].startswith("attachment")


@pytest.mark.parametrize("place", [
    "nothing", "..%2flaunch-token", "%2e%2e%2flaunch-token", "../launch-token", "..%5claunch-token", "%00", "a%00b",
    "%2fetc%2fpasswd", "", ".",
    "..", "x" * 3000, "%ff%fe", "*", "%0d%0aX-Made:%20up",
])
def test_a_made_up_source_is_not_found(site: Site, place: str) -> None:
    status, headers = site.get(f"/files/original/{place}?inline")
    own = headers.get("content-type", "").startswith("text/html") or headers.get("location") == "/files/original?inline"
    assert status in {400, 404} or own, (status, headers)           # or the start of the pages, for what is no file's address
    assert "x-made" not in headers


def test_a_source_of_another_user_is_not_found(site: Site) -> None:
    assert site.get(f"/files/original/{site.foreign}?inline")[0] == 404


PATHS = [
    "/", "/sources", "/no/such/page", "/favicon.ico", "/favicon.png", "/files/original/nothing", "/files/", "/static/nothing.js",
    "/enter",
    "/media/nothing", "/component/x/y.html", "/app/static/x", "/_stcore/health", "/_stcore/script-health-check",
    "/_stcore/metrics",
    "/_stcore/host-config", "/_stcore/upload_file/a/b", "/_stcore/stream", "/_stcore/bidi-components/x/y", "/%",
    "/%2e%2e/%2e%2e/etc/passwd",
]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("known", [True, False])
def test_every_answer_carries_the_headers_that_protect(site: Site, method: str, known: bool) -> None:
    extra = f"Origin: http://127.0.0.1:{site.running.port}\r\n" + ("Content-Length: 0\r\n" if method in {"POST", "PUT"} else "")
    for path in PATHS:
        if known:
            status, headers = site.get(path, method, extra)
        else:
            head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.running.port}\r\n{extra}"
            top = raw(site.running.port, head).split("\r\n")
            status, headers = int(top[0].split(" ")[1]), {line.partition(": ")[0].lower(): line.partition(": ")[2]
                for line in top[1:]}
            assert status == 401 or path == "/_stcore/health", path
        assert "content-security-policy" in headers and headers["x-content-type-options"] == "nosniff", (method, path, status)
        assert "access-control-allow-origin" not in headers or headers["access-control-allow-origin"] != "*"
        assert headers["x-frame-options"] == "DENY" and "server" not in headers


def test_a_fault_of_the_server_carries_them_too() -> None:
    from starlette.applications import Starlette
    from starlette.routing import Route

    async def broken(_: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    door = Door(frozenset({"127.0.0.1:1"}), "t" * 43, "0" * 8, frozenset({"127.0.0.1:1"}))
    sent: list[dict[str, object]] = []

    async def ask() -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: object) -> None:
            sent.append(dict(message))  # type: ignore[call-overload]

        headers = [(b"host", b"127.0.0.1:1"), (b"authorization", b"Bearer " + b"t" * 43)]
        scope = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b"", "headers": headers,
            "root_path": ""}
        await Guard(Starlette(routes=[Route("/", broken)]), door)(scope, receive, send)  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as pool, pytest.raises(ZeroDivisionError):     # a browser test may keep a loop in this thread
        pool.submit(asyncio.run, ask()).result()
    assert sent[0]["status"] == 500
    names = [name for name, _ in sent[0]["headers"]]  # type: ignore[attr-defined]
    assert b"content-security-policy" in names and b"x-content-type-options" in names
    assert all(b"secret" not in message.get("body", b"") for message in sent)  # type: ignore[operator]


def test_a_form_larger_than_a_token_is_read_no_further(site: Site) -> None:
    head = f"POST /enter HTTP/1.1\r\nHost: 127.0.0.1:{site.running.port}\r\nOrigin: http://127.0.0.1:{site.running.port}\r\n"
    with socket.create_connection(("127.0.0.1", site.running.port), timeout=20) as link:
        link.sendall(f"{head}Content-Length: 1000000000\r\n\r\n".encode() + b"token=" + b"x" * 20_000)
        assert link.recv(65536).decode("latin-1").split(" ")[1] == "401"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_server_listens_on_this_machine_only_and_calls_nobody(site: Site) -> None:
    process = site.running.process.pid
    links = [path.readlink().name for path in Path(f"/proc/{process}/fd").iterdir() if path.is_symlink()]
    own = {found[1] for link in links if (found := re.fullmatch(r"socket:\[(\d+)\]", link))}
    places = []
    for kind in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/{process}/net/{kind}")
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[9] in own:
                places.append((kind, fields[1], fields[2]))
    assert places
    for kind, here, there in places:
        assert kind == "tcp" and here.startswith("0100007F:")
        assert there.startswith(("0100007F:", "00000000:0000"))


def test_a_real_restart_keeps_the_token_and_the_cookie(tmp_path: Path) -> None:
    first = start(tmp_path)
    assert stop(first) == 0
    second = start(tmp_path)
    try:
        assert (second.token, second.cookie) == (first.token, first.cookie)
    finally:
        assert stop(second) == 0


def test_two_servers_in_one_cookie_jar_each_know_their_own(site: Site, tmp_path: Path) -> None:
    other = start(tmp_path)
    try:
        for running, stranger in ((site.running, other), (other, site.running)):
            head = f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\nCookie: "
            assert " 200 " in raw(running.port, f"{head}{stranger.cookie}; {running.cookie}\r\n").partition("\r\n")[0]
            assert " 401 " in raw(running.port, f"{head}{stranger.cookie}\r\n").partition("\r\n")[0]
    finally:
        assert stop(other) == 0
