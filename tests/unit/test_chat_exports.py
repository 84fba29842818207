"""A chat taken along holds its questions, its answers with their verdicts, and each citation as a footnote with its proof."""

from __future__ import annotations

from dataclasses import replace

import pytest

from halo_app.domain.conversation import Conversation, Message, Role
from halo_app.errors import BadInput, NotFound
from halo_app.exports.html import EXPORTER as HTML
from halo_app.exports.markdown import EXPORTER as MARKDOWN
from halo_app.services.chat_exports import ChatExports, sections_of
from tests.ui_fakes import ABSTAINED, ANSWER, NOW, RADIATORS, turn

QUESTION = Message(Role.USER, "Does a heat pump pay off?", NOW)
CHAT = Conversation("c" * 32, "Heat: pumps/in *old* houses", "n", "me", NOW, NOW, (QUESTION, turn(ANSWER)))


def exports(chat: Conversation = CHAT) -> ChatExports:
    def find(session_id: str) -> Conversation:
        if session_id != chat.id:
            raise NotFound("no such chat")
        return chat

    return ChatExports(find, {"md": MARKDOWN, "html": HTML}, "me")


def test_markdown_carries_source_place_and_quote_of_every_citation_as_a_footnote() -> None:
    content, media_type, name = exports().export(CHAT.id, "md")
    text = content.decode()
    assert (media_type, name) == ("text/markdown", "Heat pumps in old houses.md")
    assert "## Does a heat pump pay off?" in text
    assert f"{RADIATORS.quote}[^1]" in text
    assert f"[^1]: Field study 2024.pdf, p. 14: “{RADIATORS.quote}”" in text
    assert "(partial: the year is not stated)" in text


def test_html_is_one_file_that_asks_for_nothing_and_runs_nothing() -> None:
    text = exports().export(CHAT.id, "html")[0].decode()
    assert "<script" not in text and "http" not in text.replace("http-equiv", "")
    assert f"Field study 2024.pdf, p. 14: <q>{RADIATORS.quote}</q>" in text


def test_what_the_sources_do_not_say_keeps_the_nearest_passages() -> None:
    [section] = sections_of(replace(CHAT, messages=(QUESTION, turn(ABSTAINED))))
    assert [sentence.text for sentence in section.sentences[:2]] == ["Your sources do not say this.", "The nearest passages:"]
    assert [sentence.citations for sentence in section.sentences[2:]] == [(one,) for one in ABSTAINED.nearest]


def test_a_question_without_an_answer_a_failure_and_a_long_question_say_so() -> None:
    long = Message(Role.USER, "Why " * 100, NOW)
    failed = turn(replace(ANSWER, failure="It was away."))
    first, second = sections_of(replace(CHAT, messages=(QUESTION, long, failed)))
    assert [sentence.text for sentence in first.sentences] == ["This question has no answer yet."]
    assert len(second.title) <= 160
    assert second.sentences[0].text == long.content
    assert second.sentences[1].text == "The language model gave no answer. It was away."


def test_an_unknown_format_and_an_unknown_chat_are_refused() -> None:
    with pytest.raises(BadInput, match="docx"):
        exports().export(CHAT.id, "docx")
    with pytest.raises(NotFound):
        exports().export("d" * 32, "md")
