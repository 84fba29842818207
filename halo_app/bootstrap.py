"""Build the application from Settings: the one place that knows every concrete class. Nothing is opened until asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from halo_app.settings import Settings


def utc_now() -> datetime:
    return datetime.now(UTC)


def build_app(settings: Settings) -> App:
    """Return the application for these settings."""
    return App(settings)


class App:
    """Every part of HALO, made on first use and closed in reverse order of making."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._closers: list[Callable[[], None]] = []

    def first_start(self) -> None:
        """Make the folders of the data directory."""
        self.settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)

    def close(self) -> None:
        """Close what was opened, last first."""
        while self._closers:
            self._closers.pop()()
