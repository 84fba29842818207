"""The map of memories by their meaning: thousands of points on one canvas; a click or a key opens the memory."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from halo_app.services.dashboard import Point
from halo_app.ui import state_account
from halo_app.ui.components import asset
from halo_app.ui.components.charts import COLOURS

_map = st.components.v2.component(
    "halo.map", html='<div class="map"></div>', css=asset("charts.css") + asset("memory_map.css"), js=asset("memory_map.js")
)


def draw(points: Sequence[Point], kinds: Sequence[str], *, key: str = "memory-map") -> None:
    """Draw the points; the one that is opened is kept in the session."""

    def opened() -> None:
        state_account.open_memory(int(st.session_state[key].open["id"]))

    _map(key=key, data={**packed(points, kinds), "kinds": list(kinds), "colours": COLOURS}, on_open_change=opened)


def packed(points: Sequence[Point], kinds: Sequence[str]) -> dict[str, object]:
    """Return the points as the script takes them: numbers as base64 of 4-byte little-endian values, labels one to a line.

    Ten thousand points make about a megabyte this way, and are ready in some milliseconds on both sides.
    """
    places = np.array([(point.x, point.y) for point in points], "<f4").reshape(-1, 2)
    return {
        "ids": _coded(np.array([point.memory_id for point in points], "<u4")),
        "places": _coded(places),
        "looks": _coded(np.array([2 * kinds.index(point.kind) + point.is_current for point in points], "<u4")),
        "labels": "\n".join(" ".join(point.label.split()) for point in points),
    }


def _coded(values: NDArray[Any]) -> str:
    return b64encode(values.tobytes()).decode("ascii")
