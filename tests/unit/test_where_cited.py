"""Where a source was cited: chats, notes and outputs, each passage with the way there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from halo_app.domain.artifact import Artifact, Section
from halo_app.domain.conversation import Citation, Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.note import Note
from halo_app.services.where_cited import WhereCitedService

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HERE = Citation("s1", "a.pdf", "p. 1", "The keeper wrote.", 0, 17)
ALSO = Citation("s1", "a.pdf", "p. 2", "Nets were mended.", 40, 57)
OTHER = Citation("s2", "b.pdf", "p. 1", "Something else.", 0, 15)


class Kept:
    """Records of one user in a list."""

    def __init__(self, *records: Any) -> None:
        self.records = list(records)

    def all(self, user_id: str) -> list[Any]:
        return [record for record in self.records if record.user_id == user_id]


def said(*citations: Citation, abstained: bool = False) -> Message:
    if abstained:
        return Message(Role.ASSISTANT, "No.", NOW, citations=citations, abstained=True)
    return Message(Role.ASSISTANT, "Yes.", NOW, (Sentence("Yes.", Verdict.VERIFIED, citations),))


def chat(number: int, *messages: Message, user_id: str = "u") -> Conversation:
    return Conversation(f"c{number}", f"Chat {number}", "n", user_id, NOW, NOW, messages)


def service(*, chats: Any = (), notes: Any = (), outputs: Any = ()) -> WhereCitedService:
    return WhereCitedService(Kept(*chats), Kept(*notes), Kept(*outputs), "u")  # type: ignore[arg-type]


def test_a_citation_is_found_in_chats_notes_and_outputs_the_latest_first() -> None:
    note = Note("n1", "n", "u", "My note", "text", NOW, NOW + timedelta(days=2), (HERE, OTHER))
    output = Artifact("o1", "summary", "Summary", "n", "u", NOW + timedelta(days=1), (Section("A", said(HERE, OTHER).sentences),))
    found = service(chats=[chat(1, said(OTHER), said(HERE))], notes=[note], outputs=[output]).mentions("s1")
    assert [(one.kind, one.record_id, one.turn, one.citation) for one in found] == [
        ("note", "n1", 0, HERE), ("output", "o1", 0, HERE), ("chat", "c1", 1, HERE)]


def test_a_passage_is_told_once_a_turn() -> None:
    found = service(chats=[chat(1, said(HERE, ALSO, HERE), said(HERE))]).mentions("s1")
    assert [(one.turn, one.citation) for one in found] == [(0, HERE), (0, ALSO), (1, HERE)]


def test_the_nearest_passages_of_an_answer_that_was_not_given_are_no_citations() -> None:
    assert service(chats=[chat(1, said(HERE, abstained=True))]).mentions("s1") == []


def test_other_peoples_records_are_never_looked_at() -> None:
    assert service(chats=[chat(1, said(HERE), user_id="somebody")]).mentions("s1") == []


def test_a_record_that_changed_is_read_again_and_one_that_is_gone_is_forgotten() -> None:
    one = chat(1, said(OTHER))
    looked = service(chats=[one])
    assert looked.mentions("s1") == []
    looked.chats.records = [replace(one, messages=(said(HERE),))]  # type: ignore[attr-defined]
    assert len(looked.mentions("s1")) == 1
    looked.chats.records = []  # type: ignore[attr-defined]
    assert looked.mentions("s1") == []
    assert looked._known == {}
