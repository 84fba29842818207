"""Python runs this at its start when this folder is in PYTHONPATH: it refuses every way off this machine and notes who tried."""

import _socket
import ipaddress
import os
import sys

RECORD = "OFFLINE_RECORD"
_TO_AN_ADDRESS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_OF_A_NAME = {"socket.getaddrinfo", "socket.gethostbyname"}


def watch():
    """Watch this process to its end."""
    sys.addaudithook(_look)


def note(what):
    """Note a try in the record, with the command and the place in the code."""
    import traceback

    place = next((f"{frame.filename}:{frame.lineno}" for frame in reversed(traceback.extract_stack())
                  if frame.filename != __file__ and "socket.py" not in frame.filename), "")
    line = f"{what} ({place}; {' '.join(sys.argv)[:200]})".replace("\n", " ")
    record = os.open(os.environ[RECORD], os.O_WRONLY | os.O_APPEND)
    os.write(record, f"{line}\n".encode())
    os.close(record)


def _look(event, arguments):
    if event in _TO_AN_ADDRESS:
        address = arguments[1]
        if isinstance(address, tuple) and not _is_loopback(address[0]):
            _refuse(event, address[0])
    elif event in _OF_A_NAME and arguments[0] is not None and not _needs_no_asking(arguments[0]):
        _refuse(event, arguments[0])


def _refuse(event, where):
    note(f"{event} {where}")
    raise PermissionError(f"the tests run offline: {where} is not this machine")


def _is_loopback(host):
    host = _text(host)
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in {"localhost", ""}


def _needs_no_asking(host):
    """Tell whether a host is an address however written (`0x7f.1`), or this machine's own name for itself."""
    host = _text(host)
    try:
        host = host.encode("idna").decode()
        _socket.inet_aton(host)
    except (OSError, UnicodeError):
        return ":" in host or _is_loopback(host.removesuffix("."))
    return True


def _text(host):
    return host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else str(host)


if __name__ == "sitecustomize" and os.environ.get(RECORD):
    watch()
