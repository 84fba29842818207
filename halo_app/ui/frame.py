"""The frame around every page: name, look, navigation, the shelf of chats, and the state line at the foot."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import Page

from halo_app.ui import address, faults, places, state, theme
from halo_app.ui.components import away, banner, notebooks, palette, prose, shelf, toasts, tools

PAGES = {"chat": "Chat", "sources": "Sources", "notes": "Notes", "studio": "Studio", "account": "Account"}


def pages() -> dict[str, Page]:
    """Return page name -> page, Chat first."""
    return {
        name: st.Page(places.folder() / f"{name}.py", title=PAGES.get(name, name.title()), url_path=name, default=name == "chat")
        for name in places.page_names(first=PAGES)
    }


@faults.guarded
def side() -> None:
    """Draw what stands under the navigation."""
    tools.draw_beside()
    notebooks.draw()
    shelf.draw()
    with st.container(key="foot"):
        prose.draw(_state_lines(), key="state-line")
    away.draw()
    toasts.draw()


@faults.guarded
def _is_compact() -> bool:
    return state.app().appearance.now().density == "compact"


def _state_lines() -> list[prose.Line]:
    model = state.app().account.model()
    if not model.configured:
        return [("state", "● Without model"), ("state", "Nothing leaves this machine")]
    where = "● Local model" if model.is_local else "▲ Cloud model: passages are sent there"
    return [("state", where), ("state", model.name)]


def main() -> None:
    """Draw the frame and the chosen page."""
    st.set_page_config(page_title="HALO", page_icon=str(theme.FAVICON), layout="wide", initial_sidebar_state="auto")
    st.html(theme.style(compact=bool(_is_compact())))
    st.logo(str(theme.LOGO), size="small")
    known = pages()
    state.set_pages(known)
    current = st.navigation(list(known.values()), position="sidebar")
    address.follow(next(name for name, page in known.items() if page is current))
    state.drawing_whole()
    state.go_where_asked()
    address.tell()                    # before the page is drawn: who goes back at once comes from where they are
    with st.sidebar:
        side()
    palette.draw()
    banner.draw()
    top = st.container()
    current.run()
    address.tell()
    with top:
        banner.search_by_words()


if __name__ == "__main__":
    main()
