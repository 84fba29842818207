"""The options of a template before something is made: sources, focus, length, language, tone and its own."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from halo_app.domain.chunk import Scope
from halo_app.domain.wishes import FOCUS_CHARS, Option
from halo_app.plugins import Template
from halo_app.ui import faults, state, state_studio
from halo_app.ui.components import makings, prose

LENGTHS = {"short": "Short", "medium": "Medium", "long": "Long"}
LANGUAGES = {"": "As the sources", "en": "English", "de": "Deutsch"}
TONES = {"neutral": "Neutral", "formal": "Formal", "plain": "Plain words"}


@faults.guarded
def draw(name: str) -> None:
    """Draw the form; what was chosen last for this template in this notebook stands in it."""
    st.button("‹ All templates", key="close-template", type="tertiary", on_click=state_studio.choose_template, args=("",))
    template = state.app().studio.template(name)
    last = state.app().studio.last_options(name, state.notebook().id)
    prose.draw([("title", template.title), ("quiet", template.purpose)], key=state.key("template-head", name))
    with st.container(key=state.key("card-options", name)):
        chosen = _sources(name)
        options = _common(name, last)
        options |= {option.name: _own(name, option, last) for option in template.options}
        with st.container(horizontal=True, vertical_alignment="center", key="make-line"):
            made = st.button("Make", type="primary", key=state.key("make", name), disabled=not chosen)
            st.caption("It is made in the background; you can read on." if chosen else "Add or choose a source first.")
    if made:
        makings.make(name, _called(template, options), Scope(state.app().user_id, state.notebook().id, _all_or(chosen)), options)
        state.again()


def _sources(name: str) -> list[str]:
    sources = state.app().sources.of(state.notebook().id)
    names = {source.id: source.name for source in sources}
    ticked = state.ticked(sources)
    key = state.key("made-from", name, len(names))                # a source that comes meanwhile counts, too
    return st.multiselect("Sources", list(names), [one for one in names if one in ticked], format_func=lambda one: names.get(one, ""),
                          key=key, placeholder="Choose at least one")


def _common(name: str, last: Mapping[str, str]) -> dict[str, str]:
    focus = st.text_input("What should it be about?", last.get("focus", ""), key=state.key("focus", name), max_chars=FOCUS_CHARS,
                          placeholder="Everything in the sources")
    left, middle, right = st.columns(3)
    with left:
        length = st.selectbox("Length", LENGTHS, _place(LENGTHS, last.get("length", "medium")), format_func=LENGTHS.__getitem__,
                              key=state.key("length", name))
    with middle:
        language = st.selectbox("Language", LANGUAGES, _place(LANGUAGES, last.get("language", "")), format_func=LANGUAGES.__getitem__,
                                key=state.key("language", name))
    with right:
        with_model = state.app().account.model().configured
        tone = st.selectbox("Tone", TONES, _place(TONES, last.get("tone", "neutral")), format_func=TONES.__getitem__,
                            key=state.key("tone", name), disabled=not with_model)
    st.caption("The language is that of headings; quotes stay as they are." + (
        "" if with_model else " Without a language model the sources are quoted, so the tone is theirs."))
    dates = st.checkbox("Add the dates that the sources name", last.get("dates") == "yes", key=state.key("dates", name))
    return {"focus": focus, "length": length, "language": language, "tone": tone if with_model else "",
            "dates": "yes" if dates else ""}


def _own(name: str, option: Option, last: Mapping[str, str]) -> str:
    key = state.key("own", option.name, name)
    if option.choices:
        return str(st.selectbox(option.label, option.choices, key=key))
    return st.text_input(option.label, last.get(option.name, ""), placeholder=option.help, key=key)


def _place(choices: Mapping[str, str], value: str) -> int:
    return list(choices).index(value) if value in choices else 0


def _all_or(chosen: list[str]) -> frozenset[str] | None:
    """Return None for every source of the notebook, so that the output takes in those that come later."""
    everything = {source.id for source in state.app().sources.of(state.notebook().id)}
    return None if set(chosen) == everything else frozenset(chosen)


def _called(template: Template, options: Mapping[str, str]) -> str:
    return f"{template.title}: {options['focus']}" if options.get("focus") else template.title
