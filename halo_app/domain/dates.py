"""Read which days a text speaks of, also when it says "yesterday" or "last month", and write them as words that can be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from halo_app.domain.quantities import quantities

Days = tuple[date, date]                # first and last day, both included

MARK = "@"                              # no word that is typed starts with it once it is counted
_A_MONTH_DAYS = 31
_EARLIEST, _LATEST = 2, 9990            # years from which a step to the side stays within the calendar

_NUMBERS = {word: number for number, words in enumerate((
    "a an one ein eine einem einer", "two zwei couple", "three drei few", "four vier", "five fünf", "six sechs", "seven sieben",
    "eight acht", "nine neun", "ten zehn", "eleven elf", "twelve zwölf"), start=1) for word in words.split()}
_UNITS = {"day": 1, "tag": 1, "week": 7, "woche": 7, "month": 30, "monat": 30, "year": 365, "jahr": 365}
_WEEKDAYS = {name: number for number, names in enumerate((
    "monday montag", "tuesday dienstag", "wednesday mittwoch", "thursday donnerstag", "friday freitag", "saturday samstag sonnabend",
    "sunday sonntag")) for name in names.split()}
_NAMED_DAYS = {
    "yesterday": -1, "last night": -1, "gestern": -1, "vorgestern": -2, "today": 0, "tonight": 0, "this morning": 0,
    "this afternoon": 0, "this evening": 0, "heute": 0, "tomorrow": 1, "übermorgen": 2,
}
_SEASONS = {"spring": 3, "frühling": 3, "summer": 6, "sommer": 6, "autumn": 9, "fall": 9, "herbst": 9, "winter": 12}
_SHIFT = {"last": -1, "past": -1, "previous": -1, "letzt": -1, "vorig": -1, "vergangen": -1, "this": 0, "dies": 0,
          "next": 1, "coming": 1, "nächst": 1, "kommend": 1}

_A_NAMED_DAY = re.compile(rf"\b({'|'.join(_NAMED_DAYS)})\b", re.IGNORECASE)
_AGO = re.compile(
    rf"\b(\d{{1,3}}|{'|'.join(_NUMBERS)})(?: of)?\s+(day|week|month|year)s?\s+ago\b"
    rf"|\bvor\s+(\d{{1,3}}|{'|'.join(_NUMBERS)})\s+(tag|woche|monat|jahr)(?:en|n|e)?\b", re.IGNORECASE)
_SHIFTED = re.compile(
    rf"\b({'|'.join(_SHIFT)})(?:e[nmrs]?)?\s+(week(?:end)?|month|year|woche(?:nende)?|monat|jahr"
    rf"|{'|'.join(_WEEKDAYS)}|{'|'.join(_SEASONS)})\b", re.IGNORECASE)
_A_YEAR = re.compile(r"(?<![\w.,€$£-])((?:19|20)\d\d)(?![\w%]|[.,]\d)")


def spoken_of(text: str, today: date) -> list[Days]:
    """Return the days that the text names, in no order; what is relative counts from `today`. A date that is none is left out."""
    found: list[Days] = []
    if not _EARLIEST < today.year < _LATEST:
        return found
    for reader in (_written, _relative):
        found.extend(reader(text, today))
    return list(dict.fromkeys(found))


def counted(days: Days) -> tuple[str, ...]:
    """Return the days as words: `@2023`, `@2023-08` where they lie in one month or two, `@2023-08-19` where it is one day."""
    first, last = days
    words = dict.fromkeys(f"{MARK}{year}" for year in range(first.year, last.year + 1)) if last.year - first.year <= 1 else {}
    if (last - first).days <= _A_MONTH_DAYS:
        words |= dict.fromkeys(f"{MARK}{day:%Y-%m}" for day in days)
    if first == last:
        words |= {f"{MARK}{first:%Y-%m-%d}": None}
    return tuple(words)


def dated(text: str, said: date | None) -> tuple[str, ...]:
    """Return the days on which something was said, and those it speaks of, as words for an index; none without a day."""
    if said is None:
        return ()
    words = dict.fromkeys(counted((said, said)))
    for days in spoken_of(text, said):
        words |= dict.fromkeys(counted(days))
    return tuple(words)


def asked(question: str, today: date) -> tuple[str, ...]:
    """Return the days a question asks about as words for an index; a day brings its month, so that its neighbourhood counts."""
    words: dict[str, None] = {}
    for days in spoken_of(question, today):
        named = counted(days)
        words |= dict.fromkeys(named[1:] or named)
    return tuple(words)


def _written(text: str, today: date) -> Iterator[Days]:
    years = [int(found[1]) for found in _A_YEAR.finditer(text)]
    for quantity in quantities(text):
        for year, month, day in quantity.days[:1]:
            if month is None:
                continue
            whole = year if year is not None else _nearest_year(today, month, day)
            if year is not None and year in years:
                years.remove(year)
            if (days := _month(whole, month) if day is None else _day(whole, month, day)) is not None:
                yield days
    for year in years:
        yield date(year, 1, 1), date(year, 12, 31)


def _relative(text: str, today: date) -> Iterator[Days]:
    for found in _A_NAMED_DAY.finditer(text):
        day = today + timedelta(days=_NAMED_DAYS[found[1].lower()])
        yield day, day
    for found in _AGO.finditer(text):
        number, unit = (found[1] or found[3]).lower(), (found[2] or found[4]).lower()
        yield from _ago(today, int(number) if number.isdigit() else _NUMBERS[number], unit)
    for found in _SHIFTED.finditer(text):
        yield from _shifted(today, _SHIFT[found[1].lower()], found[2].lower())


def _ago(today: date, number: int, unit: str) -> Iterator[Days]:
    days = number * _UNITS[unit]
    if days >= today.toordinal():
        return
    then = today - timedelta(days=days)
    if _UNITS[unit] == 1:
        yield then, then
    elif _UNITS[unit] == 7:
        yield then - timedelta(days=3), then + timedelta(days=3)
    else:
        yield _year(then.year) if _UNITS[unit] > _A_MONTH_DAYS else _month(then.year, then.month)


def _shifted(today: date, shift: int, what: str) -> Iterator[Days]:
    monday = today - timedelta(days=today.weekday())
    if what.startswith(("weekend", "wochenende")):
        saturday = monday + timedelta(days=7 * shift + 5)
        yield saturday, saturday + timedelta(days=1)
    elif what in {"week", "woche"}:
        yield monday + timedelta(days=7 * shift), monday + timedelta(days=7 * shift + 6)
    elif what in {"month", "monat"}:
        months = today.year * 12 + today.month - 1 + shift
        yield _month(months // 12, months % 12 + 1)
    elif what in {"year", "jahr"}:
        yield _year(today.year + shift)
    elif what in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS[what]) % 7
        day = today - timedelta(days=back or 7) if shift < 0 else today + timedelta(days=7 - back if shift or back else 0)
        yield day, day
    else:
        yield _season(today, shift, _SEASONS[what])


def _season(today: date, shift: int, month: int) -> Days:
    """Return the season of the year that is meant: the last one that has begun, this year's, or the next to begin."""
    year = today.year + (shift if (shift < 0) == (today.month <= month + 2) else 0)
    end = _month(year + (month + 2 > 12), (month + 1) % 12 + 1)
    return date(year, month, 1), end[1]


def _nearest_year(today: date, month: int, day: int | None) -> int:
    """Return the year that puts a date without one nearest to today."""
    away = today.month - month
    return today.year + (1 if away > 6 else -1 if away < -6 else 0)


def _day(year: int, month: int, day: int) -> Days | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found, found


def _month(year: int, month: int) -> Days:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year, 12, 31)
