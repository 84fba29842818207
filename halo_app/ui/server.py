"""Serve the pages and our own routes behind the guard, in one process: `python -m halo_app.ui.server`, which `halo run` starts."""

from __future__ import annotations

import argparse
import errno
import ipaddress
import logging
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from threading import Thread
from typing import TYPE_CHECKING, Any, NoReturn

from halo_app.errors import BadInput, BadSetting, HaloError
from halo_app.settings import Server, Settings, read_settings
from halo_app.ui import theme
from halo_app.ui.launch import launch_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from halo_app.bootstrap import App
    from halo_app.ui.guard import Door

FRAME = Path(__file__).with_name("frame.py")
GRACE_SECONDS = 3
MESSAGE_MB = 32                     # the largest message of a page: what stands in its fields, files come another way
SHORTEST_TOKEN = 16
NEVER_BYTES = 2.0**60


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; 0 after a clean stop, 1 when HALO cannot start (the reason on standard error), 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="halo run", description="Open the notebook in the browser.")
    parser.add_argument("--port", type=int, help="the port of the pages (8501)")
    parser.add_argument("--host", help="the address of the pages (127.0.0.1)")
    parser.add_argument("--data-dir", help="where everything of one user is kept")
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    given = parser.parse_args(arguments)
    try:
        settings = read_settings({"server.port": given.port, "server.host": given.host, "data_dir": given.data_dir})
        serve(settings, browser=not given.no_browser)
    except HaloError as error:
        print(f"{error.message}\n{error.fix}".strip(), file=sys.stderr)  # noqa: T201
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def serve(settings: Settings, *, browser: bool = True) -> None:
    """Serve until SIGINT or SIGTERM. Raises BadSetting, BadInput (port taken) or StoreUnavailable before anything is served."""
    from halo_app.bootstrap import build_app
    from halo_app.ui import running

    check_address(settings.server)
    os.umask(0o077)                          # whatever makes a file here, it is its owner's only
    with listen(settings.server) as listener:
        port = int(listener.getsockname()[1])
        launch = launch_of(settings.data_dir)
        door = door_of(settings.server, port, launch.instance, settings.server.access_token.get_secret_value() or launch.token)
        app = build_app(settings)
        running.use(app)
        app.first_start(working=False)       # what is done behind the pages would hold up the first of them
        _stop_cleanly()
        _run(build(settings, port, door, app, browser), listener)


def check_address(server: Server) -> None:
    """Refuse to serve other machines without a token. Raises BadSetting."""
    token = server.access_token.get_secret_value()
    if not _is_loopback(server.host) and not token:
        raise BadSetting(
            f"HALO_HOST={server.host}: other machines could read everything here",
            fix="use 127.0.0.1, or set HALO_ACCESS_TOKEN (at least 16 characters) and put TLS in front",
        )
    if token and len(token) < SHORTEST_TOKEN:
        words = f"HALO_ACCESS_TOKEN has {len(token)} characters: at least {SHORTEST_TOKEN} are needed"
        raise BadSetting(words, fix="choose a longer one")


