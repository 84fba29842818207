"""What every command shares: `--json` and `--data-dir` anywhere, one JSON value on standard output, errors worded once.

A command's module has `register(root)`; a module named `bench_*` is given the `halo bench` group instead. In a command,
`opened()` gives the App, `show(value, human)` prints what came of it, `say(...)` tells progress on standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from pkgutil import iter_modules
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from typer.exceptions import Exit, TyperException

from halo_app.errors import BadInput, HaloError

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.settings import Settings

_log = logging.getLogger(__name__)
HELP = "A private research notebook: answers from your own documents, with proof, on your own machine."
_INTERRUPTED = 130
ANYWHERE = "Every command takes --json (one JSON value on standard output) and --data-dir DIR, anywhere on the line."


@dataclass
class _Line:
    """What holds for the whole command line."""

    json: bool = False
    data_dir: Path | None = None
    out: IO[str] | None = None
    shown: bool = False
    command: str = ""                       # "sources delete"

    def begin(self) -> None:
        """Forget the line before, as when one process runs several."""
        self.json, self.data_dir, self.out, self.shown, self.command = False, None, None, False, ""


_line = _Line()


class WrongUsage(BadInput):
    """The command line was not understood; exit code 2."""


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and return its exit code."""
    _line.begin()
    _spell_on_any_terminal()
    given = list(sys.argv[1:] if arguments is None else arguments)
    _line.json = "--json" in given          # before anything can go wrong: an error is JSON too
    with _standard_output(_line.json) as out:
        _line.out = out
        return _worded(given)


def settings(**arguments: Any) -> Settings:
    """Return the settings for this command line; `server__port=8502` stands for `server.port`."""
    from halo_app.settings import read_settings
    named = {name.replace("__", "."): value for name, value in arguments.items()}
    return read_settings({"data_dir": _line.data_dir, **named})


@contextmanager
def opened(**arguments: Any) -> Iterator[App]:
    """Open the App for one command, its data directory in order, and close it at the end."""
    from halo_app.bootstrap import build_app
    app = build_app(settings(**arguments))
    before = os.umask(0o077)                 # the index makes its files itself: theirs are their owner's only, too
    try:
        app.first_start(serving=False)
        with app.audited_as("command", _line.command):
            yield app
    finally:
        app.close()
        os.umask(before)


def show(value: dict[str, Any], human: str | Callable[[], str] = "") -> None:
    """Print what came of the command: `value` with --json, `human` without. Called once."""
    assert _line.out is not None
    _line.shown = True
    text = json.dumps(value, ensure_ascii=False, default=str) if _line.json else human() if callable(human) else human
    try:
        _line.out.write(text.rstrip("\n").encode("utf-8", "replace").decode() + "\n")
        _line.out.flush()
    except BrokenPipeError:                  # the reader of our output left, as `head` does
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), _line.out.fileno())
        raise Exit(0) from None


def say(text: str, *, end: str = "\n") -> None:
    """Tell progress on standard error."""
    sys.stderr.write(text + end)
    sys.stderr.flush()


def data_dir() -> Path | None:
    """Return the folder given with --data-dir."""
    return _line.data_dir


def is_json() -> bool:
    """Tell whether --json was given."""
    return _line.json


def leave(code: int) -> None:
    """End the command with this exit code, after `show`."""
    raise Exit(code)


def group(help_text: str) -> typer.Typer:
    """Return an empty group of commands."""
    return typer.Typer(help=help_text, no_args_is_help=True, rich_markup_mode=None, add_completion=False,
                       pretty_exceptions_enable=False)


