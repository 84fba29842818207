"""Originals that want to be pages, and files whose names want to be more than names, asked for over HTTP."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from halo_app.services.ingest import Upload
from tests.integration.test_site import keep
from tests.running_server import Running, start, stop

SCRIPT = "fetch('/files/reading/x')"
WORDS = "The lamp was lit in 1874."
BODIES = {
    "svg": f'<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"><text>%s</text><script>{SCRIPT}</script></svg>',
    "html": f"<!doctype html><p>%s</p><script>{SCRIPT}</script>",
    "xhtml": f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>%s</p><script>{SCRIPT}</script></body></html>',
    "xml": f'<?xml version="1.0"?><?xml-stylesheet href="javascript:{SCRIPT}"?><note><to>%s</to></note>',
}
NAMES = [
    'a"; filename="b.html', "line\r\nX-Made: up.txt", "../../etc/passwd.txt", "..\\..\\windows.txt", "/etc/shadow.txt",
    "nul\x00byte.txt", "\u202etxt.exe.txt", "<img src=x onerror=alert(1)>.txt", "${HOME}`id`.txt", "ü" * 200 + ".txt",
    "x" * 400 + ".txt", "%2e%2e%2fa.txt", "CON.txt", "page.html.txt", "picture.TXT", "\U0001f600.txt", ".hidden.txt", "-rf.txt",
    "a;b=c.txt", "\ud800.txt",
]
Kept = tuple[Running, dict[str, str], Path]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    home = tmp_path_factory.mktemp("hostile") / "data"
    uploads = [Upload.from_bytes(f"drawing.{suffix}", (body % WORDS).encode()) for suffix, body in BODIES.items()]
    uploads += [Upload.from_bytes(name, f"{WORDS} {number}".encode()) for number, name in enumerate(NAMES)]
    ids = keep(home, "local-user", uploads)
    running = start(home)
    yield running, ids, home
    assert stop(running) == 0


def get(running: Running, source_id: str, query: str = "") -> tuple[http.client.HTTPResponse, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    try:
        link.request("GET", f"/files/original/{source_id}{query}", headers={"Cookie": running.cookie})
        answer = link.getresponse()
        return answer, answer.read()
    finally:
        link.close()


@pytest.mark.parametrize("suffix", BODIES)
@pytest.mark.parametrize("query", ["", "?inline", "?inline=1&x=.pdf"])
def test_markup_comes_as_text_or_to_be_saved_and_in_a_sandbox(kept: Kept, suffix: str, query: str) -> None:
    running, ids, _ = kept
    answer, body = get(running, ids[f"drawing.{suffix}"], query)
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    policies = answer.headers.get_all("Content-Security-Policy")
    assert len(policies) == 1
    assert policies[0].startswith("sandbox; default-src 'none'")
    assert "allow-" not in policies[0]
    assert "script-src" not in policies[0]
    assert answer.headers["Content-Disposition"].startswith("inline" if query else "attachment")
    assert SCRIPT.encode() in body                  # byte for byte what was added


def test_no_name_of_a_file_becomes_a_place_or_a_header(kept: Kept) -> None:
    running, ids, home = kept
    assert len(ids) == len(BODIES) + len(NAMES), "every file was taken, whatever its name"
    for name, source_id in ids.items():
        answer, body = get(running, source_id)
        assert (answer.status, WORDS.encode() in body) == (200, True), name
        assert "X-Made" not in answer.headers
        [disposition] = answer.headers.get_all("Content-Disposition")
        assert disposition.startswith("attachment; filename")
        said = unquote(disposition.partition("=")[2].removeprefix("utf-8''").strip('"'))
        assert not set(said) & set('/\\"\r\n\x00'), name
        assert disposition.count("filename") - said.count("filename") in {1, 0}, name
    outside = [path for path in home.parent.iterdir() if path != home]
    assert outside == []
    assert all(path.resolve().is_relative_to(home.resolve()) for path in home.rglob("*"))
    assert {len(path.name) for path in (home / "sources" / "originals").rglob("*") if path.is_file()} == {64}
