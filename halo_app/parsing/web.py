"""Fetch a web address that the user pasted, and never anything on this machine or its network."""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from pathlib import PurePosixPath
from threading import Timer
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from halo_app.errors import BadInput, TooLarge, Unavailable
from halo_app.plugins import Limits

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_SECONDS = 20.0
_SIZE_MB = 10
_REDIRECTS = 5
_PLAIN = "/%:@!$&'()*+,;=?~-._"          # written into the request as they are
_AGENT = "HALO notebook (fetches one page at its reader's wish)"
_SUFFIXES = {
    "text/html": "html", "application/xhtml+xml": "html", "application/pdf": "pdf", "text/plain": "txt", "text/markdown": "md",
    "text/csv": "csv", "application/json": "json", "application/xml": "xml", "text/xml": "xml", "application/rss+xml": "xml",
    "application/atom+xml": "xml", "application/epub+zip": "epub", "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp",
    "image/tiff": "tiff", "text/vtt": "vtt",
}
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_REFUSED_NETWORKS = tuple(ipaddress.IPv6Network(network) for network in (
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8"))


@dataclass(frozen=True, slots=True)
class _Reply:
    status: int
    headers: Message
    body: bytes


def is_public(address: Address) -> bool:
    """Say whether an address is on the open internet, also when it hides in another one (mapped, 6to4, NAT64).

    `ipaddress.is_global` alone passes NAT64, 6to4, IPv4-compatible, site-local and multicast addresses.
    """
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if any(address in network for network in _REFUSED_NETWORKS) or address.teredo is not None:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def fetch(
    url: str, limits: Limits, *, allowed: Callable[[Address], bool] = is_public, seconds: float = _SECONDS
) -> tuple[str, bytes, str]:
    """Return a name ending in a fitting suffix, the bytes, and the media type of what a web address holds.

    The host is resolved once per step, every address it has must be `allowed`, and the connection goes to the checked
    address; at most 5 redirects, each checked alike; at most 10 MB (or the limit of size) in `seconds` altogether.
    Raises BadInput for an address that is not taken, TooLarge, or Unavailable when the server gives nothing.
    """
    deadline = time.monotonic() + seconds
    most = min(_SIZE_MB, limits.size_mb) * 1_000_000
    address = url.strip()
    for _ in range(_REDIRECTS + 1):
        parts = _checked(address)
        reply = _ask(parts, _resolved(parts, allowed), deadline, most)
        onward = reply.headers.get("Location")
        if reply.status in (301, 302, 303, 307, 308) and onward:
            address = urljoin(address, onward)
            continue
        if reply.status != 200:
            raise Unavailable(f"{parts.hostname} answered {reply.status} for this address", fix="open it in a browser to see why")
        media_type = reply.headers.get_content_type() if reply.headers.get("Content-Type") else ""
        return _named(parts, reply.headers, media_type), reply.body, media_type
    raise Unavailable(f"this address leads on more than {_REDIRECTS} times", fix="paste the address it ends at")


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"this is not a web address: {error}", fix="paste an address that begins with https://") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadInput("only addresses that begin with http:// or https:// can be added", fix="paste the whole address")
    if parts.username is not None or parts.password is not None:
        raise BadInput("addresses with a user name or password in them are not taken", fix="save the page and add the file")
    if port == 0 or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise BadInput("this is not a web address", fix="paste the whole address, without blanks")
    return parts


def _resolved(parts: SplitResult, allowed: Callable[[Address], bool]) -> list[str]:
    """Return the host's addresses, all of them allowed. Raises BadInput or Unavailable."""
    host = str(parts.hostname)
    try:
        found = socket.getaddrinfo(host.removesuffix("."), parts.port or _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(f"{host} cannot be found", fix="check the address and the network, then try again") from error
    addresses = [str(place[4][0]).partition("%")[0] for place in found]
    if not addresses or not all(allowed(ipaddress.ip_address(address)) for address in addresses):
        raise BadInput(f"{host} lies on this machine or a private network; only public addresses are fetched",
                       fix="save the page and add the file")
    return list(dict.fromkeys(addresses))


def _ask(parts: SplitResult, addresses: list[str], deadline: float, most: int) -> _Reply:
    host = str(parts.hostname)
    connection = _connection(parts, addresses[0], deadline)
    target = quote(parts.path or "/", safe=_PLAIN) + (f"?{quote(parts.query, safe=_PLAIN)}" if parts.query else "")
    watch = None
    try:
        connection.connect()
        watch = Timer(_left(deadline), connection.sock.shutdown, [socket.SHUT_RDWR])     # a server may drip byte by byte
        watch.start()
        connection.request("GET", target, headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip, identity", "Accept": "*/*"})
        response = connection.getresponse()
        redirected = 300 <= response.status < 400
        return _Reply(response.status, response.headers, b"" if redirected else _body(response, deadline, most))
    except (OSError, http.client.HTTPException, zlib.error) as error:
        if isinstance(error, TimeoutError) or time.monotonic() >= deadline:
            words = f"{host} took too long to answer"
            raise Unavailable(words, fix="try again, or save the page and add the file") from error
        raise Unavailable(f"{host} gave no usable answer ({type(error).__name__})", fix="try again later") from error
    finally:
        if watch:
            watch.cancel()
            watch.join()
        connection.close()


def _connection(parts: SplitResult, address: str, deadline: float) -> http.client.HTTPConnection:
    """Return a connection to the checked address; the host's name serves for the Host header and the certificate."""
    host, port = str(parts.hostname), parts.port or _port(parts)

    def dial(*_: object, **__: object) -> socket.socket:
        return socket.create_connection((address, port), timeout=_left(deadline))

    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(host, port, timeout=_SECONDS, context=ssl.create_default_context())
    else:
        connection = http.client.HTTPConnection(host, port, timeout=_SECONDS)
    connection._create_connection = dial  # type: ignore[attr-defined]
    return connection


def _body(response: http.client.HTTPResponse, deadline: float, most: int) -> bytes:
    unpack = zlib.decompressobj(31) if response.headers.get("Content-Encoding", "").strip().lower() == "gzip" else None
    body = bytearray()
    while True:
        _left(deadline)
        piece = response.read1(65_536)
        if not piece:
            break
        body += unpack.decompress(piece, most + 1) if unpack else piece
        if len(body) > most:
            raise TooLarge(f"what stands at this address is larger than {most // 1_000_000} MB", fix="download it and add the file")
    _left(deadline)                        # the watch ends a slow body: that is no end of the page
    if response.length or (unpack and body and not unpack.eof):
        raise http.client.IncompleteRead(bytes(body[:0]), response.length)
    return bytes(body)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _named(parts: SplitResult, headers: Message, media_type: str) -> str:
    """Return the file's name: the server's own, else the end of the path, else the host; with the media type's suffix."""
    last = headers.get_filename() or unquote(PurePosixPath(parts.path).name) or str(parts.hostname)
    name = PurePosixPath(last.replace("\\", "/")).name or str(parts.hostname)
    suffix = _SUFFIXES.get(media_type, "")
    present = PurePosixPath(name).suffix.lower().lstrip(".")
    fits = present == suffix or _SUFFIXES.get(media_type) is None or present in {"htm": "html", "jpeg": "jpg", "tif": "tiff"}
    return name if fits and (present or not suffix) else f"{name}.{suffix}"
