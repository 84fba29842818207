"""`halo bench memory FILE`: are the turns that answer a question found, in conversations that were remembered turn by turn."""

from __future__ import annotations

import json
import re
import tempfile
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import say, settings, show
from halo_app.errors import BadInput, UnreadableFile

if TYPE_CHECKING:
    from halo_app.bootstrap import App
    from halo_app.domain.memory import Memory, Message

DEPTHS = (5, 10, 20)
CATEGORIES = range(1, 6)           # multi-hop, temporal, open, single-hop, adversarial
WARM_UP = 3                        # questions asked of each user before the clock counts

Turn = tuple[int, int]             # number of the session, number of the turn in it, both from 1

_EVIDENCE = re.compile(r"D:?(\d+):(\d+)")
_SESSION = re.compile(r"session_(\d+)")
_WHEN = "%I:%M %p on %d %B, %Y"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, of which category (1 to 5), and the turns that answer it."""

    text: str
    category: int
    evidence: frozenset[Turn]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Two people's sessions by number, when each took place, and the questions about them that name their evidence."""

    sessions: dict[int, list[Mapping[str, Any]]]
    times: dict[int, datetime | None]
    questions: list[Question]


def register(root: typer.Typer) -> None:
    @root.command()
    def memory(
        file: Annotated[Path, typer.Argument(metavar="FILE", help="Conversations with questions, in the form of LoCoMo.")],
    ) -> None:
        """Score memory: the share of a question's evidence among the first 5, 10 and 20 turns found, each conversation a user."""
        dialogues = read_dialogues(file)
        with tempfile.TemporaryDirectory(prefix="halo-bench-") as data_dir:
            figures = measure(Path(data_dir), dialogues)
        show(figures, _table(figures))


