"""Show spreadsheet numbers as a person reads them: dates as dates, shares as percent, whole numbers without a point."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from halo_app.parsing.drawings import plain_number

_BUILT_IN = {9: "0%", 10: "0.00%", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
             21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0"}
_BUILT_IN |= dict.fromkeys((27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_466                                      # 9999-12-31 and a day


def format_kind(number: int, custom: str = "") -> str:
    """Return "date", "time", "moment", "span", "percent:N" (N decimals) or "" (a plain number) for a number format."""
    code = _QUOTED.sub("", custom or _BUILT_IN.get(number, "")).partition(";")[0].lower()
    if not code or code == "general" or code == "@":
        return ""
    if "%" in code:
        return f"percent:{len(code.partition('.')[2].rstrip('% ').rstrip('#'))}"
    if "[h" in code or "[m" in code or "[s" in code:
        return "span"
    has_day = "y" in code or "d" in code or ("m" in code and "h" not in code and "s" not in code)
    has_hour = "h" in code or "s" in code
    if "general" in code or "0" in code.replace(".0", "") or "#" in code or "e+" in code:
        return ""
    return ("moment" if has_hour else "date") if has_day else ("time" if has_hour else "")


def shown(value: str, kind: str, *, epoch_1904: bool = False) -> str:
    """Return the stored number `value` as text under a format kind; what is no number stays as it is."""
    if not kind:
        return plain_number(value)
    try:
        number = float(value)
    except ValueError:
        return value
    if kind.startswith("percent"):
        return percent(number, int(kind.partition(":")[2] or 0))
    if kind == "span":
        return span(timedelta(days=number)) if abs(number) < _LAST_DAY else plain_number(value)
    if not 0 <= number < _LAST_DAY:
        return plain_number(value)
    days = number + _before_march_1900(number, epoch_1904)
    return clock((_EPOCH_1904 if epoch_1904 else _EPOCH) + timedelta(seconds=round(days * 86_400)), kind)


def percent(number: float, decimals: int) -> str:
    """Return 0.125 as "12.5%": with the format's decimals, or more when they would hide something."""
    exact = f"{number * 100:.10f}".rstrip("0").rstrip(".")
    rounded = f"{number * 100:.{min(decimals, 10)}f}"
    return f"{rounded if len(exact) <= len(rounded) else exact}%" if len(exact) < 8 else f"{rounded}%"


def clock(moment: datetime, kind: str) -> str:
    """Return a moment as `2024-03-01`, `08:30`, or both; seconds only when there are some."""
    time = moment.strftime("%H:%M:%S" if moment.second else "%H:%M")
    if kind == "time":
        return time
    date = f"{moment.year:04d}-{moment.month:02d}-{moment.day:02d}"
    return date if kind == "date" or (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f"{date} {time}"


def span(length: timedelta) -> str:
    """Return a length of time as hours, minutes and seconds: `26:30:00`."""
    seconds = round(length.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _before_march_1900(number: float, epoch_1904: bool) -> int:
    """Excel counts a 29 February 1900 that never was; earlier days are one off."""
    return 1 if not epoch_1904 and 1 <= number < 60 else 0


def column_name(index: int) -> str:
    """Return 0 as "A", 25 as "Z", 26 as "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def quoted_sheet(name: str) -> str:
    """Return a sheet's name as Excel writes it in a reference: `Year`, `'My sheet'`, `'Ana''s'`."""
    plain = re.fullmatch(r"[^\W\d][\w.]*", name) is not None and re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]\d*", name) is None
    return name if plain else "'" + name.replace("'", "''") + "'"
