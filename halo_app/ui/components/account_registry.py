"""The models that memories can belong to, and what is private to each."""

from __future__ import annotations

import streamlit as st

from halo_app.domain.memory import Sought
from halo_app.domain.registry import RegisteredModel, Speciality
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import many


@faults.guarded
def draw() -> None:
    """List the registered models with the memories private to them, and let one be added."""
    app = state.app()
    memory = app.memory
    if memory is None:
        return
    with st.container(key="card-registry"):
        prose.draw([("name", "Models and what they may know"),
                    ("quiet", "A memory is shared by every model, or private to one: the others never see it.")], key="registry")
        everything = memory.count(app.user_id, Sought(model=None))
        shared = memory.count(app.user_id, Sought(model=""))
        prose.draw([("quiet", f"Shared by every model: {shared:,} of {everything:,}")], key="registry-shared")
        for model in app.models.all():
            own = memory.count(app.user_id, Sought(model=model.name)) - shared
            private = many(own, "private memory", "private memories") if own else "nothing private"
            words = f"{', '.join(model.specialities)} · {private}"
            prose.draw([("excerpt", model.name), ("quiet", words)], key=state.key("registered", model.name))
        with st.popover("Register a model"), st.form(state.key("register", state.round_of("register")), border=False):
            name = st.text_input("Name", placeholder="as its maker writes it")
            good_at = st.multiselect("Good at", list(Speciality), format_func=str)
            about = st.text_input("Description")
            if st.form_submit_button("Register", type="primary"):
                _register(RegisteredModel(name.strip(), tuple(good_at), about.strip()))


@faults.guarded
def _register(model: RegisteredModel) -> None:
    app = state.app()
    app.models.register(app.principal, model)
    state.next_round("register")
    state.again()
