"""`halo run`: serve the pages and open the browser."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from halo_app.cli.frame import data_dir


def register(root: typer.Typer) -> None:
    @root.command()
    def run(
        port: Annotated[int | None, typer.Option(help="The port of the pages (8501).", min=0, max=65535)] = None,
        host: Annotated[str | None, typer.Option(help="The address of the pages (127.0.0.1).")] = None,
        no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")] = False,
    ) -> None:
        """Open the notebook in the browser."""
        given = {"--port": port, "--host": host, "--data-dir": data_dir()}
        options = [word for name, value in given.items() if value is not None for word in (name, str(value))]
        safely = ["-P"] if sys.flags.safe_path else []
        words = [sys.executable, *safely, "-m", "halo_app.ui.server", *options, *(["--no-browser"] if no_browser else [])]
        os.execv(sys.executable, words)  # noqa: S606  the same process goes on as the server
