"""The evidence panel: the exact passage a citation points to, in its page or in the text around it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from halo_app.domain.conversation import Citation
from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.ui import faults, state
from halo_app.ui.components import asset, pictures
from halo_app.ui.safe import plain
from halo_app.ui.words import shortened

_panel = st.components.v2.component(
    "halo.evidence",
    html='<div class="evidence"></div>',
    css=asset("evidence.css"),
    js=asset("evidence.js"),
)
KEY = "evidence-panel"
AROUND_CHARS = 900
ALSO_SHOWN = 3


@faults.guarded
def draw() -> None:
    """Draw the panel when a citation is open; nothing otherwise."""
    shown = state.evidence()
    if shown is None:
        return
    with st.container(key="evidence"):
        _panel(
            key=KEY,
            data=_view(shown),
            on_close_change=state.close_evidence,
            on_step_change=_step,
            on_near_change=_near,
            on_context_change=lambda: _read(shown.citation),
            on_note_change=lambda: _note(shown.citation),
        )


def _view(shown: state.Evidence) -> dict[str, Any]:
    citation = shown.citation
    view = {
        "source": citation.source,
        "where": citation.locator,
        "place": shown.place,
        "total": len(shown.citations),
        "start": citation.start,
        "end": citation.end,
        "quote": "",
        "before": "",
        "after": "",
        "verbatim": False,
        "picture": "",
        "original": "",
        "also": _also(shown),
        "words": "",
        "citable": citable(citation),
        "link": f"/sources?source={citation.source_id}&at={citation.start}-{citation.end}",
    }
    try:
        source = state.app().sources.get(citation.source_id)
        before, quote, after = state.app().sources.excerpt(citation.source_id, citation.start, citation.end, around=AROUND_CHARS)
        picture, top = pictures.of(source, citation)
    except HaloError as error:
        return {**view, "quote": citation.quote, "words": faults.worded(error)}
    return {
        **view,
        "source": source.name,
        "where": _where(source, citation),
        "before": before,
        "quote": quote,
        "after": after,
        "verbatim": quote == citation.quote,
        "notable": quote == citation.quote and state.incognito() is None,
        "picture": picture,
        "top": top,
        "original": "" if source.missing else f"/files/original/{source.id}?inline{_page_anchor(source, citation)}",
    }


def citable(citation: Citation) -> str:
    """Return the quote on one line with where it stands, as it can be put into a text."""
    place = f", {citation.locator}" if citation.locator else ""
    return f"“{' '.join(citation.quote.split())}” ({citation.source}{place})"


def _where(source: Source, citation: Citation) -> str:
    if source.pages and citation.locator.startswith("p. "):
        return f"Page {citation.locator[3:]} of {source.pages}"
    return citation.locator or "In the text"


def _page_anchor(source: Source, citation: Citation) -> str:
    page = citation.locator.removeprefix("p. ")
    return f"#page={page}" if source.type == "pdf" and page.isdigit() else ""


def _also(shown: state.Evidence) -> list[dict[str, Any]]:
    others = [(number, other) for number, other in enumerate(shown.citations) if number != shown.place]
    after = [pair for pair in others if pair[0] > shown.place] + [pair for pair in others if pair[0] < shown.place]
    return [
        {"n": number, "where": other.locator or other.source, "quote": shortened(other.quote, 110)}
        for number, other in after[:ALSO_SHOWN]
    ]


def _step() -> None:
    if shown := state.evidence():
        state.show_evidence(shown.step(int(st.session_state[KEY].step)))


def _near() -> None:
    if shown := state.evidence():
        state.show_evidence(state.Evidence(shown.citations, int(st.session_state[KEY].near), shown.owner))


@faults.caught
def _note(citation: Citation) -> None:
    """Begin a note with the passage; it opens on the Notes page."""
    source = state.app().sources.get(citation.source_id)
    note = state.app().note_citing.excerpt(citation, source.notebook_id)
    if state.page_name() == "notes":
        state.open_card("note", note.id)
    else:
        st.toast(plain("The passage is a note now."))


def _read(citation: Citation) -> None:
    state.read(citation.source_id, citation.start, citation.end)
    state.ask_to_go("sources")
