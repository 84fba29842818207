"""Bars over time, drawn by a script of our own: light to load, told apart on light and dark paper, and reached by keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from halo_app.ui.components import asset

COLOURS = ("#0B8A74", "#B27A1E", "#6B7CC8", "#C0618A", "#7C8F3F")     # at least 3 : 1 on white and on #1D1C19
Count = tuple[date, str, int]
Picked = Callable[[date | None, str], object]     # the time whose bar was clicked, or the kind whose name was
_bars = st.components.v2.component("halo.bars", html='<div class="bars"></div>', css=asset("charts.css"), js=asset("charts.js"))


def bars(counts: Sequence[Count], times: Sequence[date], kinds: Sequence[str], *, label: str, key: str, by_month: bool = False,
         chosen: date | None = None, picked: Picked | None = None) -> None:
    """Draw a stack of bars for each of `times`, a colour for each of `kinds`; with `picked`, they can be clicked."""

    def took() -> None:
        at = st.session_state[key].pick
        if picked:
            picked(times[at["time"]] if at.get("time") is not None else None, str(at.get("kind", "")))

    places = {time: at for at, time in enumerate(times)}
    heights = [[0] * len(kinds) for _ in times]
    for time, kind, count in counts:
        if time in places and kind in kinds:
            heights[places[time]][kinds.index(kind)] += count
    spoken = [f"{time:%B %Y}" if by_month else f"{time.day} {time:%B %Y}" for time in times]
    short = [f"{time:%b %y}" if by_month else f"{time.day} {time:%b}" for time in times]
    data: dict[str, Any] = {"times": spoken, "short": short, "kinds": list(kinds), "colours": COLOURS, "counts": heights,
                            "label": label, "chosen": places.get(chosen) if chosen else None, "clickable": picked is not None}
    _bars(key=key, data=data, on_pick_change=took)


def every(first: date, last: date, *, by_month: bool) -> list[date]:
    """Return every day, or the first day of every month, from the first to the last."""
    if not by_month:
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begin, months = first.year * 12 + first.month - 1, (last.year - first.year) * 12 + last.month - first.month
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, begin + months + 1)]
