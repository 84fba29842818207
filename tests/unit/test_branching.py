"""A turn that is asked or answered again keeps its earlier versions, in memory, in the file, in exports and in erasures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from halo_app.domain.branching import branch_of, everything, forked, stepped, versions
from halo_app.domain.conversation import Attached, Citation, Conversation, Message, Role, Sentence, Verdict
from halo_app.domain.erasure import Subject, Target, Whose
from halo_app.domain.redacting import ERASED, redacted, told
from halo_app.storage.codecs import CHATS, to_plain
from halo_app.storage.json_files import JsonRecords
from halo_app.storage.json_schema import schema_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
QUOTE = Citation("s1", "whales.pdf", "p. 3", "Whales sing at night", 10, 30)


def asked(words: str, minutes: int = 0) -> Message:
    return Message(Role.USER, words, NOON + timedelta(minutes=minutes))


def said(words: str, minutes: int = 0) -> Message:
    return Message(Role.ASSISTANT, words, NOON + timedelta(minutes=minutes), (Sentence(QUOTE.quote, Verdict.VERIFIED, (QUOTE,)),))


def words(messages: tuple[Message, ...]) -> list[str]:
    return [message.content for message in messages]


TALK = (asked("q1"), said("a1"), asked("q2"), said("a2"))


def test_a_question_that_is_worded_anew_keeps_what_followed_the_old_one() -> None:
    changed = forked(TALK, 0, (asked("q1, better"),))
    assert words(changed) == ["q1, better"]
    assert versions(changed[0]) == 2
    back = stepped(changed, 0, -1)
    assert words(back) == ["q1", "a1", "q2", "a2"]
    assert words(stepped(back, 0, 1)) == ["q1, better"]


def test_branches_within_branches_keep_their_order() -> None:
    changed = forked(TALK, 3, (said("a2, again"),))
    changed = forked(changed, 3, (said("a2, a third time"),))
    changed = forked(changed, 0, (asked("q1, better"), said("a1, better")))
    assert words(changed) == ["q1, better", "a1, better"]
    first = stepped(changed, 0, -1)
    assert words(first)[-1] == "a2, a third time" and versions(first[3]) == 3 and first[3].version == 2
    assert words(stepped(stepped(first, 3, -1), 3, -1))[-1] == "a2"
    assert sorted(words(tuple(everything(changed)))) == sorted(
        ["q1, better", "a1, better", "q1", "a1", "q2", "a2", "a2, again", "a2, a third time"])


def test_stepping_where_there_is_no_version_changes_nothing() -> None:
    for at, by in ((0, 1), (0, -1), (9, 1), (-1, 1)):
        assert stepped(TALK, at, by) == TALK


@given(some.lists(some.tuples(some.integers(0, 3), some.integers(-2, 2)), max_size=12))
def test_no_message_is_ever_lost_and_the_one_in_view_knows_its_place(moves: list[tuple[int, int]]) -> None:
    talk: tuple[Message, ...] = TALK
    known = sorted(words(tuple(everything(talk))))
    for number, (at, by) in enumerate(moves):
        if by == 0 and at < len(talk):
            talk = forked(talk, at, (asked(f"new {number}"),))
            known = sorted([*known, f"new {number}"])
        else:
            talk = stepped(talk, at, by)
        assert sorted(words(tuple(everything(talk)))) == known
        assert all(0 <= message.version < versions(message) for message in everything(talk))


def test_every_branch_has_a_name_of_its_own() -> None:
    again = forked(TALK, 1, (said("a1, again"),))
    assert branch_of(TALK) == "" and branch_of(again) == "1v1" and branch_of(stepped(again, 1, -1)) == ""


def chat(messages: tuple[Message, ...]) -> Conversation:
    return Conversation("a" * 32, "Whales", "n", "me", NOON, NOON, messages)


def test_a_chat_is_read_back_with_all_its_versions_and_its_time_is_that_of_the_last_word(tmp_path: Path) -> None:
    records = JsonRecords(tmp_path, CHATS)
    later = (replace(asked("q1, better", 30), attached=(Attached("whales.pdf", "s1"),)), replace(said("a1, better", 31), pinned=True))
    held = chat(stepped(forked(TALK, 0, later), 0, -1))
    records.put(held)
    assert JsonRecords(tmp_path, CHATS).get(held.id) == held
    assert records.path(held.id).stat().st_mtime == (NOON + timedelta(minutes=31)).timestamp()


def test_a_file_of_the_first_schema_is_still_read(tmp_path: Path) -> None:
    tree = {**CHATS.encode(chat(TALK)), "schema": 1}
    assert not any({"others", "version", "pinned", "attached"} & set(message) for message in tree["messages"])
    assert words(CHATS.decode(tree).messages) == words(TALK)


def test_the_schema_of_a_chat_ends_although_messages_hold_messages() -> None:
    schema = schema_of(Conversation)
    message = schema["$defs"]["Message"]
    assert message["properties"]["others"]["items"]["items"] == {"$ref": "#/$defs/Message"}
    assert schema["properties"]["messages"]["items"] == {"$ref": "#/$defs/Message"}


SOURCE = Target(Subject.SOURCE, "me", "s1", ids=("s1",), name="whales.pdf")


def test_an_erased_source_goes_from_the_branches_that_are_not_in_view_and_typed_words_stay() -> None:
    typed = replace(asked(f"Is it true that {QUOTE.quote}?"), attached=(Attached("whales.pdf", "s1"),))
    hidden = (typed, said(f"Yes: {QUOTE.quote}."))
    tree = to_plain(chat(forked(hidden, 0, (asked("And fish?"),))))
    assert ("whales.pdf" in str(tree)) and QUOTE.quote in str(tree)
    changed = redacted(tree, SOURCE, lambda text: text.replace(QUOTE.quote, ERASED))
    question, answer = changed["messages"][0]["others"][0]
    assert question["content"] == f"Is it true that {QUOTE.quote}?" and question["attached"] == []
    assert answer["content"] == f"Yes: {ERASED}." and answer["sentences"][0]["text"] == ERASED
    assert "whales.pdf" not in str(changed)


def test_what_stands_in_another_branch_is_known_as_made_from_the_source() -> None:
    tree = to_plain(chat(forked((asked("typed"), said("Yes: they sing.")), 0, (asked("And fish?"),))))
    found = dict(reversed([(text, whose) for whose, text in told(tree, SOURCE, made=True)]))
    assert found["Yes: they sing."] is Whose.MADE and found[QUOTE.quote] is Whose.TARGETS
    assert found["typed"] is Whose.OTHERS and found["And fish?"] is Whose.OTHERS
