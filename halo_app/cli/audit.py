"""`halo audit list | verify`: who did what, and whether anybody changed the record of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, leave, opened, show

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.audit import AuditEntry

SHOWN = 100
OF_USER = Annotated[str | None, typer.Option("--user", help="Only what this user did, or what was done to what is theirs.")]
LIMIT = Annotated[int, typer.Option("--limit", min=1, help="How many entries, the newest first.")]


def register(root: typer.Typer) -> None:
    audit = group("Who did what and when, without a word of content.")

    @audit.command("list")
    def listed(user: OF_USER = None, limit: LIMIT = SHOWN) -> None:
        """List what was done, refused and failed, newest first."""
        with opened() as app:
            entries = app.audit.entries(app.principal, user_id=user, limit=limit)
            named = _names(app, user)
        plain = [_plain(entry, named) for entry in entries]
        show({"ok": True, "entries": plain}, "\n".join(map(_line, plain)) or "Nothing was written down yet.")

    @audit.command()
    def verify() -> None:
        """Check that no entry was changed, moved, removed or cut off."""
        with opened() as app:
            found = app.audit.inspect()
        words = f"{found.entries} entries, all as they were written." if found.ok else f"The audit log is not sound: {found.problem}."
        show({"ok": found.ok, "entries": found.entries, "problem": found.problem, "at_number": found.at_number}, words)
        if not found.ok:
            leave(1)

    root.add_typer(audit, name="audit")


def _names(app: App, *others: str | None) -> dict[str, str]:
    """Return the users we know of by their pseudonyms."""
    known = {app.audit.pseudonym(user_id): user_id for user_id in (app.user_id, *others) if user_id}
    return {pseudonym: user_id for pseudonym, user_id in known.items() if pseudonym}


def _plain(entry: AuditEntry, named: dict[str, str]) -> dict[str, Any]:
    people = {"actor": named.get(entry.actor, entry.actor), "user": named.get(entry.user, entry.user)}
    return {"number": entry.number, "at": entry.at.isoformat(), **people, "action": entry.action, "what": entry.what,
            "count": entry.count, "outcome": entry.outcome, "reason": entry.reason, "subject": entry.subject}


def _line(entry: dict[str, Any]) -> str:
    words: Sequence[str] = (entry["action"], entry["what"], f"×{entry['count']}" if entry["count"] != 1 else "", entry["subject"])
    done = "" if entry["outcome"] == "done" else f"  {entry['outcome']}"
    whose = "" if entry["user"] == entry["actor"] else f" of {entry['user']}" if entry["user"] else ""
    reason = f"  because: {entry['reason']}" if entry["reason"] else ""
    return f"{entry['number']}  {entry['at'][:19]}  {entry['actor']}  {' '.join(filter(None, words))}{whose}{done}{reason}"
