"""What this is: the version, whom it comes from, and what it stands on, with every licence."""

from __future__ import annotations

import streamlit as st

import halo_app
from halo_app.ui import faults, state
from halo_app.ui.components import prose
from halo_app.ui.words import many

ANCESTORS = (
    "The notebook comes from HALO Core, an app for asking one's own documents, and the memory from the Halldyll Memory Model, a "
    "library for agents that remember. Both ideas are theirs; all of the code was written anew.")
MODEL = (
    "Search by meaning uses all-MiniLM-L6-v2 by the Sentence Transformers project, Apache-2.0. Typefaces: Source Sans and Source "
    "Serif, OFL-1.1.")


@faults.guarded
def draw() -> None:
    """Show version, licence, credits, and the libraries with theirs."""
    with st.container(key="card-about"):
        prose.draw([("name", f"HALO {halo_app.__version__}"), ("quiet", "A private research notebook, under the MIT licence."),
                    ("quiet", ANCESTORS), ("quiet", MODEL)], key="about")
        with st.expander("Libraries and their licences", key="libraries", on_change="rerun") as libraries:
            if libraries.open:
                found = state.app().libraries()
                prose.draw([("quiet", f"{many(len(found), 'library', 'libraries')}, as installed here.")], key="libraries-count")
                prose.draw([("state", f"{one.name} {one.version} · {one.licence}") for one in found], key="libraries-list")


@faults.guarded
def health() -> None:
    """Show the list behind `halo doctor`."""
    with st.container(key="card-health"):
        prose.draw([("name", "Check"), ("quiet", "Looks whether everything that HALO needs is there and works.")], key="health-head")
        if st.button("Check now", key="check-now"):
            checks = state.app().health()
            prose.draw([line for check in checks for line in (
                ("yes" if check.ok else "fault", f"{'✓' if check.ok else '✕'} {check.name}: {check.detail}"),
                ("quiet", "" if check.ok else check.fix))], key="checks")
