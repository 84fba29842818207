"""`halo account export | import | erase | receipt`: take everything of yours along, or have it erased."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from halo_app.cli.frame import group, opened, show
from halo_app.cli.naming import USER
from halo_app.errors import BadInput

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.erasure import Receipt

FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A .zip file.")]
YES = Annotated[bool, typer.Option("--yes", help="Really erase it.")]
SOURCE = Annotated[str | None, typer.Option("--source", metavar="ID", help="Only this source, with what was made from it.")]
MEMORY = Annotated[str | None, typer.Option(
    "--memory", metavar="ID", help="Only this memory, by its number or public id, with what was made from it.")]


def register(root: typer.Typer) -> None:
    account = group("Take everything of yours along, or have it erased.")
    for name, command in (("export", export), ("import", take), ("erase", erase), ("receipt", receipt)):
        account.command(name)(command)
    root.add_typer(account, name="account")


def export(file: FILE, user: USER = None) -> None:
    """Write everything of a user into one file, to take along."""
    with opened() as app:
        taken = app.exporting.export(app.principal, user or app.user_id, file)
    lines = sum(taken.lines.values())
    show({"path": str(file.absolute()), "user_id": taken.user_id, "stores": taken.lines, "files": taken.files},
         f"{lines} records and {taken.files} files of {taken.user_id}: {file.absolute()}")


def take(file: FILE) -> None:
    """Bring an exported account into an empty data directory."""
    from halo_app.services.exporting import Taken
    taken = None
    with opened() as app:
        for step in app.exporting.take(app.principal, file):
            taken = step if isinstance(step, Taken) else None
    assert taken is not None
    hint = "" if taken.user_id == app.user_id else f" Open it with HALO_USER_ID={taken.user_id}."
    show({"user_id": taken.user_id, "stores": taken.lines, "files": taken.files},
         f"{sum(taken.lines.values())} records and {taken.files} files of {taken.user_id} are in.{hint}")


def erase(yes: YES = False, source: SOURCE = None, memory: MEMORY = None, user: USER = None) -> None:
    """Erase everything of a user, or one source or memory with what was made from it, and leave a signed receipt."""
    if source and memory:
        raise BadInput("one thing at a time", fix="give --source or --memory")
    if not yes:
        what = "this source" if source else "this memory" if memory else "everything of this user"
        raise BadInput(f"this erases {what} for good", fix="add --yes if that is meant")
    with opened() as app:
        whose = user or app.user_id
        if source:
            receipt = app.erasing.source(app.principal, whose, source)
        elif memory:
            receipt = app.erasing.memory(app.principal, whose, _public_id(app, whose, memory))
        else:
            receipt = app.erasing.person(app.principal, whose)
    _show(receipt, True)


def receipt(user: USER = None) -> None:
    """Show the newest receipt of an erasure, and check that nothing in it was changed."""
    with opened() as app:
        found, genuine = app.erasing.receipt(user or "")
    _show(found, genuine)


def _public_id(app: App, user_id: str, memory_id: str) -> str:
    """Return the public id of the memory that is named by its number or public id; without a memory backend it is what was given."""
    return app.memory.get(user_id, memory_id).public_id if app.memory is not None else memory_id


def _show(receipt: Receipt, genuine: bool) -> None:
    from halo_app.domain.erasure import plain
    removed = ", ".join(f"{count} {name}" for name, count in receipt.removed.items() if count) or "nothing was there"
    left = sum(receipt.residues.values())
    lines = [f"Erased {receipt.subject} {receipt.what or receipt.person}: {removed}.",
             f"Every store was read again: {left} left of {sum(receipt.before.values())} texts.",
             *(f"Kept: {name}; {why}." for name, why in receipt.kept.items()),
             f"Receipt {receipt.id}, signature {'genuine' if genuine else 'NOT genuine: it was changed, or is of another directory'}."]
    show({"receipt": plain(receipt), "genuine": genuine}, "\n".join(lines))
