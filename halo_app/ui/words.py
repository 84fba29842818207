"""Say numbers, sizes and days as people write them."""

from __future__ import annotations

from datetime import datetime

from halo_app.domain.shortening import shortened

__all__ = ["counting", "day", "many", "shortened", "size"]


def many(count: int, one: str, more: str = "") -> str:
    """Return `1 page`, `2 pages`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def size(count_bytes: int) -> str:
    """Return a size as people say it: `640 B`, `12 KB`, `3.4 MB`."""
    amount, unit = float(count_bytes), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"


def day(when: datetime) -> str:
    """Return a day of the reader's time zone: `20 Nov 2026`."""
    local = when.astimezone()
    return f"{local.day} {local:%b %Y}"


def counting(ticked: int, total: int) -> str:
    """Return how many sources count: `both sources count`, `4 of 6 sources count`."""
    if not total:
        return "no sources yet"
    if not ticked:
        return "no source counts"
    if ticked == total:
        return {1: "1 source counts", 2: "both sources count"}.get(total, f"all {total:,} sources count")
    return f"{ticked:,} of {total:,} sources count"
