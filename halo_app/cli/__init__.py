"""The command line: one command per file, found by its `register`; words and exit codes are made once, in `frame`."""

from __future__ import annotations


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused or failed, 2 wrong usage."""
    from halo_app.cli.frame import run
    return run(arguments)
