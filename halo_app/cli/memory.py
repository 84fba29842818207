"""`halo memory add | list | search | show | edit | accept | reject | delete | clear`: what is remembered of you."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, opened, show
from halo_app.cli.naming import USER
from halo_app.errors import BadInput

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.memory import Memory, Sought
    from halo_app.services.memory import MemoryService

KIND = Annotated[str | None, typer.Option("--kind", metavar="KIND", help="conversation, fact, image, transcription or summary.")]
TAGS = Annotated[list[str] | None, typer.Option("--tag", metavar="TAG", help="A tag; may be given several times.")]
MODEL = Annotated[str | None, typer.Option("--model", metavar="NAME", help="As this model sees it: what is shared or its own.")]
ID = Annotated[str, typer.Argument(metavar="ID", help="The memory's number, as `halo memory list` shows it, or its public id.")]
IDS = Annotated[list[str], typer.Argument(metavar="ID…", help="Numbers or public ids.")]
JSON_FILE = Annotated[Path | None, typer.Option("--json-file", metavar="FILE", help="A memory with all its fields as JSON; - reads it "
                                                "from standard input.")]
SINCE = Annotated[str | None, typer.Option("--since", metavar="TIME", help="Only what was said or happened from then on.")]
UNTIL = Annotated[str | None, typer.Option("--until", metavar="TIME", help="Only what was said or happened before.")]
AS_OF = Annotated[str | None, typer.Option("--as-of", metavar="TIME", help="What held at that time.")]
LIMIT = typer.Option("--limit", min=1, help="At most so many.")


def register(root: typer.Typer) -> None:
    memory = group("What is remembered of you, in a database of your own.")
    for command in (add, search, show_one, edit, accept, reject, delete, clear):
        memory.command(command.__name__.removesuffix("_one"))(command)
    memory.command("list")(listed)
    root.add_typer(memory, name="memory")


def add(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]")] = None, json_file: JSON_FILE = None, kind: KIND = None,
    tag: TAGS = None, private_to: Annotated[str, typer.Option("--private-to", metavar="MODEL", help="For this model alone.")] = "",
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="A fact that expires by itself.")] = False, user: USER = None,
) -> None:
    """Remember something: a text, or any kind of memory from a JSON file (an object or a list of them)."""
    from halo_app.services.memory_forms import main_field
    if (text is None) == (json_file is None):
        raise BadInput("give either a TEXT or --json-file FILE", fix='halo memory add "I like tea"')
    given = _read(json_file) if json_file else [{"kind": _kind(kind or "fact"), main_field(_kind(kind or "fact")): text}]
    extra = {**({"tags": tag} if tag else {}), **({"private_to": private_to} if private_to else {}),
             **({"ephemeral": True} if ephemeral else {})}
    with _memory(user) as (memory, owner):
        drafts = [one | extra if isinstance(one, dict) else one for one in given]
        stored = memory.store_all(owner, drafts) if json_file else [memory.remember(owner, one) for one in drafts]
    _show(stored)


def listed(
    kind: KIND = None, tag: TAGS = None, model: MODEL = None, since: SINCE = None, until: UNTIL = None, as_of: AS_OF = None,
    suggested: Annotated[bool, typer.Option("--suggested", help="Only what waits for your word.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Suggested and expired memories, too.")] = False,
    limit: Annotated[int | None, LIMIT] = None, user: USER = None,
) -> None:
    """List what is remembered, newest first; what a newer fact has replaced stands there with its end."""
    where = replace(_sought(kind, tag, model, since, until, as_of, suggested=suggested, everything=everything),
                    superseded=as_of is None)
    with _memory(user) as (memory, owner):
        found = memory.list(owner, where, limit=limit)
    _show(found)


def search(
    query: Annotated[str, typer.Argument(metavar="QUERY")], kind: KIND = None, tag: TAGS = None, model: MODEL = None,
    since: SINCE = None, until: UNTIL = None, as_of: AS_OF = None, limit: Annotated[int | None, LIMIT] = None, user: USER = None,
) -> None:
    """Find memories by words and meaning, best first."""
    where = _sought(kind, tag, model, since, until, as_of)
    with _memory(user) as (memory, owner):
        found = memory.search(owner, query, limit=limit, where=where)
    _show(found)


def show_one(memory_id: ID, user: USER = None) -> None:
    """Show one memory with all its fields and where it comes from."""
    with _memory(user) as (memory, owner):
        found = memory.get(owner, memory_id)
    from halo_app.services.memory_forms import plain
    show({"memories": [plain(found)]}, lambda: json.dumps(plain(found), ensure_ascii=False, indent=2))


def edit(
    memory_id: ID, text: Annotated[str | None, typer.Argument(metavar="[TEXT]")] = None, json_file: JSON_FILE = None, tag: TAGS = None,
    pin: Annotated[bool | None, typer.Option("--pin/--unpin", help="Always tell it to the model, or no longer.")] = None,
    user: USER = None,
) -> None:
    """Change a memory: its text, its pin, its tags, or any fields from a JSON file."""
    changes: dict[str, Any] = {}
    if json_file:
        changes = _one(_read(json_file), json_file)
    changes |= {**({"pinned": pin} if pin is not None else {}), **({"tags": tag} if tag else {})}
    if text is None and not changes:
        raise BadInput("nothing to change was given", fix="give a TEXT, --json-file, --tag or --pin")
    with _memory(user) as (memory, owner):
        if text is not None:
            from halo_app.services.memory_forms import main_field
            changes[main_field(memory.get(owner, memory_id).kind)] = text
        changed = memory.update(owner, memory_id, changes)
    _show([changed])


def accept(ids: IDS, user: USER = None) -> None:
    """Keep suggested memories."""
    with _memory(user) as (memory, owner):
        kept = [memory.accept(owner, one) for one in ids]
    _show(kept)


def reject(ids: IDS, user: USER = None) -> None:
    """Delete suggested memories for good."""
    with _memory(user) as (memory, owner):
        for one in ids:
            memory.reject(owner, one)
    show({"deleted": len(ids), "memories": []}, f"{len(ids)} rejected.")


def delete(ids: IDS, user: USER = None) -> None:
    """Delete memories for good."""
    with _memory(user) as (memory, owner):
        deleted = memory.delete(owner, ids)
    show({"deleted": deleted, "memories": []}, f"{deleted} deleted.")


def clear(
    yes: Annotated[bool, typer.Option("--yes", help="Really delete all of it.")] = False,
    all_users: Annotated[bool, typer.Option("--all-users", help="Of everyone in this database; for admins.")] = False,
    user: USER = None,
) -> None:
    """Delete everything that is remembered, for good."""
    if not yes:
        whose = "of all users" if all_users else "of this user"
        raise BadInput(f"this deletes everything that is remembered {whose}", fix="add --yes if that is meant")
    if all_users and user is not None:
        raise BadInput("--all-users and --user cannot be meant together", fix="leave one of them out")
    with _memory(user) as (memory, owner):
        deleted = memory.clear_everyone() if all_users else memory.clear(owner)
    show({"deleted": deleted, "memories": []}, f"{deleted} deleted.")


@contextmanager
def _memory(user: str | None) -> Iterator[tuple[MemoryService, str]]:
    """Give the memory and whose it is; what was begun behind it is finished before the command ends."""
    from halo_app.services.account import disabled
    with opened() as app:
        if app.memory is None:
            raise disabled()
        yield app.memory, user if user is not None else app.user_id
        _finish(app)


def _finish(app: App) -> None:
    app.outbox.drain()


def _read(path: Path) -> list[Any]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8")
        value = json.loads(text)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}", fix="name a file that can be read") from None
    except ValueError as error:
        raise BadInput(f"{path} is not JSON: {error}", fix='write an object like {"kind": "fact", "content": "likes tea"}') from None
    return value if isinstance(value, list) else [value]


def _one(values: list[Any], path: Path) -> dict[str, Any]:
    if len(values) != 1 or not isinstance(values[0], dict):
        raise BadInput(f"{path} holds no single object of fields", fix='write one like {"content": "likes tea"}')
    return dict(values[0])


def _kind(name: str) -> Any:
    from halo_app.domain.memory import Kind
    if name not in list(Kind):
        raise BadInput(f"--kind={name!r}: expected one of {', '.join(Kind)}", fix="name one of them")
    return Kind(name)


def _sought(kind: str | None, tags: list[str] | None, model: str | None, since: str | None, until: str | None, as_of: str | None, *,
            suggested: bool = False, everything: bool = False) -> Sought:
    from halo_app.domain.memory import Sought, State
    from halo_app.services.memory_fields import checked, moment
    times = {name: checked(name, given, moment) for name, given in (("since", since), ("until", until), ("as_of", as_of)) if given}
    states = (State.SUGGESTED,) if suggested else tuple(State) if everything else (State.KEPT,)
    return Sought(kinds=(_kind(kind),) if kind else (), model=model, tags=tuple(tags or ()), states=states, expired=everything,
                  **times)


def _show(memories: list[Memory]) -> None:
    from halo_app.services.memory_forms import plain
    lines = [f"{one.id}  {one.kind:13} {' '.join(one.text.split())}{_ended(one)}" for one in memories] or ["No memories stored yet."]
    show({"memories": [plain(one) for one in memories]}, "\n".join(lines))


def _ended(memory: Memory) -> str:
    if not memory.superseded_by:
        return ""
    return f"  (until {memory.valid_to.date().isoformat()})" if memory.valid_to else "  (replaced)"
