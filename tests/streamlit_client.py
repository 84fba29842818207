"""What a browser does with a running server, by hand: the socket of a page, and an upload for it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.running_server import Running


@dataclass(frozen=True)
class Window:
    """An open page: the session's id, the cookies and the token that its requests carry."""

    running: Running
    session_id: str
    xsrf: str

    def upload(self, body: Iterator[bytes] | bytes, *, length: int | None = None) -> tuple[int, str]:
        """Put a body where an uploaded file goes; returns the status and words, 0 when the server closed without any."""
        link = http.client.HTTPConnection("127.0.0.1", self.running.port, timeout=60)
        try:
            link.putrequest("PUT", f"/_stcore/upload_file/{self.session_id}/one")
            for name, value in self._headers().items():
                link.putheader(name, value)
            link.putheader("Content-Type", "multipart/form-data; boundary=halo")
            if isinstance(body, bytes):
                link.putheader("Content-Length", str(len(body) if length is None else length))
                link.endheaders()
                link.send(body)
            else:
                link.putheader("Transfer-Encoding", "chunked")
                link.endheaders()
                for piece in body:
                    link.send(b"%x\r\n%s\r\n" % (len(piece), piece))
                link.send(b"0\r\n\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass                                    # it may answer before all is sent
        try:
            answer = link.getresponse()
            return answer.status, answer.read().decode()
        except (ConnectionError, http.client.HTTPException):
            return 0, ""
        finally:
            link.close()

    def _headers(self) -> dict[str, str]:
        return {"Origin": f"http://127.0.0.1:{self.running.port}", "X-Xsrftoken": self.xsrf,
                "Cookie": f"{self.running.cookie}; _streamlit_xsrf={self.xsrf}"}


@contextmanager
def window(running: Running) -> Iterator[Window]:
    """Open the first page and stay on it."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets.sync.client import connect

    xsrf = _xsrf(running)
    heads = {"Cookie": f"{running.cookie}; _streamlit_xsrf={xsrf}"}
    address, origin = f"ws://127.0.0.1:{running.port}/_stcore/stream", f"http://127.0.0.1:{running.port}"
    with connect(address, additional_headers=heads, origin=origin, subprotocols=["streamlit", xsrf], proxy=None,
                 max_size=None) as socket:
        socket.send(_first_run())
        said = ForwardMsg()
        while said.WhichOneof("type") != "new_session":
            said.ParseFromString(socket.recv(timeout=60))
        yield Window(running, said.new_session.initialize.session_id, xsrf)


def part(content: bytes, name: str = "one.txt") -> tuple[bytes, bytes, bytes]:
    """Return the head, the content and the tail of an upload of one file."""
    head = f'--halo\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n'
    return head.encode(), content, b"\r\n--halo--\r\n"


def _first_run() -> bytes:
    from streamlit.proto.BackMsg_pb2 import BackMsg

    message = BackMsg()
    message.rerun_script.query_string = ""
    return message.SerializeToString()


def _xsrf(running: Running) -> str:
    link = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    try:
        link.request("GET", "/_stcore/health", headers={"Cookie": running.cookie})
        answer = link.getresponse()
        answer.read()
        cookies = answer.headers.get_all("Set-Cookie") or []
    finally:
        link.close()
    return next(cookie.partition("=")[2].partition(";")[0] for cookie in cookies if cookie.startswith("_streamlit_xsrf="))
