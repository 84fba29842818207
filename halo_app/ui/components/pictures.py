"""The picture of a cited page with the quoted words boxed, for sources that have pages."""

from __future__ import annotations

from base64 import b64encode

import streamlit as st

from halo_app.domain.conversation import Citation
from halo_app.domain.locator import Place
from halo_app.domain.source import Source
from halo_app.errors import HaloError
from halo_app.ui import state

WIDTH_PX = 900


def of(source: Source, citation: Citation) -> tuple[str, float]:
    """Return the page as a data address and how far down the quote stands (0 to 1).

    The address is "" when the source has no page to show, or the words are not found on it: its text is shown then.
    """
    if source.type != "pdf" or source.missing:
        return "", 0.0
    try:
        place = state.app().sources.parsed(source.id).locate(citation.start, citation.end)
        if place is None or place.kind is not Place.PAGE:
            return "", 0.0
        return _drawn(source.id, source.sha256, int(place.value), citation.quote)
    except (HaloError, ValueError):
        return "", 0.0


@st.cache_data(max_entries=48, ttl=600, show_spinner=False)
def _drawn(source_id: str, sha256: str, page: int, quote: str) -> tuple[str, float]:
    picture = state.app().pictures.page(state.app().sources.original(source_id), page, quote, width_px=WIDTH_PX)
    if not picture.found:              # a scanned page: a picture that marks nothing would prove nothing
        return "", 0.0
    return f"data:image/png;base64,{b64encode(picture.png).decode()}", picture.top
