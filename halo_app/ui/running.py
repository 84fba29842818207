"""The one application of this process, shared by the server's own routes and by every page."""

from __future__ import annotations

from threading import Lock

from halo_app.bootstrap import App, build_app
from halo_app.settings import read_settings

_lock = Lock()
_apps: list[App] = []


def use(app: App) -> None:
    """Make `app` the one that `current` returns; the server calls this before the first page is drawn."""
    with _lock:
        _apps[:] = [app]


def current() -> App:
    """Return the application of this process; made from the settings that hold now when no server made one."""
    with _lock:
        if not _apps:
            app = build_app(read_settings())
            app.first_start()
            _apps.append(app)
        return _apps[0]
