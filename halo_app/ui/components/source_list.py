"""The sources of a notebook: what each is, whether it counts, and what can be done with it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from halo_app.domain.source import Intake, Source
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import prose, receipts, source_words
from halo_app.ui.safe import plain
from halo_app.ui.words import counting

SHOWN = 50
LATEST = datetime.max.replace(tzinfo=UTC)
_MARKS = re.compile(r"[^\w .,-]")  # a hidden label is read aloud as it stands, so nothing can be escaped in it
PLAYED = frozenset({"mp3", "wav", "m4a", "ogg"})


@faults.guarded
def draw(notebook_id: str, arriving: Sequence[Intake] = ()) -> None:
    """Draw a card per source, newest first; those that still have a card among `arriving` get theirs when that one is gone."""
    since = {intake.sha256: intake.created_at for intake in arriving}
    sources = [source for source in state.app().sources.of(notebook_id) if source.created_at < since.get(source.sha256, LATEST)]
    if not sources and state.app().ingest.intakes(notebook_id):     # their cards stand above
        return
    if not sources:
        prose.draw(
            [
                ("name", "Nothing here yet"),
                ("quiet", "Add a document above. It is kept on this machine, read, and can then be asked about."),
            ],
            key="no-sources",
        )
        return
    ticked = state.ticked(sources)
    words = counting(len(ticked), len(sources))
    st.caption(f"{words[:1].upper()}{words[1:]} when you ask.")
    shown = sources if st.session_state.get("all-sources") else sources[:SHOWN]
    for source in shown:
        _card(source)
    if len(shown) < len(sources):
        st.button(f"Show all {len(sources)}", key="all-sources")


@st.fragment
@faults.guarded
def _card(source: Source) -> None:
    with st.container(key=state.key("card-source", source.id)):
        with st.container(horizontal=True, vertical_alignment="top", key=state.key("source-line", source.id)):
            _tick(source)
            prose.draw([("name", source.name), *source_words.lines(source)], key=state.key("source", source.id))
            _choices(source)
        if source.type in PLAYED and not source.missing:
            st.audio(str(state.app().sources.original(source.id)))


def _tick(source: Source) -> None:
    key = state.key("tick", source.id)

    def flipped() -> None:
        state.tick(source.id, bool(st.session_state[key]))

    counts = source.id in state.ticked([source])
    st.checkbox(f"{_MARKS.sub(' ', source.name)} counts", value=counts, key=key, label_visibility="collapsed", on_change=flipped)


def _choices(source: Source) -> None:
    with st.container(horizontal=True, key=state.key("source-choices", source.id)):
        if st.button("Open", key=state.key("open", source.id), on_click=state.read, args=(source.id,)):
            state.again()
        if source.missing:
            _put_back(source)
        else:
            st.download_button(
                "Download",
                lambda: state.app().sources.original(source.id).read_bytes(),
                file_name=source.name,
                key=state.key("download", source.id),
                on_click="ignore",
            )
        with st.popover("Delete"):
            st.markdown(f"Delete {plain(source.name)}, its text and its passages?")
            if st.button("Delete it", key=state.key("delete", source.id), on_click=_delete, args=(source,)):
                state.again()
            if st.button("Delete it with everything made from it", key=state.key("erase", source.id), type="tertiary", on_click=_erase,
                         args=(source,), help="Answers, notes and outputs lose the words that they took from it; you get a receipt"):
                state.again()


@faults.caught
def _delete(source: Source) -> None:
    state.app().sources.delete(source.id)
    st.toast("Deleted.")


@faults.caught
def _erase(source: Source) -> None:
    app = state.app()
    st.toast(receipts.told(app.erasing.source(app.principal, app.user_id, source.id)))


def _put_back(source: Source) -> None:
    with st.popover("Put it back"):
        file = st.file_uploader("The original file", key=state.key("restore", source.id))
        if file:
            try:
                state.app().sources.restore(source.id, file)
            except HaloError as error:
                st.error(plain(faults.worded(error)))
                return
            state.again()
