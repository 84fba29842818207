"""Put what has a date under the day, or the month, it belongs to."""

from __future__ import annotations

from datetime import datetime, timedelta

WEEK_DAYS = 7
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


def shelf_of(when: datetime, now: datetime) -> str:
    """Return `Today`, `Yesterday`, `Last 7 days`, then the month, with its year when that is not this one.

    Days are those of `now`'s time zone.
    """
    day = when.astimezone(now.tzinfo)
    age = (now.date() - day.date()) // timedelta(days=1)
    if age <= 0:
        return "Today"
    if age == 1:
        return "Yesterday"
    if age <= WEEK_DAYS:
        return "Last 7 days"
    month = _MONTHS[day.month - 1]
    return month if day.year == now.year else f"{month} {day.year}"
