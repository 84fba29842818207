"""A whole application in memory for the pages: the services' names and shapes, with lists behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from halo_app.domain.artifact import Artifact, Guide, Layout, Section
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Answer, Citation, Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.events import Delta, Done, Step
from halo_app.domain.health import Check
from halo_app.domain.notebook import Notebook
from halo_app.domain.source import Intake, Parsed, Source, Stage
from halo_app.errors import NotFound
from halo_app.exports.note_markdown import NOTE_EXPORTER
from halo_app.exports.prose_tree import tree_of
from halo_app.plugins import Group
from halo_app.services.chat_search import ChatSearch
from halo_app.services.note_citing import NoteCiting
from halo_app.services.note_files import NoteFiles
from halo_app.services.note_history import NoteHistories
from halo_app.services.note_moves import NoteMoves
from halo_app.services.note_reading import NoteReading
from halo_app.services.note_shelf import NoteShelf
from halo_app.services.note_sources import NoteSources
from halo_app.services.note_templates import NoteTemplates
from halo_app.services.note_transfer import NoteTransfer
from halo_app.services.notes import NoteService
from halo_app.services.room import Taken
from halo_app.services.workshop import Workshop
from halo_app.settings import PACKAGE, Appearance, Settings
from halo_app.settings import App as Who
from tests.fakes import DictRecords, PlainOriginals

USER = "local-user"
NOW = datetime.now(UTC)
STUDY = (
    "3.2 Flow temperatures\n\nAll systems were logged at one-minute intervals over two heating periods. Radiators were replaced "
    "in eleven "
    "houses before the measurement began. "
    "Of the 58 houses with radiators only, 51 stayed below a flow temperature of 55 °C "
    "on the coldest day. The remaining seven share two properties: uninsulated outer walls and radiators of the "
    "type 11, which the installers had judged sufficient.\n\n"
    "The distribution of the flow temperatures is shown in figure 8. The median lies at 47 °C, the upper quartile at 52 °C.\n\n"
    "The seasonal performance factor of these houses was 3.4 on average, against 3.9 with underfloor heating."
)
OFFER = "Offer Meyer\n\nThe offer assumes 24,000 kWh. Type 33 radiators lower the flow temperature by 6 K on average."


def cite(source_id: str, name: str, text: str, quote: str, place: str) -> Citation:
    start = text.index(quote)
    return Citation(source_id, name, place, quote, start, start + len(quote))


RADIATORS = cite(
    "s1",
    "Field study 2024.pdf",
    STUDY,
    "Of the 58 houses with radiators only, 51 stayed below a flow temperature of 55 °C on the coldest day.",
    "p. 14",
)
FACTOR = cite(
    "s1",
    "Field study 2024.pdf",
    STUDY,
    "The seasonal performance factor of these houses was 3.4 on average, against 3.9 with underfloor heating.",
    "p. 17",
)
ASSUMED = cite("s2", "Offer Meyer.docx", OFFER, "The offer assumes 24,000 kWh.", "“Design”")
CLOSE = cite("s2", "Offer Meyer.docx", OFFER, "Type 33 radiators lower the flow temperature by 6 K on average.", "“Design”")
ANSWER = Answer(
    f"Two of your sources answer this.\n\n{RADIATORS.quote}\n\n{FACTOR.quote}\n\n{ASSUMED.quote}",
    False,
    (
        Sentence(RADIATORS.quote, Verdict.VERIFIED, (RADIATORS,)),
        Sentence(FACTOR.quote, Verdict.VERIFIED, (FACTOR,)),
        Sentence(ASSUMED.quote, Verdict.PARTIAL, (ASSUMED,), "the year is not stated"),
    ),
    (CLOSE,),
    {"mode": "extractive", "seconds": 0.06},
)
ABSTAINED = Answer("Your sources do not say this.", True, (), (RADIATORS, FACTOR, CLOSE), {"mode": "nothing", "seconds": 0.04})


@dataclass
class Shelf:
    """Records by id, newest first, as every service keeps them."""

    records: dict[str, Any] = field(default_factory=dict)

    def get(self, record_id: str) -> Any:
        if record_id not in self.records:
            raise NotFound(f"nothing is stored under {record_id}")
        return self.records[record_id]

    def of(self, notebook_id: str) -> list[Any]:
        return [record for record in reversed(self.records.values()) if record.notebook_id == notebook_id]

    def put(self, record: Any) -> Any:
        self.records[record.id] = record
        return record

    def delete(self, record_id: str) -> Any:
        return self.records.pop(record_id)

    def restore(self, record: Any) -> None:
        self.put(record)


class Notebooks(Shelf):
    def all(self) -> list[Notebook]:
        return list(self.records.values())

    def in_use(self) -> list[Notebook]:
        return [notebook for notebook in self.all() if not notebook.archived]

    def counts(self) -> dict[str, int]:
        return {}

    def default(self) -> Notebook:
        return self.create("Notebook")

    def create(self, name: str) -> Notebook:
        return self.put(Notebook(f"n{len(self.records)}", USER, name, NOW, NOW))

    def rename(self, notebook_id: str, name: str) -> Notebook:
        return self.put(replace(self.get(notebook_id), name=name))


class Sources(Shelf):
    texts: dict[str, str] = {"s1": STUDY, "s2": OFFER}

    def parsed(self, source_id: str) -> Parsed:
        return Parsed(self.texts.get(source_id, "Text."))

    def original(self, source_id: str) -> Path:
        return Path(__file__)

    def guide(self, source_id: str) -> Guide:
        return Guide(
            source_id, (), (), ("Does a heat pump pay off without underfloor heating?", "What was the seasonal performance factor?")
        )

    def excerpt(self, source_id: str, start: int, end: int, around: int = 600) -> tuple[str, str, str]:
        text = self.texts[source_id]
        return text[max(0, start - around) : start], text[start:end], text[end : end + around]


class Ingest(Shelf):
    def start(self, uploads: Iterable[Any], notebook_id: str) -> list[Intake]:
        return [
            self.put(Intake(f"i{number}", notebook_id, USER, upload.name, Stage.READING, NOW)) for number, upload in enumerate(uploads)
        ]

    def intakes(self, notebook_id: str) -> list[Intake]:
        return self.of(notebook_id)

    def cancel(self, intake_id: str) -> None:
        self.put(replace(self.get(intake_id), stage=Stage.CANCELLED))

    def retry(self, intake_id: str) -> None:
        self.put(replace(self.get(intake_id), stage=Stage.WAITING, detail="", fix=""))

    def wait(self, seconds: float) -> bool:
        self.records.clear()
        return True

    def dismiss(self, intake_id: str) -> None:
        self.delete(intake_id)


class Chats(Shelf):
    answer = ANSWER

    def sessions(self, notebook_id: str | None = None) -> list[Conversation]:
        return sorted(self.records.values(), key=lambda chat: chat.updated_at, reverse=True)

    def new(self, notebook_id: str) -> Conversation:
        return self.put(Conversation(f"c{len(self.records)}", "New chat", notebook_id, USER, datetime.now(UTC), datetime.now(UTC)))

    def rename(self, session_id: str, title: str) -> Conversation:
        return self.put(replace(self.get(session_id), title=title))

    def ask(
        self, question: str, scope: Scope, session_id: str | None = None, keep: bool = True, earlier: Any = None, *,
        at: int | None = None, attached: Any = (),
    ) -> Iterator[Any]:
        chat = self.get(session_id) if session_id else self.new(scope.notebook_id or "")
        title = question if chat.title == "New chat" else chat.title
        self.put(replace(chat, title=title, messages=(*chat.messages, Message(Role.USER, question, NOW))))
        yield Step("Searching the sources")
        yield Delta(self.answer.text)
        self.put(replace(self.get(chat.id), messages=(*self.get(chat.id).messages, turn(self.answer))))
        yield Done(self.answer, chat.id)


class Studio(Shelf):
    stale = False

    def templates(self) -> list[Any]:
        return [
            SimpleNamespace(
                name="summary", title="Summary of all sources", purpose="The sentences that carry each source, with their places.",
                group=Group.READ, shape=Layout.PROSE, options=()
            )
        ]

    def template(self, name: str) -> Any:
        return self.templates()[0]

    def last_options(self, template: str, notebook_id: str) -> dict[str, str]:
        return {}

    def make(self, template: str, scope: Scope, options: Any = None) -> Iterator[Any]:
        yield Step("Reading the sources")
        yield self.put(artifact(f"made{len(self.records)}", scope.notebook_id or ""))

    def remake(self, artifact_id: str, options: Any = None, change: str = "") -> Iterator[Any]:
        yield self.get(artifact_id)

    def changed(self, artifact_id: str, change: str, focus: str = "") -> Iterator[Any]:
        yield self.get(artifact_id)

    def is_stale(self, made: Artifact) -> bool:
        return self.stale

    def formats(self) -> list[str]:
        return ["md"]

    def export(self, artifact_id: str, suffix: str) -> tuple[bytes, str, str]:
        return b"# Summary\n", "text/markdown", "summary.md"


class Account:
    enabled = False
    configured = False
    local = True
    sendings: list[Any] = []

    def identity(self) -> Any:
        return SimpleNamespace(user_id=USER)

    def places(self) -> dict[str, Path]:
        return {"data": Path("/home/you/data"), "log": Path("/home/you/data/halo.log")}

    def model(self) -> Any:
        return SimpleNamespace(
            configured=self.configured,
            name="llama3.2" if self.configured else "",
            base_url="http://127.0.0.1:11434/v1",
            is_local=self.local,
        )

    def sent(self) -> list[Any]:
        return self.sendings

    def memory(self) -> Any:
        return SimpleNamespace(
            enabled=self.enabled, readable=False, message="Memory backend disabled",
            command='export HALO_AGENT_DB="sqlite:///data/memory.db"',
        )


def turn(answer: Answer) -> Message:
    return Message(
        Role.ASSISTANT,
        answer.text,
        NOW,
        answer.sentences,
        answer.nearest,
        answer.trace,
        abstained=answer.abstained,
        failure=answer.failure,
    )


def artifact(artifact_id: str, notebook_id: str) -> Artifact:
    sections = (
        Section("Field study 2024.pdf", ANSWER.sentences[:2]),
        Section("Offer Meyer.docx", (Sentence(CLOSE.quote, Verdict.VERIFIED, (CLOSE,)),)),
    )
    return Artifact(artifact_id, "summary", "Summary of all sources", notebook_id, USER, NOW, sections, {"s1": "a", "s2": "b"})



def put_notes(app: FakeApp) -> None:
    """Give the application the real services of notes, on records in memory."""
    notes, histories, sources = DictRecords(), DictRecords(), SourceRecords(app)
    app.clock = lambda: datetime.now(UTC)
    app.note_files = NoteFiles(PlainOriginals(app.data_dir), notes, USER)
    app.notes = NoteService(notes, USER, app.clock, histories=NoteHistories(histories), files=app.note_files)
    app.note_shelf = NoteShelf(notes, sources, USER)
    app.note_citing = NoteCiting(app.notes, sources, SourceTexts(app), lambda: None, USER, app.clock)
    app.note_moves = NoteMoves(app.notes)
    app.note_reading = NoteReading(app.notes, app.note_shelf, app.note_citing, tree_of)
    app.note_transfer = NoteTransfer(app.notes, app.note_files, {"md": NOTE_EXPORTER}, tree_of, USER)
    app.note_templates = NoteTemplates([PACKAGE / "templates"])
    app.note_sources = NoteSources(app.notes, sources, lambda: app.ingest, USER)


@dataclass
class SourceRecords:
    """The application's sources as their records."""

    app: Any

    def get(self, source_id: str) -> Source:
        return self.app.sources.get(source_id)

    def all(self, user_id: str) -> list[Source]:
        return list(self.app.sources.records.values())


