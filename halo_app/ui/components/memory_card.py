"""One memory open: all its fields, where it came from, and what can be done with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time

import streamlit as st

from halo_app.domain.memory import Conversation, Fact, Image, Memory, State, Summary, Transcription
from halo_app.errors import NotFound
from halo_app.services.memory import MemoryService
from halo_app.ui import faults, state, state_account
from halo_app.ui.components import entries, memory_relations, memory_waiting, prose, receipts
from halo_app.ui.words import day, many


def draw(memory: MemoryService, memory_id: int, *, may_change: bool = True) -> None:
    """Draw one memory to read, and to edit, pin, limit in time and delete where it `may_change`."""
    st.button("‹ All memories", key="close-memory", type="tertiary", on_click=state_account.open_memory, args=(None,))
    try:
        one = memory.get(state.app().user_id, memory_id)
    except NotFound:
        prose.draw([("name", "This memory is gone"), ("quiet", "It was deleted. The others are still here.")], key="memory-gone")
        return
    warning = entries.note(one, state.app().clock())
    with st.container(key="serif-memory"):
        prose.draw([("quiet", _facts(one)), ("remark", warning[:1].upper() + warning[1:]), *_lines(one)], key="memory-open")
    memory_relations.origin(one)
    memory_relations.others(memory, one, may_change=may_change)
    if may_change:
        _edit(memory, one)
        _actions(memory, one)


def _actions(memory: MemoryService, one: Memory) -> None:
    with st.container(horizontal=True, key="memory-card-actions"):
        if one.state is State.SUGGESTED:
            st.button("Keep", key="keep-memory", type="primary", on_click=memory_waiting.keep, args=(memory, one.id))
            st.button("Dismiss", key="dismiss-memory", on_click=memory_waiting.dismiss, args=(memory, one.id))
        st.button("Unpin" if one.pinned else "Pin", key="pin-memory", on_click=_pin, args=(memory, one))
        with st.popover("Delete"):
            st.markdown("Delete this memory for good? This cannot be undone.")
            st.button("Delete for good", key="delete-memory", type="primary", on_click=_delete, args=(memory, one))
            st.button("Delete with everything made from it", key="erase-memory", type="tertiary", on_click=_erase, args=(one,),
                      help="Summaries of it go too, and answers that repeat it lose those words; you get a receipt")


def _lines(one: Memory) -> Iterator[prose.Line]:
    """Yield the content as it is read, and then its other fields."""
    match one.content:
        case Conversation() as talk:
            yield "name", talk.title
            yield from (("excerpt", f"{said.speaker or said.role}: {said.content}") for said in talk.messages)
        case Fact() as fact:
            yield "source", fact.content
            yield "quiet", _told(Category=fact.category, Sure=f"{fact.confidence:.0%}", Lasts="for a while" if fact.ephemeral else "")
        case Image() as image:
            yield "source", image.prompt
            size = f"{image.width} × {image.height} pixels" if image.width and image.height else ""
            seed = "" if image.seed is None else str(image.seed)
            settings = ", ".join(f"{name} {value}" for name, value in image.parameters.items())
            yield "quiet", _told(Model=image.model, Size=size, Seed=seed, File=image.path, Settings=settings)
        case Transcription() as words:
            yield "source", words.text
            sure = f" ({words.language_confidence:.0%} sure)" if words.language_confidence is not None else ""
            length = "" if words.duration_seconds is None else f"{words.duration_seconds:g} s"
            yield "quiet", _told(Language=words.language + sure if words.language else "", Length=length)
            yield from (("excerpt", f"{_clock(part.start_seconds)} {part.text}") for part in words.segments)
        case Summary() as summary:
            yield "source", summary.text
            yield "quiet", f"Stands for {many(len(set(summary.covered_ids)), 'turn')} of a {summary.covers}"


def _facts(one: Memory) -> str:
    dates = {"stored": one.created_at, "said": one.occurred_at, "holds from": one.valid_from, "held until": one.valid_to,
             "expires": one.expires_at}
    parts = [f"{one.kind} {one.id}", "pinned" if one.pinned else "", *(f"{name} {day(when)}" for name, when in dates.items() if when),
             f"only for {one.model}" if one.model else "", ", ".join(f"#{tag}" for tag in one.tags)]
    return " · ".join(part for part in parts if part)


def _edit(memory: MemoryService, one: Memory) -> None:
    with st.expander("Edit"), st.form(state.key("edit-memory", one.id), border=False):
        text = st.text_area(_main(one), _main_text(one), height=140)
        tags = st.text_input("Tags, separated by commas", ", ".join(one.tags))
        ends = one.expires_at.date() if one.expires_at else None
        until = st.date_input("Expires on", ends, help="Empty: it stays until you delete it.")
        if st.form_submit_button("Save", type="primary"):
            _save(memory, one, text, tags, until)


def _save(memory: MemoryService, one: Memory, text: str, tags: str, until: object) -> None:
    user = state.app().user_id
    if text.strip() != _main_text(one).strip():
        memory.update(user, one.id, text)
    ends = datetime.combine(until, time(23, 59), UTC) if until else None  # type: ignore[arg-type]
    same_day = bool(ends and one.expires_at and ends.date() == one.expires_at.date())
    named = [tag.strip() for tag in tags.split(",") if tag.strip()]
    memory.update(user, one.id, {"tags": named, "expires_at": one.expires_at if same_day else ends})
    state.again()


@faults.caught
def _pin(memory: MemoryService, one: Memory) -> None:
    memory.pin(state.app().user_id, one.id, not one.pinned)


@faults.caught
def _erase(one: Memory) -> None:
    app = state.app()
    receipt = app.erasing.memory(app.principal, app.user_id, one.public_id)
    state_account.open_memory(None)
    st.toast(receipts.told(receipt))


@faults.caught
def _delete(memory: MemoryService, one: Memory) -> None:
    memory.delete(state.app().user_id, [one.id])
    state_account.open_memory(None)
    st.toast("Deleted for good.")


def _main(one: Memory) -> str:
    names = {Conversation: "Title", Image: "Prompt"}
    return names.get(type(one.content), "Text")


def _main_text(one: Memory) -> str:
    return one.content.title if isinstance(one.content, Conversation) else one.text


def _told(**fields: str) -> str:
    return " · ".join(f"{name}: {value}" for name, value in fields.items() if value)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
