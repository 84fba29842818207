"""Keep the past small: turns that are no longer recent become the lines of their session, many sessions become topics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from halo_app.domain.memory import AgentRun, Conversation, Covers, Kind, Memory, Origin, Provenance, Sought, Summary, pieces_of
from halo_app.domain.rolling import Line, Said, Terms, by_worth, grouped, lines_of, roll
from halo_app.domain.user import Principal
from halo_app.errors import PermissionDenied
from halo_app.memory_ports import MemoryStore

SESSION_SHARE = 0.4            # of what was said in a session, in tokens, that its summary may take at most
SESSION_ROOM = 400             # tokens of one session's summary at most
LEAST_WRITES = 10
TOPICS_FROM = 8                # sessions from which on topics are made
TOPICS = 12
TOPIC_ROOM = 120               # tokens of one topic at most
ROLLED_BY = "rolling summary"  # the agent named in the provenance of what is made here

Key = tuple[str, str]          # the model a turn is private to ("" shared), and its session


@dataclass(frozen=True)
class RollingService:
    """Summaries of one store. `terms` gives the words that count of a text, `count` its tokens; recent runs are left alone.

    `reads_runs` tells whether what a user said to an agent may be summarised: that is observing, and needs consent. What was
    stored as a conversation was stored to be remembered.
    """

    store: MemoryStore
    terms: Terms
    count: Callable[[str], int]
    num_history_runs: int = 3
    reads_runs: Callable[[str], bool] = lambda user_id: True

    def roll(self, who: Principal, user_id: str) -> int:
        """Bring the user's summaries up to date with what was said, and return how many were written.

        A summary is extractive: line i of its text is a sentence of the turn `covered_ids[i]`. What is private to a model
        is summarised for that model alone. Summaries that somebody else wrote are not touched.
        """
        own = [one for one in self.store.select(who, user_id, Sought(kinds=(Kind.SUMMARY,))) if one.provenance.agent == ROLLED_BY]
        sessions = {(one.model, one.content.session_id): one for one in own
                    if isinstance(one.content, Summary) and one.content.covers is Covers.SESSION}
        older = self._older(who, user_id)
        written = sum(self._keep(who, user_id, key, self._of_session(turns), sessions.get(key)) for key, turns in older.items())
        if written and len(older) >= TOPICS_FROM:
            topics = [one for one in own if isinstance(one.content, Summary) and one.content.covers is Covers.CONTEXT]
            written += self._topics(who, user_id, older, topics)
        return written

    def best_lines(self, summaries: Sequence[Memory]) -> list[tuple[Memory, int, str]]:
        """Return the lines of summaries, each with its memory and place, in the order in which they are worth their room."""
        said = [Said(f"{memory.public_id}#{at}", "", line, memory.content.session_id or memory.public_id)
                for memory in summaries if isinstance(memory.content, Summary) for at, line in enumerate(memory.text.splitlines())]
        lines = by_worth(lines_of(said, self.terms), self.count)
        known = {memory.public_id: memory for memory in summaries}
        ranked = [line.turn for line in lines]
        ranked += [turn for turn in said if turn.id not in {line.id for line in ranked}]
        seen = dict.fromkeys((turn.id, turn.text) for turn in ranked)
        return [(known[name.partition("#")[0]], int(name.partition("#")[2]), text) for name, text in seen]

    def _older(self, who: Principal, user_id: str) -> dict[Key, list[Said]]:
        """Return the turns that are not recent any more, by model and session, oldest first."""
        sessions: dict[Key, list[Said]] = {}
        runs = self.store.runs(who, user_id) if self.reads_runs(user_id) else []
        recent = {run.id for run in runs[:self.num_history_runs]}
        for run in reversed(runs):
            if run.id not in recent:
                sessions.setdefault(("", run.session_id), []).extend(said_in(run))
        for memory in reversed(self.store.select(who, user_id, Sought(kinds=(Kind.CONVERSATION,)))):
            sessions.setdefault((memory.model, session_of(memory)), []).extend(turns_of(memory))
        return sessions

    def _of_session(self, turns: Sequence[Said]) -> list[Line]:
        said = sum(self.count(turn.text) for turn in turns)
        return roll(lines_of(turns, self.terms), min(SESSION_ROOM, int(SESSION_SHARE * said)), self.count)

    def _topics(self, who: Principal, user_id: str, older: Mapping[Key, list[Said]], known: Sequence[Memory]) -> int:
        models = {model for model, _ in older}
        written = 0
        for model in sorted(models):
            lines = [line for key, turns in older.items() if key[0] == model for line in self._of_session(turns)]
            groups = [roll(group, TOPIC_ROOM, self.count) for group in grouped(lines, TOPICS)]
            own = sorted((one for one in known if one.model == model), key=lambda one: one.id)
            places = [*own, *[None] * len(groups)]
            written += sum(self._keep(who, user_id, (model, ""), group, place, Covers.CONTEXT)
                           for group, place in zip(groups, places, strict=False) if group)
        return written

    def _keep(
        self, who: Principal, user_id: str, key: Key, lines: Sequence[Line], known: Memory | None, covers: Covers = Covers.SESSION
    ) -> bool:
        """Write the summary when it says something new."""
        if not lines:
            return False
        content = Summary("\n".join(_spoken(line) for line in lines), covers, tuple(line.turn.id for line in lines), key[1])
        if known is None:
            origin = Provenance(Origin.OBSERVED, session_id=key[1], agent=ROLLED_BY)
            when = lines[-1].turn.said_at
            self.store.add(who, [Memory(content, user_id=user_id, model=key[0], provenance=origin, occurred_at=when)])
            return True
        if known.content == content:
            return False
        self.store.change(who, user_id, known.public_id, lambda memory: replace(memory, content=content))
        return True


class RollingWhenDue:
    """Rolls a user's past up when enough was written since the last time in this process: ten writes, or one in fifty."""

    def __init__(self, rolling: RollingService) -> None:
        self._rolling = rolling
        self._seen: dict[str, int] = {}

    def best_lines(self, summaries: Sequence[Memory]) -> list[tuple[Memory, int, str]]:
        """Return the lines of summaries in the order in which they are worth their room."""
        return self._rolling.best_lines(summaries)

    def prepare(self, who: Principal, user_id: str) -> None:
        """Bring the summaries up to date when that is due; whoever may not write reads what is there."""
        store = self._rolling.store
        last, now = self._seen.get(user_id), store.version(user_id)
        if last is not None and now - last < max(LEAST_WRITES, now // 50):
            return
        with suppress(PermissionDenied):
            self._rolling.roll(who, user_id)
        self._seen[user_id] = store.version(user_id)


def said_in(run: AgentRun) -> list[Said]:
    """Return the question and the answer of a run; the answer's id is the turn's with `:answer` behind it."""
    turn = str(run.run_data.get("turn_id") or f"run-{run.id}")
    parts = ((turn, "user", run.run_data.get("question")), (f"{turn}:answer", run.agent_name, run.run_data.get("answer")))
    return [Said(name, speaker, str(text), run.session_id, run.created_at) for name, speaker, text in parts if text]


def turns_of(memory: Memory) -> list[Said]:
    """Return the turns of a remembered conversation; a message without an id is named by its memory and place."""
    if not isinstance(memory.content, Conversation):
        return []
    messages = memory.content.messages
    names = [message.id or f"{memory.public_id}:{at}" for at, message in enumerate(messages)]
    session = session_of(memory)
    return [Said(name, piece.speaker, piece.text, session, piece.said_at or memory.when)
            for name, piece in zip(names, pieces_of(memory.content), strict=False)]


def session_of(memory: Memory) -> str:
    """Return the session that a conversation belongs to; one without is a session by itself."""
    named = memory.content.session_id if isinstance(memory.content, Conversation) else ""
    return named or memory.provenance.session_id or memory.public_id


def _spoken(line: Line) -> str:
    return f"{line.turn.speaker}: {line.text}" if line.turn.speaker not in ("", "user") else line.text
