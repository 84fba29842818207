"""A house with two people in it, and a reading of every byte that lies there, by other means than the program's own."""

from __future__ import annotations

import random
import re
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from halo_app.bootstrap import App
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Citation, Message, Role, Sentence, Verdict
from halo_app.domain.ledger import Sending, SentSpan
from halo_app.domain.user import Principal, UserRole
from halo_app.services.ingest import Upload

LETTERS = 12
ME, NEIGHBOUR = "local-user", "neighbour"
ADMIN = Principal(ME, UserRole.ADMIN, reason="the local operator")


def words(seed: int, count: int) -> str:
    """Return text that nobody else says: made-up words of its own."""
    source = random.Random(seed)
    made = range(LETTERS // 2)
    return " ".join("".join(source.choice("bdfglmnprstvz") + source.choice("aeiou") for _ in made) for _ in range(count))


def move_in(app: App, user_id: str, seed: int, *, sources: int = 2, passages: int = 5) -> dict[str, str]:
    """Give a user sources, a chat, a note, an output and a ledger line, all with words of their own; return texts by name."""
    notebook = app.notebooks.create(f"Shelf of {user_id}")
    said: dict[str, str] = {}
    for number in range(sources):
        text = "\n\n".join(words(seed + 100 * number + at, 160) + "." for at in range(passages))
        said[f"source {number}"] = text
        upload = Upload.from_text(f"{words(seed + 5000 + number, 2)}.txt", text)
        assert [intake.stage.value for intake in app.ingest.add([upload], notebook.id)][-1] == "ready"
    source = app.sources.of(notebook.id)[-1]
    stored = app.sources.parsed(source.id).text
    quote = stored[:stored.index(".") + 1]
    citation = Citation(source.id, source.name, "line 1", quote, 0, len(quote))
    now = datetime.now(UTC)
    chat = app.chat.new(notebook.id)
    said |= {"question": words(seed + 7, 20), "note": words(seed + 8, 20), "other answer": words(seed + 9, 20)}
    answer = Message(Role.ASSISTANT, f"In short: {quote} And {said['other answer']}", now,
                     (Sentence(quote, Verdict.VERIFIED, (citation,)),), (citation,),
                     {"question": said["question"], "mode": "extractive"})
    app.records("chats").change(chat.id, lambda old: replace(old, messages=(Message(Role.USER, said["question"], now), answer)))
    app.notes.create(notebook.id, "Of my own", said["note"])
    app.notes.save_answer(answer, said["question"], notebook.id)
    _cite(app, notebook.id, source.id, len(quote), said, seed)
    list(app.studio.make("summary", Scope(user_id, notebook.id)))
    app.ledger.note(Sending(now, user_id, "host:1", "m", chat.id, (SentSpan(source.id, 0, 5),), 0))
    return said


def _cite(app: App, notebook_id: str, source_id: str, quote_chars: int, said: dict[str, str], seed: int) -> None:
    """Write a note that cites the source, with an earlier version and a file."""
    said["cited note"] = words(seed + 10, 20)
    note = app.notes.create(notebook_id, "Cited", said["cited note"])
    name, mark = app.note_citing.cite(note.id, source_id, 0, min(quote_chars, 1500))
    for text in (f"{said['cited note']} > {mark.quote} [^{name}]", said["cited note"]):
        note = app.notes.save(note.id, note.title, text, note.revision)
    app.notes.histories.keep(app.notes.get(note.id), datetime.now(UTC))
    app.note_files.attach(note.id, "plan.txt", words(seed + 11, 20).encode())


def decoded(data_dir: Path) -> Found:
    """Return everything that lies in the directory as text: Lance files decoded one by one, everything else as it is."""
    from lance.file import LanceFileReader

    found = []
    for path in sorted(data_dir.rglob("*")):
        if path.is_file():
            found.append(path.name)
            if path.suffix == ".lance":
                table = LanceFileReader(str(path)).read_all().to_table()
                found += [str(table[name].to_pylist()) for name in table.column_names if name != "vector"]
            elif path.name != "ballast":
                found.append(path.read_bytes().decode("utf-8", "replace"))
    for database in data_dir.glob("*.db"):
        with closing(sqlite3.connect(database)) as connection:
            found += list(connection.iterdump())
    return Found("\n".join(found))


class Found(str):
    """What was decoded, with every made-up word in it, also where it stands inside longer runs of letters."""

    @cached_property
    def words(self) -> set[str]:
        runs = set(re.findall(f"[a-z]{{{LETTERS},}}", self))
        return {run[at : at + LETTERS] for run in runs for at in range(len(run) - LETTERS + 1)}


def left_of(said: str, everything: Found) -> int:
    """Return how many words of a text, all of them made up, are found anywhere."""
    return len({word for word in said.replace(".", " ").split() if len(word) == LETTERS} & everything.words)


def all_words(said: str) -> int:
    """Return how many different words a text has."""
    return len(set(said.replace(".", " ").split()))
