"""The sources of a notebook, as cards or as a table: filters, selection, and what can be done with one or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import streamlit as st

from halo_app.domain.chunk import Scope
from halo_app.domain.listing import Known, listed
from halo_app.domain.source import Intake, Source
from halo_app.ui import bundles, faults, state, state_sources
from halo_app.ui.components import asset, prose, source_rows, source_windows

LATEST = datetime.max.replace(tzinfo=UTC)
KEY = "source-list"
_list = st.components.v2.component(
    "halo.sources", html='<div class="sources"></div>', css=asset("source_list.css"),
    js=asset("source_parts.js") + asset("source_tools.js") + asset("source_rows.js"),
)


@faults.guarded
def draw(notebook_id: str, arriving: Sequence[Intake] = ()) -> None:
    """Draw the list; sources that still have a card among `arriving` come when that one is gone."""
    since = {intake.sha256: intake.created_at for intake in arriving}
    sources = _there(notebook_id, since)
    if not sources and state.app().ingest.intakes(notebook_id):     # their cards stand above
        return
    if not sources:
        prose.draw(
            [
                ("name", "Nothing here yet"),
                ("quiet", "Add a document above, or drop one anywhere on this page. It is kept on this machine, read, and can then "
                          "be asked about."),
            ],
            key="no-sources",
        )
        return
    _section(notebook_id, since)


@st.fragment
@faults.guarded
def _section(notebook_id: str, since: dict[str, datetime]) -> None:
    """Draw the list; what is done in it draws this part anew and nothing else."""
    sources = _there(notebook_id, since)
    wish, known = state_sources.wish(), _known(sources)
    found = listed(sources, wish, known)
    chosen = state_sources.chosen() & {source.id for source in sources}
    data = {**source_rows.view(sources, found, wish, known, chosen), "bundle": state_sources.bundle()}
    _list(key=KEY, data=data, on_wish_change=_told("wish", state_sources.change_wish), on_act_change=_told("act", _act),
          on_pick_change=_told("pick", _pick))
    source_windows.draw({source.id: source for source in sources})
    state.settle()


def _there(notebook_id: str, since: dict[str, datetime]) -> list[Source]:
    return [source for source in state.app().sources.of(notebook_id) if source.created_at < since.get(source.sha256, LATEST)]


def _known(sources: Sequence[Source]) -> Known:
    wish, app = state_sources.wish(), state.app()
    holding: frozenset[str] = frozenset()
    if wish.words.strip():
        holding = app.retrieval.holding(wish.words, Scope(app.user_id, state.notebook().id))
    counts = app.where_cited.counts()
    cited = {source.id: sum(counts.get(one, 0) for one in (source.id, *source.earlier)) for source in sources}
    return Known(state.ticked(sources), cited, holding)


def _matching() -> list[Source]:
    sources = state.app().sources.of(state.notebook().id)
    return listed(sources, state_sources.wish(), _known(sources))


def _told(trigger: str, act: Callable[[dict[str, Any]], object]) -> Callable[[], None]:
    """Return what takes up a word of the list: what it brought is handed to `act`."""

    @faults.caught
    def run() -> None:
        brought = st.session_state[KEY].get(trigger)
        if isinstance(brought, dict):
            act(brought)

    return run


def _pick(brought: dict[str, Any]) -> None:
    on, off = (frozenset(map(str, brought.get(name) or ())) for name in ("on", "off"))
    state_sources.choose((state_sources.chosen() | on) - off)


def _act(brought: dict[str, Any]) -> None:
    """Do what was pressed, for one source or for all that are selected."""
    what, one = str(brought.get("what")), brought.get("id")
    ids = [str(one)] if one else sorted(state_sources.chosen())
    match what:
        case "open" if one:
            state.read(str(one))
        case "count" | "leave-out":
            for source_id in ids:
                state.tick(source_id, what == "count")
        case "all":
            state_sources.choose(source.id for source in _matching())
        case "clear":
            state_sources.choose(())
        case "download":
            state_sources.offer_bundle(bundles.offer(ids))
        case "show-tag":
            state_sources.change_wish({"tag": str(brought.get("tag", ""))})
        case "rename" | "tag" | "carry" | "delete" | "put-back" | "tags":
            state_sources.ask(what, ids)
