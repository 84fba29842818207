"""The guard at the door: every request is asked for its host, its origin and its token, in this order, before anything else."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from halo_app.ui.door import ENTER, help_page

HEALTH = "/_stcore/health"
YEAR_SECONDS = 365 * 24 * 3600
TICKET_SECONDS = 120
_HOST = re.compile(r"(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9._-]{0,252}))(?::[0-9]{1,5})?")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORM_BYTES = 4096
_TOO_LARGE = 413


@dataclass(frozen=True)
class Door:
    """What a request must show to come in. `hosts` are exact `host:port` in lower case."""

    hosts: frozenset[str]
    token: str
    instance: str
    loopback: frozenset[str] = frozenset()         # those of `hosts` that are this machine: plain http only
    tickets: dict[str, float] = field(default_factory=dict)     # one-time link -> when it ends, monotonic seconds

    @property
    def cookie(self) -> str:
        """The cookie's name: cookies do not know ports, so it carries the instance."""
        return f"halo-{self.instance}"

    @property
    def pass_(self) -> str:
        """The cookie's value: proves the token without being it."""
        return hmac.new(self.token.encode(), b"halo cookie", sha256).hexdigest()

    def ticket(self) -> str:
        """Return a token that opens the door once, within two minutes; fit for a command line that others can read."""
        made = secrets.token_urlsafe(32)
        self.tickets[made] = time.monotonic() + TICKET_SECONDS
        return made

    def opens(self, token: str) -> bool:
        """Tell whether a presented token is the launch token or a ticket not yet used."""
        if same(token, self.token):
            return True
        used = next((ticket for ticket in self.tickets if same(token, ticket)), None)
        return used is not None and self.tickets.pop(used, 0.0) > time.monotonic()


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is turned away; `help` for a person who only lacks the token."""

    status: int
    words: str
    help: bool = False


def same(given: str, expected: str) -> bool:
    """Compare in constant time; an empty expectation never matches."""
    return bool(expected) and hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())


class Guard:
    """ASGI middleware for http and websocket; adds the protective headers to every response."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door
        self._slow = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = _headers(scope)
        send = _protecting(send, scope, headers)
        refusal = judge_address(scope, headers, self._door)
        if refusal is not None:
            await _refuse(scope, send, refusal)
        elif scope["type"] == "http" and await self._entering(scope, headers, receive, send):
            return
        elif scope["path"] == HEALTH or self._known(headers):
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send, Refusal(401, "HALO does not know this window yet.", help=_reads_pages(scope, headers)))

    def _known(self, headers: Mapping[str, list[str]]) -> bool:
        bearer = headers.get("authorization", [""])[0]
        if bearer[:7].lower() == "bearer " and same(bearer[7:].strip(), self._door.token):
            return True
        return any(same(value, self._door.pass_) for value in _cookies(headers, self._door.cookie))

    async def _entering(self, scope: Scope, headers: Mapping[str, list[str]], receive: Receive, send: Send) -> bool:
        """Turn a token in a link, or in the help page's form, into the cookie and a clean address; tell whether it answered."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        asked = [value for name, value in query if name == "token"]
        if scope["path"] == ENTER and scope["method"] == "POST":
            asked, rest = [await _form_token(receive)], "/"
        elif asked and scope["method"] in {"GET", "HEAD"}:
            rest = _clean(scope, [pair for pair in query if pair[0] != "token"])
        else:
            return False
        if self._door.opens(asked[0].strip()):
            await _redirect(send, rest, self._set_cookie(headers))
        elif self._known(headers):
            await _redirect(send, rest)
        else:
            async with self._slow:                 # guesses wait in one line; a right token never does
                await asyncio.sleep(0.2)
            await _refuse(scope, send, Refusal(401, "That link does not open this HALO.", help=True))
        return True

    def _set_cookie(self, headers: Mapping[str, list[str]]) -> str:
        secure = "; Secure" if headers.get("x-forwarded-proto") == ["https"] else ""
        return f"{self._door.cookie}={self._door.pass_}; Path=/; Max-Age={YEAR_SECONDS}; HttpOnly; SameSite=Strict{secure}"


def judge_address(scope: Scope, headers: Mapping[str, list[str]], door: Door) -> Refusal | None:
    """Check Host (400 malformed, 403 foreign), then Origin (403); None when both are right."""
    hosts = [host.lower() for host in headers.get("host", [])]
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]) or not scope["path"].startswith("/"):
        return Refusal(400, "The address of this request is malformed.")
    [host] = hosts
    if host not in door.hosts:
        return Refusal(403, "HALO does not answer to this host name. HALO_ALLOWED_HOSTS can add it.")
    origins = headers.get("origin", [])
    must_name = scope["type"] == "websocket" or scope["method"] not in _SAFE
    allowed = {f"http://{host}"} if host in door.loopback else {f"http://{host}", f"https://{host}"}
    if len(origins) > 1 or (must_name and not origins) or not allowed.issuperset(origin.lower() for origin in origins):
        return Refusal(403, "This request comes from another web page, so HALO does not answer it.")
    embedded = headers.get("sec-fetch-site", ["none"])[0] in {"cross-site", "same-site"}
    if embedded and headers.get("sec-fetch-mode", [""])[0] != "navigate":
        return Refusal(403, "This request comes from another web page, so HALO does not answer it.")
    return None


def policy(host: str) -> str:
    """Return the content security policy for pages served at `host` (`name:port`)."""
    return (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; "
        f"connect-src 'self' ws://{host} wss://{host}; frame-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


_STRICTEST = "default-src 'none'; frame-ancestors 'none'"


def _headers(scope: Scope) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in scope["headers"]:
        found.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return found


def _cookies(headers: Mapping[str, list[str]], name: str) -> Iterable[str]:
    for line in headers.get("cookie", []):
        for part in line.split(";"):               # one foreign cookie that does not parse must not hide ours
            try:
                morsel = SimpleCookie(part.strip()).get(name)
            except CookieError:
                continue
            if morsel is not None:
                yield morsel.value


def _reads_pages(scope: Scope, headers: Mapping[str, list[str]]) -> bool:
    reads = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
    return reads and any("text/html" in line for line in headers.get("accept", []))


def _clean(scope: Scope, query: list[tuple[str, str]]) -> str:
    path = scope.get("raw_path", scope["path"].encode()).decode("latin-1").partition("?")[0]
    if not re.fullmatch(r"/(?![/\\])[\x21-\x7e]*", path):          # `//elsewhere` would leave this site
        path = "/"
    return f"{path}?{urlencode(query)}" if query else path


async def _form_token(receive: Receive) -> str:
    body = b""
    while len(body) <= _FORM_BYTES:
        message = await receive()
        body += message.get("body", b"")
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    given = dict(parse_qsl(body[:_FORM_BYTES].decode("latin-1"))).get("token", "").strip()
    return given.partition("token=")[2].partition("&")[0] if "token=" in given else given     # the whole link is fine too


def _protecting(send: Send, scope: Scope, headers: Mapping[str, list[str]]) -> Send:
    host = headers.get("host", [""])[0].lower()
    csp = policy(host) if _HOST.fullmatch(host) else _STRICTEST
    kept = scope["path"].startswith("/static/")    # hashed names: these may be cached
    added = {
        "x-content-type-options": "nosniff", "x-frame-options": "DENY", "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), payment=(), usb=()",
        **({} if kept else {"cache-control": "no-store"}),
    }

    async def protected(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.http.response.start"}:
            own = [(name, value) for name, value in message.get("headers", []) if name.decode("latin-1").lower() not in added]
            if not any(name.lower() == b"content-security-policy" for name, _ in own):
                own.append((b"content-security-policy", csp.encode("latin-1")))
            if message["status"] == _TOO_LARGE:    # else the rest of the body would be taken and thrown away, without end
                own.append((b"connection", b"close"))
            message = {**message, "headers": own + [(name.encode(), value.encode()) for name, value in added.items()]}
        await send(message)

    return protected


async def _refuse(scope: Scope, send: Send, refusal: Refusal) -> None:
    body = help_page(refusal.words) if refusal.help else f"{refusal.words}\n"
    kind = "text/html; charset=utf-8" if refusal.help else "text/plain; charset=utf-8"
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body.encode())).encode())]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="HALO"'))
    prefix = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
    if scope["type"] == "websocket" and "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await send({"type": f"{prefix}.start", "status": refusal.status, "headers": headers})
    await send({"type": f"{prefix}.body", "body": b"" if scope.get("method") == "HEAD" else body.encode()})


async def _redirect(send: Send, to: str, cookie: str = "") -> None:
    headers = [(b"location", to.encode("latin-1")), (b"content-length", b"0")]
    if cookie:
        headers.append((b"set-cookie", cookie.encode("latin-1")))
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