@dataclass
class SourceTexts:
    app: Any

    def get(self, source_id: str) -> Parsed:
        return self.app.sources.parsed(source_id)


class FakeApp:
    """The application as the pages see it."""

    def __init__(self, data_dir: Path = Path("/nowhere")) -> None:
        self.settings = Settings(data_dir=data_dir, app=Who(user_id=USER))
        self.notebooks, self.sources, self.ingest, self.chat = Notebooks(), Sources(), Ingest(), Chats()
        self.studio, self.account = Studio(), Account()
        self.chat_search = ChatSearch(lambda notebook_id: self.chat.sessions(notebook_id))
        self.going = SimpleNamespace(used=list, find=lambda *_, **__: [], note=lambda *_: None)
        self.chat_exports = SimpleNamespace(formats=lambda: ["html", "md"])
        self.embedder = SimpleNamespace(dimension=384)
        self.chat_memory: Any = None
        self.where_cited = SimpleNamespace(counts=lambda: {"s1": 3})
        self.retrieval = SimpleNamespace(holding=lambda words, scope: frozenset({"s2"} if "offer" in words else ()))
        self.workshop = Workshop()
        self.user_id, self.data_dir, self.principal = USER, data_dir, None
        put_notes(self)
        self.memory: Any = None                          # the Account page has a real one: test_account_page.py
        self.following = SimpleNamespace(after=lambda *_: ("What does the offer by Meyer assume?",))
        self.dashboard = SimpleNamespace(usage=lambda *_: [])
        self.appearance = SimpleNamespace(now=Appearance)
        self.room = SimpleNamespace(taken=lambda: [Taken("originals", 3_400_000, 2), Taken("chats", 12_000, 1)], spare=lambda: 0)

    def health(self) -> list[Check]:
        return [Check("search model", True, "all-MiniLM-L6-v2, int8")]


