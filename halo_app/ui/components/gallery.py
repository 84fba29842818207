"""Studio's gallery: the templates in groups, each with a small drawing of what it makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from halo_app.plugins import Template
from halo_app.ui.components import asset

KEY = "gallery"
_gallery = st.components.v2.component("halo.gallery", html='<div class="gallery"></div>', css=asset("gallery.css"),
                                      js=asset("gallery.js"))


def draw(templates: Sequence[Template], *, can_make: bool, on_make: Callable[[str], None],
         on_choose: Callable[[str], None]) -> None:
    """Draw a card per template, group by group; `on_make` and `on_choose` get its name. Without sources nothing can be made."""
    groups: dict[str, list[dict[str, str]]] = {}
    for one in templates:
        groups.setdefault(one.group.value, []).append(
            {"name": one.name, "title": one.title, "purpose": one.purpose, "shape": one.shape.value})
    _gallery(
        key=KEY,
        data={"groups": [{"title": title, "cards": cards} for title, cards in groups.items()], "can_make": can_make},
        on_make_change=lambda: on_make(str(st.session_state[KEY].make)),
        on_choose_change=lambda: on_choose(str(st.session_state[KEY].choose)),
    )
