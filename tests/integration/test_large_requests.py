"""Requests that are too large: refused in words or cut off, while the server goes on and its memory stays where it was."""

from __future__ import annotations

import http.client
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from halo_app.ui.server import MESSAGE_MB
from tests.running_server import Running, raw, start, stop
from tests.streamlit_client import Window, part, window

MB = 1 << 20
LIMIT_MB = 2
ROOM_MB = 120                        # what the pages and the model's arrival may take meanwhile


@pytest.fixture(scope="module")
def halo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HALO_MAX_FILE_MB", str(LIMIT_MB))
        running = start(tmp_path_factory.mktemp("large"))
    yield running
    assert stop(running) == 0


@pytest.fixture
def page(halo: Running) -> Iterator[Window]:
    with window(halo) as opened:
        yield opened


def memory_mb(running: Running) -> int:
    """Return the most memory the server has held so far; 0 where that cannot be told."""
    table = Path(f"/proc/{running.process.pid}/status")
    lines = table.read_text().splitlines() if table.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


def is_up(running: Running) -> bool:
    return raw(running.port, f"GET /_stcore/health HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n").split(" ")[1] == "200"


def test_a_file_of_just_the_limit_is_taken(page: Window) -> None:
    head, content, tail = part(b"x" * (LIMIT_MB * MB - 4096))
    assert page.upload(head + content + tail) == (204, "")


def test_a_file_over_the_limit_is_refused_by_its_length_before_it_is_sent(page: Window) -> None:
    head, _, _ = part(b"")
    assert page.upload(head, length=10_000 * MB) == (413, "File too large")
    assert is_up(page.running)


def test_an_upload_that_never_ends_is_cut_off_at_the_limit_and_takes_no_memory(page: Window) -> None:
    before = memory_mb(page.running)
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield part(b"")[0]
        while sent < 2000 * MB:
            sent += MB
            yield b"x" * MB

    status, words = page.upload(endless())
    assert (status, words) in {(413, "File too large"), (0, "")}
    assert sent < 200 * MB
    assert is_up(page.running)
    assert memory_mb(page.running) - before < ROOM_MB


def test_a_length_that_lies_is_no_way_around_the_limit(page: Window) -> None:
    head, content, tail = part(b"x" * (8 * MB))
    status, _ = page.upload(head + content + tail, length=1 * MB)
    assert status in {0, 400, 413}
    for length in ("-1", "many", "1e3"):
        link = http.client.HTTPConnection("127.0.0.1", page.running.port, timeout=60)
        link.request("PUT", f"/_stcore/upload_file/{page.session_id}/one", headers={"Content-Length": length})
        assert link.getresponse().status in {400, 403, 411}
        link.close()
    assert is_up(page.running)


@pytest.mark.parametrize("session", ["nobody", "..", "%00"])
def test_an_upload_for_no_page_is_refused_unread(page: Window, session: str) -> None:
    stranger = Window(page.running, session, page.xsrf)
    assert stranger.upload(part(b"")[0], length=LIMIT_MB * MB)[0] in {400, 403, 404, 405}


@pytest.mark.parametrize("path", ["/", "/files/original/x", "/enter", "/media/x", "/_stcore/health", "/no/such/page"])
def test_no_other_address_reads_a_body(halo: Running, path: str) -> None:
    before = memory_mb(halo)
    link = http.client.HTTPConnection("127.0.0.1", halo.port, timeout=60)
    try:
        link.putrequest("POST", path)
        for name, value in (("Origin", f"http://127.0.0.1:{halo.port}"), ("Cookie", halo.cookie), ("Content-Length", str(500 * MB))):
            link.putheader(name, value)
        link.endheaders()
        for _ in range(100):
            link.send(b"x" * MB)
    except OSError:
        pass                                        # cut off
    finally:
        link.close()
    assert is_up(halo)
    assert memory_mb(halo) - before < ROOM_MB


@pytest.mark.parametrize("pieces", [1, 64])
def test_a_message_over_the_limit_closes_its_own_connection_only(halo: Running, pieces: int) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    with window(halo) as other:
        before = memory_mb(halo)
        size = (MESSAGE_MB + 8) * MB // pieces
        heads = {"Cookie": f"{halo.cookie}; _streamlit_xsrf={other.xsrf}"}
        with connect(f"ws://127.0.0.1:{halo.port}/_stcore/stream", additional_headers=heads, origin=f"http://127.0.0.1:{halo.port}",
                     subprotocols=["streamlit", other.xsrf], proxy=None, max_size=None) as socket:
            with pytest.raises((ConnectionClosed, OSError)):
                socket.send(b"x" * size if pieces == 1 else (b"x" * size for _ in range(pieces)))
                while True:
                    socket.recv(timeout=60)
            assert socket.protocol.close_code in {1009, 1006}
        assert is_up(halo)
        assert memory_mb(halo) - before < ROOM_MB + 3 * MESSAGE_MB
        assert other.upload(b"".join(part(b"still here"))) == (204, "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_a_header_without_end_is_cut_off(halo: Running) -> None:
    before = memory_mb(halo)
    link = http.client.HTTPConnection("127.0.0.1", halo.port, timeout=60)
    try:
        link.connect()
        link.sock.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
        for _ in range(100):
            link.sock.sendall(b"x" * MB)
    except OSError:
        pass
    finally:
        link.close()
    assert is_up(halo)
    assert memory_mb(halo) - before < ROOM_MB