def listen(server: Server) -> socket.socket:
    """Return the bound socket. Raises BadInput with a free port to take when this one is taken."""
    host = "127.0.0.1" if server.host == "localhost" else server.host
    try:
        return _bind(host, server.port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            free = _free_port(host, server.port)
            words = f"port {server.port} is taken, perhaps by a HALO that is already open"
            raise BadInput(words, fix=f"use that one, or start with --port {free}") from None
        if error.errno == errno.EACCES:
            raise BadInput(f"port {server.port} needs the rights of an administrator", fix="start with --port 8501") from None
        raise BadSetting(f"HALO_HOST={server.host}: this machine has no such address", fix="use 127.0.0.1") from None


def door_of(server: Server, port: int, instance: str, token: str) -> Door:
    """Return what requests must show at this address and port."""
    from halo_app.ui.guard import Door

    own = {"127.0.0.1", "localhost", "[::1]"}
    if not _is_loopback(server.host) and server.host not in {"0.0.0.0", "::"}:  # noqa: S104
        own.add(f"[{server.host}]" if ":" in server.host else server.host.lower())
    hosts = {f"{name}:{port}" for name in own} | (own if port == 80 else set())
    loopback = {host for host in hosts if host.rpartition(":")[0] in {"127.0.0.1", "localhost", "[::1]"} or host in own}
    for name in filter(None, (entry.strip().lower() for entry in server.allowed_hosts.split(","))):
        hosts |= {name, f"{name}:{port}"} if ":" not in name.rpartition("]")[2] else {name}
    return Door(hosts=frozenset(hosts), token=token, instance=instance, loopback=frozenset(loopback))


def build(settings: Settings, port: int, door: Door, app: App, browser: bool) -> ASGIApp:
    """Return the whole site as one ASGI application: guard, then our routes, then the pages."""
    from streamlit.starlette import App as Pages
    from streamlit.web.bootstrap import load_config_options

    from halo_app.ui import files, note_routes, running, shell
    from halo_app.ui.guard import Guard
    from halo_app.ui.places import page_names

    load_config_options(options(settings, port))

    @asynccontextmanager
    async def lifespan(_: Pages) -> AsyncIterator[None]:
        _announce(settings, port, door, browser)
        Thread(target=_warm_up, args=(app,), name="halo-warm", daemon=True).start()
        try:
            yield
        finally:
            app.close()

    shells = shell.routes(page_names(), lambda: app.appearance.now().theme)
    routes = [*files.routes(running.current), *note_routes.routes(running.current), *shells]
    pages = Pages(FRAME, routes=routes, lifespan=lifespan)
    return Guard(pages, door)       # outside everything, so that errors of the server carry the headers too


def options(settings: Settings, port: int) -> dict[str, Any]:
    """Return Streamlit's options by dotted name; they win over its files and environment."""
    return {
        "browser.gatherUsageStats": False,
        "runner.postScriptGC": False,                  # 0.1 s after every click; Python collects by itself
        "browser.serverAddress": "127.0.0.1",
        "browser.serverPort": port,
        "client.allowedOrigins": [],
        "client.showErrorDetails": "none",
        "client.showErrorLinks": False,
        "client.toolbarMode": "minimal",
        "global.developmentMode": False,
        # The browser forgets large messages after two runs, but a run that was begun by st.rerun still takes them for known.
        "global.minCachedMessageSize": NEVER_BYTES,
        "runner.magicEnabled": False,
        "secrets.files": [],
        "server.address": settings.server.host,
        "server.port": port,
        "server.headless": True,
        "server.showEmailPrompt": False,
        "server.enableCORS": True,
        "server.corsAllowedOrigins": [],
        "server.enableXsrfProtection": True,
        "server.xsrfCookieSameSite": "strict",
        "server.enableStaticServing": False,
        "server.enableAgentApi": False,
        "server.trustedUserHeaders": {},
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.maxUploadSize": settings.sources.max_file_mb,
        **theme.OPTIONS,
    }


def _warm_up(app: App) -> None:
    """Import what pages are drawn with, open what questions need while the browser still starts, then begin what is done behind."""
    from halo_app.ui import components

    try:
        for part in iter_modules(components.__path__):     # they register with the running server: not before it runs
            import_module(f"{components.__name__}.{part.name}")
        app.warm_up()
    finally:
        app.begin_work()
    app.mend()


def _announce(settings: Settings, port: int, door: Door, browser: bool) -> None:
    host = "127.0.0.1" if _is_loopback(settings.server.host) else settings.server.host
    base = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    shown = f"{base}/?token={door.token}" if not settings.server.access_token.get_secret_value() else f"{base}/"
    print(f"HALO is open at {shown}", flush=True)  # noqa: T201
    if browser:                                    # other users see command lines: the browser gets a link that works once
        Thread(target=webbrowser.open, args=(f"{base}/?token={door.ticket()}",), daemon=True).start()


def _run(site: ASGIApp, listener: socket.socket) -> None:
    import uvicorn

    config = uvicorn.Config(
        site,
        lifespan="on",
        ws="websockets-sansio",
        ws_max_size=MESSAGE_MB * 1024 * 1024,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        use_colors=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise BadInput("HALO could not start; the lines above say why", fix="run: halo doctor")


def _stop_cleanly() -> None:
    # uvicorn stops in order, then raises the signal again for whoever asked: that is us, and we are done.
    def done(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, done)
    signal.signal(signal.SIGINT, done)


def _bind(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(128)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _free_port(host: str, above: int) -> int:
    for port in range(above + 1, min(above + 50, 65_536)):
        try:
            _bind(host, port).close()
        except OSError:
            continue
        return port
    with _bind(host, 0) as listener:
        return int(listener.getsockname()[1])


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _leave(code: int) -> NoReturn:
    """End the process. Everything is closed: threads of the libraries that still run would only abort it on their way out."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _leave(main())
