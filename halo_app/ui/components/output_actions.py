"""What can be done with an open output: make it again, change it, write it to a file, keep it elsewhere, delete it."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.domain.wishes import FOCUS_CHARS
from halo_app.services.uploads import Upload
from halo_app.ui import faults, state
from halo_app.ui.components import makings, outputs

FORMATS = {"md": "Markdown", "html": "Web page", "docx": "Word", "pdf": "PDF", "pptx": "PowerPoint", "xlsx": "Excel", "csv": "CSV",
           "opml": "Outline", "txt": "Text"}


def draw(artifact: Artifact, stale: bool) -> None:
    """Draw one row of actions."""
    with st.container(horizontal=True, key="output-actions"):
        st.button("Refresh", type="primary" if stale else "secondary", key="refresh-output", on_click=_remake, args=(artifact,),
                  help="Make it again from the sources as they are now; what it says now is kept as a version")
        with st.popover("Change"):
            _change(artifact)
        with st.popover("Export"):
            for suffix in state.app().studio.formats():
                _export(artifact, suffix)
        with st.popover("More"):
            _more(artifact)


def _change(artifact: Artifact) -> None:
    with st.container(horizontal=True, key="change-length"):
        for change, label in (("shorter", "Shorter"), ("longer", "Longer")):
            st.button(label, key=state.key("change", change), on_click=_changed, args=(artifact, change))
        dates = "Without dates" if artifact.options.get("dates") == "yes" else "Add dates"
        st.button(dates, key="change-dates", on_click=_changed, args=(artifact, "dates"))
    with st.form("change-focus", border=False):
        focus = st.text_input("What should it be about?", artifact.options.get("focus", ""), key=state.key("focus-of", artifact.id),
                              max_chars=FOCUS_CHARS, placeholder="Everything in the sources")
        if st.form_submit_button("Change what it is about"):
            _changed(artifact, "focus", focus)
            state.again()


@faults.caught
def _remake(artifact: Artifact) -> None:
    makings.start(artifact.title, lambda: state.app().studio.remake(artifact.id))


@faults.caught
def _changed(artifact: Artifact, change: str, focus: str = "") -> None:
    work = state.app().studio.changed(artifact.id, change, focus)          # refused at once where it cannot be done
    makings.start(artifact.title, lambda: work)


def _export(artifact: Artifact, suffix: str) -> None:
    studio = state.app().studio
    name = "".join(sign for sign in artifact.title if sign.isalnum() or sign in " -_").strip() or "output"
    st.download_button(
        f"{FORMATS.get(suffix, suffix.upper())} (.{suffix})",
        lambda: studio.export(artifact.id, suffix)[0],
        file_name=f"{name[:80]}.{suffix}",
        key=state.key("export", suffix, artifact.id),
        on_click="ignore",
        width="stretch",
    )


def _more(artifact: Artifact) -> None:
    with st.form("rename-output", border=False):
        title = st.text_input("Title", artifact.title, key=state.key("output-title", artifact.id), max_chars=200)
        if st.form_submit_button("Rename"):
            state.app().studio.rename(artifact.id, title)
            state.again()
    for label, act in (("Unpin" if artifact.pinned else "Pin", _pin), ("Duplicate", _duplicate), ("Use as a source", _as_source),
                       ("Save as note", _as_note)):
        st.button(label, key=state.key("more", label), on_click=act, args=(artifact,), width="stretch")
    st.button("Delete", key="delete-open-output", type="tertiary", on_click=outputs.delete, args=(artifact,))


@faults.caught
def _pin(artifact: Artifact) -> None:
    state.app().studio.pin(artifact.id, not artifact.pinned)


@faults.caught
def _duplicate(artifact: Artifact) -> None:
    copy = state.app().studio.duplicate(artifact.id)
    state.open_card("output", copy.id)
    st.toast("A copy is open now.")


@faults.caught
def _as_source(artifact: Artifact) -> None:
    content, _, name = state.app().studio.export(artifact.id, "md")
    state.app().ingest.start([Upload.from_bytes(name, content)], artifact.notebook_id)
    st.toast(f"“{name}” is being read as a source.")
    state.redraw()


@faults.caught
def _as_note(artifact: Artifact) -> None:
    studio = state.app().studio
    citations = dict.fromkeys(one for section in artifact.sections for sentence in section.said for one in sentence.citations)
    state.app().notes.create(artifact.notebook_id, artifact.title, studio.text(artifact.id), tuple(citations))
    st.toast("Saved as a note.")
