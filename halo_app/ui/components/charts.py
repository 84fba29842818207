"""Bars over time for the Account page: colours that are told apart on light and dark paper, and scales that are known beforehand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

COLOURS = ("#0B8A74", "#B27A1E", "#6B7CC8", "#C0618A", "#7C8F3F")     # at least 3 : 1 on white and on #1D1C19
MUTED = {"light": "#625E56", "dark": "#A8A296"}
Count = tuple[date, str, int]


def bars(counts: Sequence[Count], times: Sequence[date], kinds: Sequence[str], *, by_month: bool = False) -> dict[str, Any]:
    """Return a Vega-Lite chart of stacked bars: a place for each of `times`, a colour for each of `kinds`.

    The scales are given and not taken from the data: Vega complains while it has none.
    """
    spoken = {time: f"{time:%b %Y}" if by_month else f"{time.day} {time:%b}" for time in times}
    values = [{"when": spoken[time], "kind": kind, "count": count} for time, kind, count in counts if time in spoken]
    highest = max((sum(per.values()) for per in _per_time(values).values()), default=0)
    return {
        "data": {"values": values}, "mark": {"type": "bar", "cornerRadius": 2},
        "encoding": {
            "x": {"field": "when", "type": "ordinal", "title": None, "scale": {"domain": list(spoken.values())},
                  "axis": {"labelAngle": 0, "labelOverlap": "greedy", "ticks": False, "labelPadding": 6}},
            "y": {"field": "count", "type": "quantitative", "title": None, "scale": {"domain": [0, max(highest, 1)], "nice": True},
                  "axis": {"tickMinStep": 1, "tickCount": 4, "format": "d"}},
            "color": coloured(kinds),
            "tooltip": [{"field": "when"}, {"field": "kind", "title": "what"}, {"field": "count", "title": "how many"}]}}


def coloured(kinds: Sequence[str]) -> dict[str, Any]:
    """Return how kinds are told apart, the same in every chart."""
    return {"field": "kind", "type": "nominal", "title": None,
            "legend": {"orient": "top", "offset": 4, "labelColor": MUTED.get(st.context.theme.type or "light")},
            "scale": {"domain": list(kinds), "range": list(COLOURS[:len(kinds)])}}


def every(first: date, last: date, *, by_month: bool) -> list[date]:
    """Return every day, or the first day of every month, from the first to the last."""
    if not by_month:
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begin, months = first.year * 12 + first.month - 1, (last.year - first.year) * 12 + last.month - first.month
    return [date(number // 12, number % 12 + 1, 1) for number in range(begin, begin + months + 1)]


def _per_time(values: Sequence[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for one in values:
        found.setdefault(one["when"], Counter())[one["kind"]] += one["count"]
    return found
