"""The room that everything takes on this machine, kind by kind, and what can go without losing anything."""

from __future__ import annotations

import streamlit as st

from halo_app.services.room import Taken
from halo_app.ui import faults, state
from halo_app.ui.components import asset, prose
from halo_app.ui.words import many, size

SPOKEN = {
    "originals": "Original files", "texts": "Texts of the sources", "index": "Search index", "chats": "Chats", "notes": "Notes",
    "outputs": "Outputs", "memories": "Memories", "log": "Log", "space set aside": "Kept free, so that erasing works on a full disk",
    "everything else": "Everything else"}
PLACES = {"data": "Data", "log": "Log", "embedding_model": "Search model"}
_room = st.components.v2.component(
    "halo.room", html='<div class="room"></div>', css=asset("account_room.css"), js=asset("account_room.js")
)


@faults.guarded
def draw() -> None:
    """Show what each kind takes, where it lies, and let what is spare go."""
    app = state.app()
    taken = app.room.taken()
    whole = sum(one.size_bytes for one in taken)
    with st.container(key="card-room"):
        prose.draw([("name", "Storage"), ("quiet", f"{size(whole)} in all")], key="room-head")
        _room(key="room", data={"rows": [_row(one, whole) for one in taken if one.size_bytes]})
        lines = [("quiet", f"{PLACES.get(name, name)}: {path}") for name, path in app.account.places().items()]
        prose.draw(lines, key="places")
        spare = app.room.spare()
        words = f"{size(spare)} of older logs and left-over copies, and" if spare else "Only"
        prose.draw([("quiet", f"{words} older versions of the search index can go: nothing of yours is lost.")], key="spare")
        st.button("Free what is spare", key="free-room", on_click=_free)


def _row(one: Taken, whole: int) -> dict[str, object]:
    return {"name": SPOKEN.get(one.kind, one.kind), "size": size(one.size_bytes), "files": many(one.files, "file"),
            "share": one.size_bytes / max(1, whole)}


@faults.caught
def _free() -> None:
    back = state.app().room.free()
    st.toast(f"{size(back)} given back." if back else "Nothing was spare.")
