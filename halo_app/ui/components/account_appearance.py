"""How the pages look: theme and density, kept in the data directory; and which language they speak."""

from __future__ import annotations

import streamlit as st

from halo_app.ui import faults, state, state_account
from halo_app.ui.components import asset, prose

THEMES = {"system": "As the system", "light": "Light", "dark": "Dark"}
DENSITIES = {"comfortable": "Comfortable", "compact": "Compact"}
LANGUAGE = "The interface speaks English. Answers come in the language of the question, as far as the sources allow."
_again = st.components.v2.component(
    "halo.again", html='<div class="again"></div>', css=asset("prose.css"), js=asset("account_appearance.js")
)


@faults.guarded
def draw() -> None:
    """Let theme and density be chosen."""
    now = state.app().appearance.now()
    with st.container(key="card-appearance"):
        about = "Kept in the data directory, for every browser that opens this notebook."
        prose.draw([("name", "Appearance"), ("quiet", about)], key="look")
        st.segmented_control("Theme", list(THEMES), default=now.theme, format_func=THEMES.__getitem__, required=True,
                             key=state_account.THEME, on_change=_choose, args=("theme", state_account.THEME))
        _again(key="again", data={"theme": THEMES[now.theme] if now.theme != "system" else "System",
                                  "wait": state.incognito() is not None})
        st.segmented_control("Density", list(DENSITIES), default=now.density, format_func=DENSITIES.__getitem__, required=True,
                             key=state_account.DENSITY, on_change=_choose, args=("density", state_account.DENSITY))
        prose.draw([("name", "Language"), ("quiet", LANGUAGE)], key="language")


@faults.caught
def _choose(name: str, key: str) -> None:
    state.app().appearance.change(**{name: state_account.chosen(key)})
    state.redraw()
