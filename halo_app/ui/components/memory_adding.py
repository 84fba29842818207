"""Add a memory of any kind by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import streamlit as st

from halo_app.domain.memory import Covers, Kind
from halo_app.errors import BadInput
from halo_app.services.memory import MemoryService
from halo_app.ui import faults, state

_TURN = re.compile(r"^(user|assistant|system)\s*:\s*(.*)$", re.IGNORECASE)
_TIMED = re.compile(r"^(?:(\d+):)?(\d{1,2}):(\d{2})\s+(.+)$")
EXAMPLE = "user: Which tide table do you use?\nassistant: The one of the harbour office."


def draw(memory: MemoryService) -> None:
    """Draw the button that opens the form."""
    with st.popover("Add a memory", key=state.key("add-memory", state.round_of("add-memory"))):
        kinds = list(Kind)
        kind = Kind(st.selectbox("Kind of memory", kinds, kinds.index(Kind.FACT), key="add-kind", format_func=str) or Kind.FACT)
        with st.form(state.key("new-memory", kind, state.round_of("add-memory")), border=False):
            fields = _FORMS[kind]()
            shared = _shared()
            if st.form_submit_button("Remember", type="primary"):
                _store(memory, kind, fields, shared)


@faults.guarded
def _store(memory: MemoryService, kind: Kind, fields: Callable[[], dict[str, Any]], shared: dict[str, Any]) -> None:
    memory.store(state.app().user_id, {"kind": kind.value, **fields(), **shared})
    state.next_round("add-memory")
    st.toast("Remembered.")
    state.again()


def _shared() -> dict[str, Any]:
    models = [model.name for model in state.app().models.all()]
    tags = st.text_input("Tags, separated by commas")
    private = st.selectbox("Who may use it", ["", *models], format_func=lambda name: f"only {name}" if name else "every model")
    return {"tags": [tag.strip() for tag in tags.split(",") if tag.strip()], "private_to": private}


def _fact() -> Callable[[], dict[str, Any]]:
    content = st.text_area("What is to be remembered", height=90)
    category = st.text_input("Category", placeholder="for example: work, health, preferences")
    sure = st.slider("How sure", 0, 100, 100, format="%d %%")
    ephemeral = st.checkbox("Only for a while")
    return lambda: {"content": content, "category": category, "confidence": sure / 100, "ephemeral": ephemeral}


def _conversation() -> Callable[[], dict[str, Any]]:
    title = st.text_input("Title")
    turns = st.text_area("Turns, each on a line of its own", placeholder=EXAMPLE, height=140)
    return lambda: {"title": title, "messages": [_turn(line) for line in turns.splitlines() if line.strip()]}


def _image() -> Callable[[], dict[str, Any]]:
    prompt = st.text_area("Prompt", height=90)
    model, path = st.text_input("Made by"), st.text_input("File")
    width = st.number_input("Width in pixels", 0, 100_000, 0)
    height = st.number_input("Height in pixels", 0, 100_000, 0)
    seed = st.number_input("Seed", value=None, step=1)
    parameters = st.text_input("Further parameters as JSON", placeholder='{"steps": 30}')
    return lambda: {"prompt": prompt, "model": model, "path": path, "width": width or None, "height": height or None,
                    "seed": seed, "parameters": _json(parameters)}


def _transcription() -> Callable[[], dict[str, Any]]:
    text = st.text_area("Text", placeholder="00:05 Welcome to the meeting.\n00:12 First the budget.", height=140,
                        help="Lines that begin with a time become timed parts.")
    language = st.text_input("Language, two letters", help="Left empty, it is worked out from the text.", max_chars=2)
    length = st.number_input("Length in seconds", 0.0, value=0.0)
    return lambda: {**_spoken(text, length or None), "language": language}


def _summary() -> Callable[[], dict[str, Any]]:
    text = st.text_area("Summary", height=120)
    covers = st.selectbox("Of", list(Covers), format_func=lambda one: {"session": "one chat", "context": "several"}[one])
    return lambda: {"text": text, "covers": str(covers)}


_FORMS: dict[Kind, Callable[[], Callable[[], dict[str, Any]]]] = {
    Kind.FACT: _fact, Kind.CONVERSATION: _conversation, Kind.IMAGE: _image, Kind.TRANSCRIPTION: _transcription, Kind.SUMMARY: _summary}


def _turn(line: str) -> dict[str, str]:
    found = _TURN.match(line.strip())
    if not found:
        raise BadInput(f"the line “{line.strip()[:60]}” does not say who speaks", fix="begin each line with user: or assistant:")
    return {"role": found[1].lower(), "content": found[2]}


def _spoken(text: str, length: float | None) -> dict[str, Any]:
    """Return the text, and its timed parts when every line begins with a time; a part lasts until the next one begins."""
    lines = [line for line in text.splitlines() if line.strip()]
    found = [_TIMED.match(line.strip()) for line in lines]
    if not lines or not all(found):
        return {"text": text, "duration_seconds": length}
    parts = [(int(one[1] or 0) * 3600 + int(one[2]) * 60 + int(one[3]), one[4]) for one in found if one]
    ends = [*(start for start, _ in parts[1:]), max(length or 0, parts[-1][0])]
    segments = [{"start_seconds": start, "end_seconds": end, "text": words} for (start, words), end in zip(parts, ends, strict=True)]
    return {"text": "\n".join(words for _, words in parts), "duration_seconds": length, "segments": segments}


def _json(text: str) -> Any:
    if not text.strip():
        return {}
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"the parameters are not JSON: {error}", fix='write them as {"steps": 30}, or leave them out') from None