def read_dialogues(file: Path) -> list[Dialogue]:
    """Read a LoCoMo file; questions without evidence are left out. Raises BadInput, UnreadableFile."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        return [_dialogue(one["conversation"], one["qa"]) for one in given]
    except OSError as error:
        raise BadInput(f"cannot read {error.filename or file}: {error.strerror}", fix="give a LoCoMo file") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(f"{file} is not a LoCoMo file: {type(error).__name__} {error}", fix="give a LoCoMo file") from None


def _dialogue(conversation: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]) -> Dialogue:
    found = {int(match[1]): conversation[name] for name in conversation if (match := _SESSION.fullmatch(name))}
    sessions = {number: found[number] for number in sorted(found) if found[number]}
    times = {number: _when(conversation.get(f"session_{number}_date_time", "")) for number in sessions}
    questions = [Question(str(one["question"]), int(one["category"]), _evidence(one.get("evidence") or ())) for one in asked]
    return Dialogue(sessions, times, [one for one in questions if one.evidence])


def _evidence(given: Sequence[Any]) -> frozenset[Turn]:
    return frozenset((int(session), int(turn)) for one in given for session, turn in _EVIDENCE.findall(str(one)))


def _when(text: str) -> datetime | None:
    try:
        return datetime.strptime(text.strip(), _WHEN).replace(tzinfo=UTC)
    except ValueError:
        return None


def measure(data_dir: Path, dialogues: Sequence[Dialogue]) -> dict[str, Any]:
    """Return the figures, from a new data directory where every conversation is the memory of one user."""
    from pydantic import SecretStr

    from halo_app.bootstrap import build_app

    given = settings()
    kept = given.memory.model_copy(update={"database": SecretStr("sqlite:///{data_dir}/memory.db")})
    app = build_app(given.model_copy(update={"data_dir": data_dir, "memory": kept}))
    scores, times = _Scores(), []
    try:
        app.first_start(serving=False)
        for number, dialogue in enumerate(dialogues, 1):
            say(f"conversation {number} of {len(dialogues)}: {sum(map(len, dialogue.sessions.values()))} turns …")
            turns = _remember(app, f"bench-{number}", dialogue)
            times += _ask(app, f"bench-{number}", dialogue, turns, scores)
    finally:
        app.close()
    return {**scores.figures(), "query_p50_ms": _percentile(times, 0.5), "query_p95_ms": _percentile(times, 0.95)}


def _remember(app: App, user: str, dialogue: Dialogue) -> dict[str, tuple[int, list[Turn]]]:
    """Store the sessions in order through the engine; return, for each memory, its session and the turns of its messages."""
    from halo_app.domain.memory import Conversation, Memory

    assert app.memory is not None
    drafts, turns = [], []
    for number, said in dialogue.sessions.items():
        content = Conversation(f"session {number}", [_message(one, at, dialogue.times[number]) for at, one in enumerate(said)])
        drafts.append(Memory(content, occurred_at=dialogue.times[number]))
        turns.append((number, [_turn(one, number, at) for at, one in enumerate(said, 1)]))
    stored = app.memory.store_all(user, drafts)
    if app.outbox.drain():
        raise BadInput("the conversations could not all be embedded", fix="run halo doctor")
    return {memory.public_id: of_session for memory, of_session in zip(stored, turns, strict=True)}


def _message(turn: Mapping[str, Any], at: int, when: datetime | None) -> Message:
    from halo_app.domain.conversation import Role
    from halo_app.domain.memory import Message

    caption = f"\n[picture: {turn['blip_caption']}]" if turn.get("blip_caption") else ""
    said_at = when + timedelta(seconds=at) if when else None
    return Message(Role.USER, f"{turn['text']}{caption}", str(turn["speaker"]), created_at=said_at)


def _turn(turn: Mapping[str, Any], session: int, at: int) -> Turn:
    return next(iter(_evidence([turn.get("dia_id", "")])), (session, at))


def _ask(
    app: App, user: str, dialogue: Dialogue, turns: Mapping[str, tuple[int, list[Turn]]], scores: _Scores
) -> list[float]:
    who, times = app.users.principal(user), []
    for number in range(WARM_UP):
        app.recall.pieces(who, user, f"warm up number {number}", limit=max(DEPTHS))
    for question in dialogue.questions:
        began = time.perf_counter()
        found = app.recall.pieces(who, user, question.text, limit=max(DEPTHS))
        times.append(time.perf_counter() - began)
        scores.add(question, [_found(memory, turns) for memory in found], turns)
    return times


def _found(memory: Memory, turns: Mapping[str, tuple[int, list[Turn]]]) -> tuple[int, Turn]:
    assert memory.match is not None
    session, own = turns[memory.public_id]
    return session, own[memory.match.position or 0]


class _Scores:
    """What every question found of its evidence."""

    def __init__(self) -> None:
        self._recalls: dict[tuple[int, int], list[float]] = defaultdict(list)     # by depth and category, 0 for all
        self._sessions: list[bool] = []

    def add(self, question: Question, ranked: Sequence[tuple[int, Turn]], turns: Mapping[str, tuple[int, list[Turn]]]) -> None:
        """Count one question."""
        for depth in DEPTHS:
            found = question.evidence & {turn for _, turn in ranked[:depth]}
            for category in (0, question.category):
                self._recalls[depth, category].append(len(found) / len(question.evidence))
        right = {session for session, own in turns.values() if question.evidence & set(own)}
        self._sessions.append(any(session in right for session, _ in ranked[:10]))

    def figures(self) -> dict[str, Any]:
        """Return the figures under their names."""
        return {
            **{f"recall@{depth}": _mean(self._recalls[depth, 0]) for depth in DEPTHS},
            "session_any@10": _mean(self._sessions), "questions": len(self._sessions),
            "categories": {str(category): {"recall@10": _mean(self._recalls[10, category]),
                                           "questions": len(self._recalls[10, category])} for category in CATEGORIES},
        }


def _table(figures: Mapping[str, Any]) -> str:
    rows = [f"{name}: {value}" for name, value in figures.items() if name != "categories"]
    rows += [f"category {name}: recall@10 {one['recall@10']} (n {one['questions']})" for name, one in figures["categories"].items()]
    return "\n".join(rows)


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _percentile(seconds: Sequence[float], share: float) -> float:
    ordered = sorted(seconds)
    return round(1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else 0.0
