"""The versions of an open output: what each was made for, how it differs from the present one, and bringing it back."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.artifact import Artifact
from halo_app.domain.comparing import Change
from halo_app.ui import faults, state, state_studio
from halo_app.ui.components import asset, prose
from halo_app.ui.words import many

_difference = st.components.v2.component("halo.difference", html='<div class="difference"></div>', css=asset("difference.css"),
                                         js=asset("difference.js"))


def draw_list(artifact: Artifact) -> None:
    """Draw a line per version, the present one first; nothing when there is only one."""
    if not artifact.versions:
        return
    with st.expander(f"{many(len(artifact.versions) + 1, 'version')}"):
        for number, version in enumerate((artifact.present, *artifact.versions)):
            words = version.change or "first made"
            when = version.made_at.astimezone()
            count = sum(1 for section in version.sections for _ in section.said)
            name = f"{'Present: ' if not number else ''}{words}"
            with st.container(horizontal=True, vertical_alignment="center", key=state.key("version-line", number)):
                prose.draw([("name", name), ("quiet", f"{when.day} {when:%b %Y, %H:%M} · {many(count, 'quote')}")],
                           key=state.key("version", number))
                if number:
                    st.button("Compare", key=state.key("compare", number), on_click=state_studio.compare, args=(artifact.id, number))
                    st.button("Bring back", key=state.key("bring-back", number), on_click=_bring_back, args=(artifact.id, number))


def draw_comparison(artifact: Artifact) -> bool:
    """Draw what the present version says otherwise than the chosen one, in place of the output; tell whether it was drawn."""
    chosen, number = state_studio.compared()
    if chosen != artifact.id or not 1 <= number <= len(artifact.versions):
        return False
    lines = state.app().studio.compare(artifact.id, number)
    added, gone = (sum(line.change is kind and not line.is_heading for line in lines) for kind in (Change.ADDED, Change.GONE))
    prose.draw([("name", f"Compared with {many(number, 'version')} back"),
                ("quiet", f"{added} added, {gone} gone" if added or gone else "Both say the same.")], key="compared-with")
    st.button("Show the output again", key="close-compare", on_click=state_studio.compare, args=(artifact.id, 0))
    _difference(key="difference", data={"lines": [{"change": line.change.value, "text": line.text, "heading": line.is_heading}
                                                  for line in lines]})
    return True


@faults.caught
def _bring_back(artifact_id: str, number: int) -> None:
    state.app().studio.bring_back(artifact_id, number)
    state_studio.compare(artifact_id, 0)
    st.toast("Brought back. What it said until now is kept as a version.")
