"""How much of what will be asked about survives in a context of 4,000 tokens: summaries of all sessions, or the latest turns.

`python -m benchmarks.contexts FILE` takes conversations in the form of LoCoMo, stores the first 20 sessions of each through the
engine, and builds one context per conversation without knowing any question. *turns*: share of a question's evidence turns that
have a line in it; *words*: share of the evidence turns' own words that stand in what is kept of just these turns. The peer
fills the same tokens, by the same count, with whole turns from the end.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from halo_app.bootstrap import App, build_app
from halo_app.cli.bench_memory import Dialogue, read_dialogues
from halo_app.domain.conversation import Role
from halo_app.domain.memory import Conversation, Kind, Memory, Message, Sought
from halo_app.settings import read_settings

SESSIONS = 20
TOKENS = 4000
Place = tuple[int, int]                # session and turn, both from 1
_WORD = re.compile(r"[^\W_]{4,}")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    dialogues = read_dialogues(arguments.parse_args().file)
    with tempfile.TemporaryDirectory(prefix="halo-bench-") as folder:
        app = build_app(read_settings({"data_dir": Path(folder), "memory.database": "sqlite:///{data_dir}/memory.db"}, environ={}))
        try:
            app.first_start(serving=False)
            figures = [_measure(app, f"bench-{number}", dialogue) for number, dialogue in enumerate(dialogues)]
        finally:
            app.close()
    print("conversation, questions, turns kept (HALO, latest), words kept (HALO, latest)")
    for number, (questions, *shares) in enumerate(figures):
        print(number, questions, *(f"{share:.3f}" for share in shares))
    means = [sum(row[at] for row in figures) / len(figures) for at in range(1, 5)]
    print("mean", sum(row[0] for row in figures), *(f"{mean:.3f}" for mean in means))
    print(f"ratio: turns {means[0] / means[1]:.2f}, words {means[2] / means[3]:.2f}")


def _measure(app: App, user: str, dialogue: Dialogue) -> tuple[int, float, float, float, float]:
    sessions = list(dialogue.sessions.items())[:SESSIONS]
    turns = {(number, at): f"{one['speaker']}: {one['text']}" for number, said in sessions for at, one in enumerate(said, 1)}
    drafts = [Memory(Conversation(f"session {number}", [
        Message(Role.USER, str(one["text"]), str(one["speaker"]), id=f"{number}:{at}") for at, one in enumerate(said, 1)]),
        occurred_at=dialogue.times[number]) for number, said in sessions]
    assert app.memory
    app.memory.store_all(user, drafts)
    built = app.memory_context.build(app.principal, user, max_tokens=TOKENS)
    summaries = {one.public_id: one.content for one in app.memory.list(user, Sought(kinds=(Kind.SUMMARY,)))}
    kept: dict[Place, str] = {}
    for name in built.sections["summaries"]:
        memory, _, at = name.partition("#")
        place, line = _turn(summaries[memory].covered_ids[int(at or 0)]), summaries[memory].text.splitlines()[int(at or 0)]
        kept[place] = f"{kept.get(place, '')} {line}"
    kept |= {_turn(name): turns[_turn(name)] for name in built.sections["recent turns"]}
    latest = _latest(app, turns)
    asked = [evidence for question in dialogue.questions if (evidence := question.evidence & turns.keys())]
    whole = [_mean([len(evidence & held.keys()) / len(evidence) for evidence in asked]) for held in (kept, latest)]
    words = [_mean([_words(evidence, turns, held) for evidence in asked]) for held in (kept, latest)]
    return len(asked), *whole, *words


def _latest(app: App, turns: dict[Place, str]) -> dict[Place, str]:
    held: dict[Place, str] = {}
    for place, text in reversed(turns.items()):
        if app.token_count("\n".join([*held.values(), text])) > TOKENS:
            break
        held[place] = text
    return held


def _words(evidence: frozenset[Place], turns: dict[Place, str], held: dict[Place, str]) -> float:
    """Return the share of the evidence turns' words that stand in what is held of the same turns."""
    said = [(turn, word) for turn in evidence for word in set(_WORD.findall(turns[turn].partition(": ")[2].lower()))]
    return _mean([float(word in held.get(turn, "").lower()) for turn, word in said]) if said else 1.0


def _turn(name: str) -> Place:
    session, at = name.split(":")
    return int(session), int(at)


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
