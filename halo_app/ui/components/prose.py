"""Dynamic text as text: headings, quiet lines and the words of sources, set by the script and never as markup."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from halo_app.ui.components import asset

_prose = st.components.v2.component("halo.prose", html='<div class="prose"></div>', css=asset("prose.css"), js=asset("prose.js"))

Line = tuple[str, str]  # (style, text): styles are the class names of prose.css


def draw(lines: Sequence[Line], key: str | None = None) -> None:
    """Draw lines in the styles `title`, `name`, `quiet`, `source`, `mark`, `state`; `mark` is evidence and nothing else."""
    _prose(key=key, data={"lines": [{"style": style, "text": text} for style, text in lines if text]})