def _worded(given: list[str]) -> int:
    try:
        rest = _take_common(given)
        command = typer.main.get_command(commands())
        _line.command = " ".join(_names(command, rest))
        result = command(rest, standalone_mode=False, prog_name="halo")
        code = result if isinstance(result, int) else 0
        return _fail("Cancelled", "stopped", "", code) if code == _INTERRUPTED else code
    except Exit as leaving:
        return leaving.exit_code
    except WrongUsage as error:
        return _fail("WrongUsage", error.message, error.fix, 2)
    except TyperException as error:
        if not error.format_message() or type(error).__name__ == "NoArgsIsHelpError":
            sys.stderr.write(error.format_message() + "\n")
            return _fail("WrongUsage", "a command is missing", "see `halo --help`", 2) if _line.json else 2
        return _fail("WrongUsage", error.format_message(), "see `halo --help`", error.exit_code if error.exit_code == 1 else 2)
    except HaloError as error:
        return _fail(type(error).__name__, error.message, error.fix, 1)
    except (KeyboardInterrupt, typer.Abort):
        return _fail("Cancelled", "stopped", "", _INTERRUPTED)
    except Exception as error:  # noqa: BLE001  the face of the program: every failure is worded here
        _log.exception("a command failed")
        return _fail("Unexpected", f"something unexpected happened: {type(error).__name__}: {error}",
                     f"the details are in {_log_place()}", 1)


def _names(command: Any, given: list[str]) -> Iterator[str]:
    """Yield the names of the command that is meant, without its arguments."""
    for name in given:
        command = getattr(command, "commands", {}).get(name)
        if command is None:
            return
        yield name


def _fail(kind: str, message: str, fix: str, code: int) -> int:
    if _line.json and not _line.shown:
        show({"error": {"type": kind, "message": message, "fix": fix}})
    elif kind == "Cancelled":
        say("")
    else:
        say(f"halo: {message}" + (f"\n      {fix}" if fix else ""))
    return code


def _take_common(given: list[str]) -> list[str]:
    """Take --json and --data-dir out of the arguments, wherever they stand before a `--`."""
    rest: list[str] = []
    arguments = iter(given)
    as_json = False
    for argument in arguments:
        if argument == "--":
            rest += [argument, *arguments]
        elif argument == "--json":
            as_json = True
        elif argument == "--data-dir":
            _line.data_dir = _folder(next(arguments, ""))
        elif argument.startswith("--data-dir="):
            _line.data_dir = _folder(argument.partition("=")[2])
        else:
            rest.append(argument)
    _line.json = as_json
    return rest


def _folder(name: str) -> Path:
    if not name or name.startswith("--"):
        raise WrongUsage("--data-dir needs a folder", fix="write --data-dir DIR")
    return Path(name).expanduser().absolute()


def commands() -> typer.Typer:
    """Return the root command with every command that a module of this room registers."""
    import halo_app.cli
    root = group(HELP)
    root.info.epilog = ANYWHERE
    root.callback(invoke_without_command=True)(_root)
    bench = group("Measure HALO on public data sets, with the same services as the app.")
    for name in sorted(info.name for info in iter_modules(halo_app.cli.__path__) if not info.name.startswith("_")):
        module = import_module(f"halo_app.cli.{name}")
        if hasattr(module, "register"):
            module.register(bench if name.startswith("bench_") else root)
    if bench.registered_commands:
        root.add_typer(bench, name="bench")
    return root


def _root(version: Annotated[bool, typer.Option("--version", is_eager=True, help="Show the version.")] = False) -> None:
    """A private research notebook: answers from your own documents, with proof, on your own machine."""
    if version:
        from halo_app import __version__
        show({"version": __version__}, f"halo {__version__}")
        raise Exit(0)


def _spell_on_any_terminal() -> None:
    """Let a terminal that does not know a letter show a question mark; it is no reason to fail."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")


def _log_place() -> str:
    try:
        return str(settings().data_dir / "halo.log")
    except HaloError:
        return "halo.log in the data directory"


@contextmanager
def _standard_output(reserved: bool) -> Iterator[IO[str]]:
    """Give standard output; `reserved` keeps it for the one JSON value and sends everything else to standard error."""
    if not reserved:
        yield sys.stdout
        return
    try:
        sys.stdout.flush()
        kept = os.dup(1)
        os.dup2(2, 1)
    except (OSError, ValueError):            # no descriptors of our own, as under a test's capture
        yield sys.stdout
        return
    try:
        with os.fdopen(kept, "w", encoding="utf-8", closefd=False) as out:
            yield out
    finally:
        with suppress(OSError):
            sys.stdout.flush()
            os.dup2(kept, 1)
        os.close(kept)