def empty_app() -> FakeApp:
    app = FakeApp()
    app.notebooks.create("House")
    return app


def full_app() -> FakeApp:
    app = empty_app()
    for source_id, name, pages in (
        ("s1", "Field study 2024.pdf", 62),
        ("s2", "Offer Meyer.docx", 3),
        ("s3", "Consumption.xlsx", None),
        ("s4", "Notes from visit.md", None),
        ("s5", "Brochure.pdf", 8),
    ):
        app.sources.put(
            Source(
                source_id,
                "n0",
                USER,
                name,
                name.rpartition(".")[2],
                source_id,
                1_240_000,
                NOW - timedelta(days=2),
                41,
                52_000,
                source_id,
                pages,
            )
        )
    asked = Message(Role.USER, "Does a heat pump pay off without underfloor heating?", NOW)
    app.chat.put(Conversation("c9", "Offers compared", "n0", USER, NOW, NOW - timedelta(days=5), (asked, turn(ABSTAINED))))
    app.chat.put(Conversation("c8", "Which subsidies apply?", "n0", USER, NOW, NOW - timedelta(minutes=5), (asked, turn(ABSTAINED))))
    app.chat.put(Conversation("c7", "Heat pumps in old houses", "n0", USER, NOW, NOW, (asked, turn(ANSWER))))
    app.notes.create("n0", "Heat pumps without underfloor heating", f"{RADIATORS.quote}\n\n{FACTOR.quote}", (RADIATORS, FACTOR))
    app.studio.put(artifact("o1", "n0"))
    return app


def busy_app() -> FakeApp:
    """Files on their way in, one that failed, one that was cancelled, and a source whose original is gone."""
    app = full_app()
    app.ingest.put(Intake("i1", "n0", USER, "Annual report 2023.pdf", Stage.UNDERSTANDING, NOW, 34, 120))
    failed = Intake("i2", "n0", USER, "Scan.pdf", Stage.FAILED, NOW)
    app.ingest.put(replace(failed, detail="Scan.pdf needs a password", fix="save a copy without a password and add that"))
    app.ingest.put(Intake("i3", "n0", USER, "Video.mp4", Stage.CANCELLED, NOW))
    gone = app.sources.get("s5")
    app.sources.put(replace(gone, missing=True, blank_pages=(3, 4), remarks=("Two tables were read as plain text",)))
    return app
