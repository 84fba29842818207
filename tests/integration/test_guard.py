"""The door of a real server: host, then origin, then token, over http and websocket."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from halo_app.ui.launch import launch_of
from halo_app.ui.safe import markdown
from tests.running_server import Running, raw, start, stop


@pytest.fixture(scope="module")
def halo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = start(tmp_path_factory.mktemp("door"))
    yield running
    assert stop(running) == 0


OWN, NONE = "127.0.0.1:{port}", ""
HOSTS = [("127.0.0.1:{port}", 0), ("localhost:{port}", 0), ("LOCALHOST:{port}", 0), ("evil.example:{port}", 403),
    ("127.0.0.1:1", 403),
         ("127.0.0.1", 403), ("127.0.0.1.evil.example:{port}", 403), ("user@127.0.0.1:{port}", 400), ("127.0.0.1:{port}/x", 400),
         ("a b", 400),
         ("[::1", 400), ("127.0.0.1:{port}, evil.example", 400)]
ORIGINS = [("http://127.0.0.1:{port}", 0), ("https://127.0.0.1:{port}", 403), ("http://localhost:{port}", 403),
    ("http://127.0.0.1:1", 403),
           ("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:{port}.evil.example", 403), ("file://", 403)]
TOKENS = [("good", 0), ("none", 401), ("wrong", 401), ("other name", 401), ("bearer", 0), ("wrong bearer", 401)]
ROWS = (
    [(kind, host, ORIGINS[0][0].replace("127.0.0.1:{port}", host.lower()), "good", bad) for kind in ("http", "ws") for host,
    bad in HOSTS]
    + [(kind, OWN, origin, "good", bad) for kind in ("http", "ws") for origin, bad in ORIGINS]
    + [(kind, OWN, ORIGINS[0][0], token, bad) for kind in ("http", "ws") for token, bad in TOKENS]
    + [("http", OWN, NONE, "good", 0), ("ws", OWN, NONE, "good", 403),
    ("http", "evil.example", "http://evil.example", "none", 403),
       ("ws", "evil.example", "http://evil.example", "none", 403), ("http", OWN, "http://evil.example", "none", 403)]
)


@pytest.mark.parametrize(("kind", "host", "origin", "token", "refused"), ROWS)
def test_who_comes_in(halo: Running, kind: str, host: str, origin: str, token: str, refused: int) -> None:
    name, _, value = halo.cookie.partition("=")
    shown = {"good": f"Cookie: a=b; {halo.cookie}\r\n", "wrong": f"Cookie: {name}={value[::-1]}\r\n",
        "other name": f"Cookie: halo-00000000={value}\r\n",
             "none": "", "bearer": f"Authorization: Bearer {halo.token}\r\n",
             "wrong bearer": "Authorization: Bearer nothing\r\n"}[token]
    path = "/_stcore/stream" if kind == "ws" else "/"
    head = f"GET {path} HTTP/1.1\r\nHost: {host}\r\n".replace("{port}", str(halo.port))
    head += f"Origin: {origin}\r\n".replace("{port}", str(halo.port)) if origin else ""
    if kind == "ws":
        head += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        head += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    reply = raw(halo.port, head + shown)
    expected = refused or (101 if kind == "ws" else 200)
    assert reply.split(" ")[1] == str(expected)
    if kind == "http" and refused != 400:
        assert "content-security-policy: default-src 'self'" in reply.lower() and "x-content-type-options: nosniff" in reply.lower()
        assert "x-frame-options: deny" in reply.lower() and "referrer-policy: same-origin" in reply.lower()


def test_health_needs_no_token(halo: Running) -> None:
    assert " 200 " in raw(halo.port, f"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1:{halo.port}\r\n").split("\r\n")[0] + " "


def test_a_browser_without_a_token_is_told_how_to_get_in(halo: Running) -> None:
    reply = raw(halo.port, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{halo.port}\r\nAccept: text/html\r\n")
    assert " 401 " in reply and "content-type: text/html" in reply


def test_a_form_from_this_page_opens_the_door_and_one_from_elsewhere_does_not(halo: Running) -> None:
    body = f"token={halo.token}"
    head = f"POST /enter HTTP/1.1\r\nHost: 127.0.0.1:{halo.port}\r\nContent-Length: {len(body)}\r\nConnection: close\r\nOrigin: "
    for origin, status in ((f"http://127.0.0.1:{halo.port}", "303"), ("http://evil.example", "403")):
        with socket.create_connection(("127.0.0.1", halo.port), timeout=20) as link:
            link.sendall(f"{head}{origin}\r\n\r\n{body}".encode())
            assert link.recv(65536).decode().split(" ")[1] == status


def test_a_link_does_not_lead_to_another_site(halo: Running) -> None:
    reply = raw(halo.port, f"GET //evil.example/?token={halo.token} HTTP/1.1\r\nHost: 127.0.0.1:{halo.port}\r\n")
    assert "location: /\r\n" in reply.lower()


def test_an_upload_without_the_xsrf_token_is_refused(halo: Running) -> None:
    head = f"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1:{halo.port}\r\nOrigin: http://127.0.0.1:{halo.port}\r\n"
    assert " 403 " in raw(halo.port, f"{head}Cookie: {halo.cookie}\r\nContent-Length: 0\r\n")


def test_a_restart_keeps_the_token_and_two_data_directories_do_not_share_one(tmp_path: Path) -> None:
    first, second = launch_of(tmp_path / "a"), launch_of(tmp_path / "b")
    assert launch_of(tmp_path / "a") == first and first.token != second.token and first.instance != second.instance
    assert stat.S_IMODE((tmp_path / "a" / "launch-token").stat().st_mode) == 0o600


def test_another_address_without_an_access_token_refuses_to_start(tmp_path: Path) -> None:
    environ = {**os.environ, "HALO_DATA_DIR": str(tmp_path), "HALO_HOST": "0.0.0.0", "HALO_ACCESS_TOKEN": ""}
    done = subprocess.run([sys.executable, "-m", "halo_app.ui.server", "--no-browser"], env=environ, capture_output=True,
        text=True, timeout=60)
    assert done.returncode == 1 and "HALO_ACCESS_TOKEN" in done.stderr


def test_a_taken_port_is_said_with_a_free_one(halo: Running, tmp_path: Path) -> None:
    environ = {**os.environ, "HALO_DATA_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "halo_app.ui.server", "--no-browser", "--port", str(halo.port)]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and f"port {halo.port} is taken" in done.stderr and "--port " in done.stderr


def test_markdown_of_others_cannot_fetch_a_picture_or_run_a_link() -> None:
    shown = markdown("![x](http://evil.example/p) <img src=x> [a](javascript:alert(1)) [b](https://example.org)")
    assert "![" not in shown and "<" not in shown and "](javascript" not in shown and "](https://example.org)" in shown
