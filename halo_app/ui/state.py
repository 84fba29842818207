"""Where the reader is: every session key is spelled here, and nothing the reader owns lives only here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NoReturn
from uuid import uuid4

import streamlit as st
from streamlit.navigation.page import Page

from halo_app.bootstrap import App
from halo_app.domain.chunk import Scope
from halo_app.domain.conversation import Citation, Conversation
from halo_app.domain.notebook import Notebook
from halo_app.domain.source import Source
from halo_app.errors import EmbedderUnavailable, NotFound
from halo_app.ui import running

_NOTEBOOK, _SESSION, _UNTICKED = "notebook", "session", "unticked"
_EVIDENCE, _UNDO, _QUESTION, _READING = "evidence", "undo", "question", "reading"
_FAULT, _ROUND, _GO, _PAGES, _REDRAW = "fault", "round", "go", "pages", "redraw"
_PAGE, _TOLD, _OPENED = "page", "told", "opened"
_INCOGNITO = "private-chat"  # the one thing that lives only here, because it must live nowhere else


@dataclass(frozen=True, slots=True)
class Evidence:
    """The citations of one answer, and which of them is open."""

    citations: tuple[Citation, ...]
    place: int
    owner: str  # what they belong to: "turn-3", "note-…"

    @property
    def citation(self) -> Citation:
        return self.citations[self.place]

    def step(self, by: int) -> Evidence:
        """Return the evidence `by` places on, going round at the ends."""
        return replace(self, place=(self.place + by) % len(self.citations))


@dataclass(frozen=True, slots=True)
class Undo:
    """What was just deleted, in words, and how to bring it back."""

    words: str
    restore: Callable[[], object]
    number: int = 0            # tells one offer from the next


@dataclass(frozen=True, slots=True)
class Told:
    """What was last written into the address, and on which page."""

    page: str
    params: Mapping[str, str]


def app() -> App:
    """Return the one application of this process."""
    return running.current()


def key(*parts: object) -> str:
    """Return the widget key of a thing: `key("note", note.id)`."""
    return "-".join(str(part) for part in parts)


def notebook() -> Notebook:
    """Return the open notebook: the chosen one, else the sample of a first visit, else the default."""
    notebooks = app().notebooks
    chosen = st.session_state.get(_NOTEBOOK)
    if chosen:
        try:
            return notebooks.get(chosen)
        except NotFound:
            st.session_state.pop(_NOTEBOOK)
    found = first_notebook() or notebooks.default()
    st.session_state[_NOTEBOOK] = found.id
    return found


def first_notebook() -> Notebook | None:
    """Return the notebook that opens by itself, None before there is any."""
    everything = app().notebooks.in_use()
    return next((one for one in everything if not one.is_sample), None) or next(iter(everything), None)


def open_notebook(notebook_id: str) -> None:
    """Go to a notebook; what was open in the last one is closed."""
    if st.session_state.get(_NOTEBOOK) == notebook_id:
        return
    for name in (_SESSION, _INCOGNITO, _EVIDENCE, _READING, "note", "output"):
        st.session_state.pop(name, None)
    st.session_state[_NOTEBOOK] = notebook_id
    redraw()


def conversation() -> Conversation | None:
    """Return the open chat, or None when a new one has not had its first question."""
    if private := incognito():
        return private
    chosen = st.session_state.get(_SESSION)
    if not chosen:
        return None
    try:
        return app().chat.get(chosen)
    except NotFound:
        st.session_state.pop(_SESSION)
        return None


def open_conversation(session_id: str | None) -> None:
    """Open a chat, or an empty page for a new one."""
    if session_id != st.session_state.get(_SESSION):
        close_evidence()
        redraw()
    st.session_state.pop(_INCOGNITO, None)
    st.session_state[_SESSION] = session_id


def incognito() -> Conversation | None:
    """Return the chat that is stored nowhere, None when the open one is kept; it ends with the window."""
    private: Conversation | None = st.session_state.get(_INCOGNITO)
    return private


def open_incognito(private: Conversation) -> None:
    """Begin a chat that is stored nowhere, or show it with what was said since."""
    if incognito() is None:
        open_conversation(None)
        redraw()
    st.session_state[_INCOGNITO] = private


def session_id() -> str | None:
    """Return the id of the open chat."""
    chosen: str | None = st.session_state.get(_SESSION)
    return chosen


def ticked(sources: Sequence[Source]) -> frozenset[str]:
    """Return the ids of the sources that count; a new source counts until it is unticked."""
    unticked = st.session_state.get(_UNTICKED, frozenset())
    return frozenset(source.id for source in sources if source.id not in unticked)


def tick(source_id: str, counts: bool) -> None:
    """Make a source count or not."""
    unticked: frozenset[str] = st.session_state.get(_UNTICKED, frozenset())
    st.session_state[_UNTICKED] = unticked - {source_id} if counts else unticked | {source_id}


def scope(sources: Sequence[Source]) -> Scope:
    """Return what may be read now: the ticked sources of the open notebook, and nothing else."""
    return Scope(app().settings.app.user_id, notebook().id, ticked(sources))


def evidence() -> Evidence | None:
    """Return what the evidence panel shows."""
    shown: Evidence | None = st.session_state.get(_EVIDENCE)
    return shown


def show_evidence(shown: Evidence) -> None:
    st.session_state[_EVIDENCE] = shown


def close_evidence() -> None:
    st.session_state.pop(_EVIDENCE, None)


def offer_undo(words: str, restore: Callable[[], object]) -> None:
    """Keep a way back from a deletion until the next one, until its seconds are over or until it is waved away."""
    st.session_state[_UNDO] = Undo(words, restore, time.monotonic_ns())
    redraw()


def undo() -> Undo | None:
    offered: Undo | None = st.session_state.get(_UNDO)
    return offered


def drop_undo() -> None:
    st.session_state.pop(_UNDO, None)


def ask_next(question: str) -> None:
    """Put a question that the page asks on its next run."""
    st.session_state[_QUESTION] = question


def has_question() -> bool:
    """Return whether a question waits to be asked in this run."""
    return _QUESTION in st.session_state


def next_question() -> str:
    """Return the waiting question once, or ""."""
    return str(st.session_state.pop(_QUESTION, ""))


def reading() -> tuple[str, int, int] | None:
    """Return the source that is open in the reader, and the characters to show."""
    place: tuple[str, int, int] | None = st.session_state.get(_READING)
    return place


def read(source_id: str | None, start: int = 0, end: int = 0) -> None:
    """Open a source in the reader at a passage; None closes it."""
    st.session_state[_READING] = (source_id, start, end) if source_id else None
    st.session_state[_OPENED] = uuid4().hex
    redraw()


def reading_round() -> str:
    """Return a word that is new each time something was opened in the reader: so it can tell that from coming back to it."""
    return str(st.session_state.get(_OPENED, ""))


def open_card(kind: str, record_id: str | None) -> None:
    """Open one note (`note`) or one output (`output`); None goes back to the list."""
    close_evidence()
    st.session_state[kind] = record_id


def open_card_id(kind: str) -> str | None:
    chosen: str | None = st.session_state.get(kind)
    return chosen


def forget_everything() -> None:
    """Let go of where the reader was: nothing of it is there any more, and the whole page is drawn anew."""
    st.session_state.clear()
    redraw()


def report_fault(words: str) -> None:
    """Keep what went wrong in a callback for the page to say."""
    st.session_state[_FAULT] = words
    redraw()


def reported_fault() -> str:
    return str(st.session_state.pop(_FAULT, ""))


def round_of(name: str) -> int:
    """Return a number that makes the keys of a form new each time it was used."""
    return int(st.session_state.get(key(_ROUND, name), 0))


def next_round(name: str) -> None:
    st.session_state[key(_ROUND, name)] = round_of(name) + 1


def set_pages(pages: Mapping[str, Page]) -> None:
    """Tell the pages' addresses to whoever links between them."""
    st.session_state[_PAGES] = dict(pages)


