"""What an output says, laid out as its sections ask: text, lists, tables, timelines, cards; each quote with its citation chip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from halo_app.domain.artifact import Item, Section
from halo_app.domain.conversation import Citation, Sentence
from halo_app.ui import state
from halo_app.ui.components import asset
from halo_app.ui.components.cites import cite, opened_at, owner

_blocks = st.components.v2.component("halo.blocks", html='<div class="thread blocks"></div>',
                                     css=asset("thread.css") + asset("blocks.css"),
                                     js=asset("blocks.js"))


def draw(sections: Sequence[Section], key: str) -> None:
    """Draw the sections; a chip opens the evidence panel."""
    cited = tuple(dict.fromkeys(one for section in sections for sentence in section.said for one in sentence.citations))
    numbers, opened = {citation: number for number, citation in enumerate(cited)}, opened_at(key, 0)

    def shown() -> None:
        state.show_evidence(state.Evidence(cited, int(st.session_state[key].open), owner(key, 0)))

    _blocks(key=key, data={"sections": [_section(section, numbers, opened) for section in sections]},
            on_open_change=shown, on_close_change=state.close_evidence)


def _section(section: Section, numbers: Mapping[Citation, int], opened: int | None) -> dict[str, Any]:
    return {"title": section.title, "layout": section.layout.value, "remark": section.remark, "columns": list(section.columns),
            "sentences": _sentences(section.sentences, numbers, opened),
            "items": [_item(item, numbers, opened) for item in section.items]}


def _item(item: Item, numbers: Mapping[Citation, int], opened: int | None) -> dict[str, Any]:
    return {"label": item.label, "detail": item.detail, "level": item.level, "gap": list(item.gap),
            "sentences": _sentences(item.sentences, numbers, opened),
            "cells": [_sentences(cell, numbers, opened) for cell in item.cells],
            "choices": [sentence.text for sentence in item.choices],
            "right": item.sentences[0].text[slice(*item.gap)] if item.gap and item.sentences else ""}


def _sentences(sentences: Sequence[Sentence], numbers: Mapping[Citation, int], opened: int | None) -> list[dict[str, Any]]:
    return [{"text": sentence.text, "quoted": any(sentence.text == one.quote for one in sentence.citations),
             "verdict": sentence.verdict.value, "reason": sentence.reason,
             "cites": [cite(one, numbers, opened) for one in sentence.citations]} for sentence in sentences]
