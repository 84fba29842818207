"""A real server in a process of its own, and requests written by hand."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    port: int
    token: str
    cookie: str


def start(data_dir: Path, port: int = 0) -> Running:
    environ = {**os.environ, "HALO_DATA_DIR": str(data_dir), "HALO_AGENT_DB": ""}
    command = [sys.executable, "-m", "halo_app.ui.server", "--no-browser", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environ)
    assert process.stdout
    found = re.search(r"http://127\.0\.0\.1:(\d+)/\?token=(\S+)", process.stdout.readline())
    assert found
    running = Running(process, int(found[1]), found[2], "")
    reply = raw(running.port, f"GET /?token={running.token} HTTP/1.1\r\nHost: 127.0.0.1:{running.port}\r\n")
    cookie = re.search(r"(?i)set-cookie: (halo-\w+=\w+); Path=/; Max-Age=\d+; HttpOnly; SameSite=Strict", reply)
    assert cookie and " 303 " in reply and re.search(r"(?i)location: /\r\n", reply)
    return Running(process, running.port, running.token, cookie[1])


def stop(running: Running) -> int:
    running.process.terminate()
    code = running.process.wait(20)
    assert running.process.stdout
    running.process.stdout.close()
    return code


def raw(port: int, head: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        link.sendall(f"{head}Connection: close\r\n\r\n".encode("latin-1") if "Upgrade" not in head
            else f"{head}\r\n".encode("latin-1"))
        received = b""
        while b"\r\n\r\n" not in received and (piece := link.recv(65536)):
            received += piece
    return received.decode("latin-1")
