"""Windows over the Sources page: rename, tag, move or copy, delete, put an original back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from halo_app.domain.source import Source
from halo_app.domain.tagging import TAG_CHARS, tags_in
from halo_app.errors import HaloError
from halo_app.services.moving import Carried
from halo_app.ui import faults, state, state_sources
from halo_app.ui.components import receipts, source_rows
from halo_app.ui.safe import plain
from halo_app.ui.words import many

Shelf = Mapping[str, Source]
NEW = "new"
TITLES = {"rename": "Rename this source", "tag": "Tags", "carry": "Move or copy", "delete": "Delete",
          "put-back": "Put the original back", "tags": "All tags of this notebook"}


def draw(sources: Shelf) -> None:
    """Draw the window that is open, if there is one, for the sources that are still there."""
    asked = state_sources.asked()
    if asked is None or asked.what not in TITLES:
        return
    ids = [source_id for source_id in asked.source_ids if source_id in sources]
    if not ids and asked.what != "tags":
        state_sources.answered()
        return
    drawn = {"rename": _rename, "tag": _tag, "carry": _carry, "delete": _delete, "put-back": _put_back, "tags": _tags}
    window = st.dialog(TITLES[asked.what], on_dismiss=state_sources.answered)(faults.guarded(drawn[asked.what]))
    window(sources, ids)


def _key(name: str) -> str:
    return state.key("window", name, state.round_of("sources-window"))


def _done(words: str = "") -> None:
    state_sources.answered()
    if words:
        st.toast(words)
    state.again()


def _rename(sources: Shelf, ids: Sequence[str]) -> None:
    source = sources[ids[0]]
    with st.form(_key("rename"), border=False):
        name = st.text_input("Name", value=source.name, max_chars=255)
        st.caption(f"The file stays {plain(source.file)}; answers given from now on name it anew.")
        if st.form_submit_button("Save", type="primary"):
            state.app().sources.rename(source.id, name)
            _done()


def _tag(sources: Shelf, ids: Sequence[str]) -> None:
    st.markdown(plain(source_rows.names(sources, ids)))
    every = list(tags_in(source.tags for source in sources.values()))
    shared = [tag for tag in every if all(tag.casefold() in map(str.casefold, sources[one].tags) for one in ids)]
    some = list(tags_in(sources[one].tags for one in ids))
    wanted = st.multiselect("Tags", every, default=shared, accept_new_options=True, key=_key("tags"),
                            placeholder="Choose or type a tag", help=f"At most {TAG_CHARS} letters each")
    others = [tag for tag in some if tag not in shared]
    if others:
        st.caption(f"Only some of them have {plain(', '.join(others))}; that stays as it is.")
    if st.button("Save", type="primary", key=_key("save-tags")):
        state.app().sources.tag(ids, add=wanted, remove=[tag for tag in shared if tag not in wanted])
        _done()


def _tags(sources: Shelf, ids: Sequence[str]) -> None:
    service, notebook_id = state.app().sources, state.notebook().id
    every = tags_in(source.tags for source in sources.values())
    if not every:
        st.caption("No source has a tag yet. Select sources and choose Tag.")
        return
    tag = st.selectbox("Tag", list(every), key=_key("which-tag"), format_func=lambda one: f"{one} · {many(every[one], 'source')}")
    name = st.text_input("New name", value=tag, max_chars=TAG_CHARS, key=state.key(_key("tag-name"), tag))
    with st.container(horizontal=True, key="window-choices"):
        if st.button("Rename it", type="primary", key=_key("rename-tag"), disabled=not name.strip() or name == tag):
            service.rename_tag(notebook_id, tag, name)
            state_sources.change_wish({"tag": ""})
            _done()
        if st.button("Remove it from every source", key=_key("remove-tag")):
            changed = [source.id for source in service.remove_tag(notebook_id, tag)]
            state_sources.change_wish({"tag": ""})
            words = f"The tag “{tag}” was removed from {many(len(changed), 'source')}."
            state.offer_undo(words, lambda: service.tag(changed, add=[tag]))
            _done()


def _carry(sources: Shelf, ids: Sequence[str]) -> None:
    app, here = state.app(), state.notebook().id
    st.markdown(plain(source_rows.names(sources, ids)))
    others = {notebook.id: notebook.name for notebook in app.notebooks.in_use() if notebook.id != here}
    target = st.selectbox("To the notebook", [*others, NEW], key=_key("target"),
                          format_func=lambda one: others.get(one, "A new notebook…"))
    name = st.text_input("Its name", max_chars=120, key=_key("new-name")) if target == NEW else ""
    st.caption("Chats and notes about a moved source stay in this notebook, and their citations still open it.")
    with st.container(horizontal=True, key="window-choices"):
        for label, act in (("Move", app.moving.move), ("Copy", app.moving.copy)):
            if st.button(label, type="primary" if label == "Move" else "secondary", key=_key(label),
                         disabled=target == NEW and not name.strip()):
                notebook_id = app.notebooks.create(name.strip()).id if target == NEW else target
                with st.spinner("Carrying them over…"):
                    carried = act(ids, notebook_id)
                _carried(label, carried, app.notebooks.get(notebook_id).name, here)


def _carried(label: str, carried: Carried, name: str, here: str) -> None:
    done = {"Move": "moved", "Copy": "copied"}[label]
    words = f"{many(len(carried.went), 'source')} {done} to “{name}”."
    if carried.stayed:
        words += f" {many(len(carried.stayed), 'source')} {'was' if len(carried.stayed) == 1 else 'were'} there already."
    went = [source.id for source in carried.went]
    state_sources.choose(())
    if label == "Move" and went:
        state.offer_undo(words, lambda: state.app().moving.move(went, here))
        _done()
    _done(words)


def _delete(sources: Shelf, ids: Sequence[str]) -> None:
    app = state.app()
    st.markdown(f"Delete {plain(source_rows.names(sources, ids))}, with the text and the original?")
    st.caption("You can undo this for some seconds. Answers and notes keep what they quoted.")
    with st.container(horizontal=True, key="window-choices"):
        if st.button("Delete", type="primary", key=_key("delete")):
            gone = app.removing.remove(ids)
            state_sources.choose(state_sources.chosen() - set(ids))
            words = f"{source_rows.names(sources, ids)} deleted."
            if gone.restore:
                state.offer_undo(words, gone.restore)
            _done("" if gone.restore else words)
        if len(ids) == 1 and st.button("Delete with everything made from it", type="tertiary", key=_key("erase"),
                                       help="Answers, notes and outputs lose the words that they took from it; there is no way back, "
                                            "and you get a receipt"):
            _done(receipts.told(app.erasing.source(app.principal, app.user_id, ids[0])))


def _put_back(sources: Shelf, ids: Sequence[str]) -> None:
    st.caption(f"Choose the file that {plain(sources[ids[0]].name)} was read from.")
    if file := st.file_uploader("The original file", key=_key("restore")):
        try:
            state.app().sources.restore(ids[0], file)
        except HaloError as error:
            st.error(plain(faults.worded(error)))
            return
        _done("The original is back.")
