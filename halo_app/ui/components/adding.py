"""Add sources: files, a folder, a text, a web address."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from halo_app.ui import faults, state
from halo_app.ui.components import dropping, welcome
from halo_app.ui.words import many


@faults.guarded
def draw(notebook_id: str) -> None:
    """Draw the ways in; what is chosen starts at once and its progress stands below."""
    if state.notebook().is_sample:
        with st.container(horizontal=True, vertical_alignment="center", key="sample-line"):
            st.caption("This is the sample notebook. Your own documents have a notebook of their own.")
            if st.button("Use my own documents", key="start-own", on_click=welcome.start_own):
                state.again()
    dropping.draw(state.notebook().name)
    files, folder, text, address = st.tabs(["Files", "Folder", "Text", "Web address"])
    with files:
        _files(notebook_id, several=True)
    with folder:
        _files(notebook_id, several="directory")
    with text:
        _text(notebook_id)
    with address:
        _address(notebook_id)


def _files(notebook_id: str, several: Literal[True, "directory"]) -> None:
    name = state.key("files", several)
    chosen = st.file_uploader(
        "Documents, sheets, slides, pages, pictures, recordings",
        accept_multiple_files=several,
        key=state.key(name, state.round_of(name)),
        label_visibility="collapsed",
    )
    if chosen:
        from halo_app.services.ingest import Upload

        uploads = [Upload.from_bytes(one.name, one.getvalue()) for one in chosen]
        state.app().ingest.start(uploads, notebook_id)
        _started(name, len(uploads))


def _text(notebook_id: str) -> None:
    with st.form(state.key("paste", state.round_of("paste")), border=False):
        title = st.text_input("Title", placeholder="What is this text?", max_chars=200)
        text = st.text_area("Text", height=180)
        if st.form_submit_button("Add this text"):
            from halo_app.services.ingest import Upload

            state.app().ingest.start([Upload.from_text(title.strip() or "Pasted text", text)], notebook_id)
            _started("paste", 1)


def _address(notebook_id: str) -> None:
    st.caption("The page is fetched once and kept here. This is the one time HALO goes online, and only when you press the button.")
    with st.form(state.key("fetch", state.round_of("fetch")), border=False):
        address = st.text_input("Web address", placeholder="https://", max_chars=2000)
        if st.form_submit_button("Fetch this page") and address.strip():
            with st.spinner("Fetching the page…"):
                upload = state.app().ingest.fetch(address.strip())
            state.app().ingest.start([upload], notebook_id)
            _started("fetch", 1)


def _started(name: str, count: int) -> None:
    state.next_round(name)
    st.toast(f"Reading {many(count, 'document')}.")
    state.again()