def page(name: str) -> Page | None:
    """Return a page of the frame, None when a page is run alone."""
    found: Page | None = st.session_state.get(_PAGES, {}).get(name)
    return found


def page_name() -> str:
    """Return the name of the page that is drawn, "" when a page is run alone."""
    return str(st.session_state.get(_PAGE, ""))


def set_page_name(name: str) -> None:
    st.session_state[_PAGE] = name


def told() -> Told | None:
    """Return what was last written into the address; None in a window that has just opened."""
    last: Told | None = st.session_state.get(_TOLD)
    return last


def set_told(told: Told) -> None:
    st.session_state[_TOLD] = told


def ask_to_go(name: str) -> None:
    """Go to another page as soon as the present run allows (a callback cannot)."""
    st.session_state[_GO] = name


def redraw() -> None:
    """Draw the whole page, not just the part that was touched, as soon as the present run allows."""
    st.session_state[_REDRAW] = True


def drawing_whole() -> None:
    """Note that the whole page is being drawn now."""
    st.session_state.pop(_REDRAW, None)


def go_where_asked() -> None:
    """Go to the page that a callback asked for."""
    name = st.session_state.pop(_GO, "")
    if name and (target := page(name)):
        st.switch_page(target)


def settle() -> None:
    """End a part that is drawn by itself: go to another page, or draw the whole page, when a callback asked for it."""
    go_where_asked()
    if st.session_state.pop(_REDRAW, False) or has_question():
        again()


def settle_beside() -> None:
    """End a part that is drawn by itself beside the page. A question that waits is the page's own affair."""
    go_where_asked()
    if st.session_state.pop(_REDRAW, False):
        again()


def again() -> NoReturn:
    """Draw the whole page again at once, unless a click came in meanwhile: that goes first."""
    st.empty()  # here Streamlit takes up a waiting click; without it the click's page would be lost to this one
    st.rerun()


@st.cache_data(ttl=60, show_spinner=False)
def model_missing() -> str:
    """Return what to say when sources are searched by words only, or ""."""

    try:
        _ = app().embedder.dimension
    except EmbedderUnavailable as error:
        return f"Search goes by words for now: {error.message}. {error.fix[:1].upper()}{error.fix[1:]}."
    return ""
