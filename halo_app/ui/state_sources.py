"""What the reader looks for on the Sources page, and what is selected there; its session keys are spelled here and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from halo_app.domain.listing import Order, Wish
from halo_app.ui import state

_WISH, _CHOSEN, _ASKED, _BUNDLE = "sources-wish", "sources-chosen", "sources-asked", "sources-bundle"


@dataclass(frozen=True, slots=True)
class Asked:
    """A window that is open over the page: what it is for, and the sources that are meant."""

    what: str
    source_ids: tuple[str, ...] = ()


def wish() -> Wish:
    """Return what of the open notebook's sources is to be seen."""
    notebook_id, wanted = st.session_state.get(_WISH, ("", Wish()))
    return wanted if notebook_id == state.notebook().id else Wish()


def change_wish(changes: Mapping[str, Any]) -> None:
    """Look for something else; the list begins at its first page again, unless a page is asked for."""
    known = {name: changes[name] for name in ("words", "kind", "standing", "tag") if isinstance(changes.get(name), str)}
    if changes.get("order") in set(Order):
        known |= {"order": Order(changes["order"]), "descending": bool(changes.get("descending", True))}
    page = changes.get("page", 0)
    st.session_state[_WISH] = (state.notebook().id, replace(wish(), **known, page=page if isinstance(page, int) else 0))


def chosen() -> frozenset[str]:
    """Return the ids of the selected sources of the open notebook."""
    notebook_id, ids = st.session_state.get(_CHOSEN, ("", frozenset()))
    return ids if notebook_id == state.notebook().id else frozenset()


def choose(source_ids: Iterable[str]) -> None:
    """Select these sources and no others."""
    st.session_state[_CHOSEN] = (state.notebook().id, frozenset(source_ids))


def asked() -> Asked | None:
    """Return the window that is open over the page."""
    window: Asked | None = st.session_state.get(_ASKED)
    return window


def ask(what: str, source_ids: Iterable[str] = ()) -> None:
    """Open a window over the page."""
    st.session_state[_ASKED] = Asked(what, tuple(source_ids))
    state.next_round("sources-window")


def answered() -> None:
    """Close the window."""
    st.session_state.pop(_ASKED, None)


def bundle() -> str:
    """Return the address of the download that was just asked for, "" when none was."""
    return str(st.session_state.get(_BUNDLE, ""))


def offer_bundle(address: str) -> None:
    st.session_state[_BUNDLE] = address
