"""Read the numbers, units, dates and times in a text, in English and German, so that equal ones compare equal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import isclose

from halo_app.domain import units

Day = tuple[int | None, int | None, int | None]        # year, month, day; None where it is not said


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, a clock time (unit `clock`, minutes) or an ordinal (unit `th`); or a date, with `days` set.

    `values` and `days` hold every reading of an ambiguous notation: `1.250` in a text of unknown language, `3/4/2024`.
    """

    start: int
    end: int
    text: str
    values: tuple[float, ...] = ()
    unit: str = ""
    days: tuple[Day, ...] = ()

    @property
    def is_year(self) -> bool:
        """True for a bare number that reads as a year."""
        return not self.unit and not self.days and self.text.isdigit() and len(self.text) == 4 and 1000 <= self.values[0] <= 2199


def agrees(said: Quantity, stated: Quantity) -> bool:
    """Tell whether `said` follows from `stated`: the same value and unit, or a date that is the same or less exact."""
    if said.days:
        return any(_within(day, known) for day in said.days for known in stated.days)
    if stated.days:
        return said.is_year and any(known[0] == said.values[0] for known in stated.days)
    return said.unit == stated.unit and same_value(said, stated)


def same_value(one: Quantity, other: Quantity) -> bool:
    """Tell whether two numbers have a reading in common, whatever their units."""
    return any(isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a in one.values for b in other.values)


def quantities(text: str, language: str = "") -> list[Quantity]:
    """Return what the text says in numbers, in order and without overlap; offsets are into `text`.

    `language` ("en", "de" or "" when it cannot be told) decides what 1.250 and 1,250 mean.
    """
    plain = text.translate(_PLAIN)
    found: list[Quantity] = []
    taken = bytearray(len(plain))
    for reader in (_dates, _clocks, _fractions, _digits, _words):
        for quantity in reader(plain, language):
            if not any(taken[quantity.start:quantity.end]):
                taken[quantity.start:quantity.end] = b"\1" * (quantity.end - quantity.start)
                found.append(quantity)
    return _sharing_units(plain, sorted(found, key=lambda quantity: quantity.start))


_PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "’": "'"})


def _within(said: Day, known: Day) -> bool:
    return all(part is None or part == there for part, there in zip(said, known, strict=True))


# --- dates and times ---------------------------------------------------------------------------------------------

_MONTHS = {name: number for number, names in enumerate((
    "january jan januar jänner", "february feb februar", "march mar märz mär", "april apr", "may mai", "june jun juni",
    "july jul juli",
    "august aug", "september sep sept", "october oct oktober okt", "november nov", "december dec dezember dez"), start=1)
    for name in names.split()}
_MONTH = "(?P<month>" + "|".join(sorted((name.capitalize() for name in _MONTHS), key=len, reverse=True)) + r")\b\.?"
_YEAR = r"(?P<year>[12]\d{3})(?!\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|\.)?"
_NAMED = tuple(re.compile(pattern) for pattern in (
    rf"\b{_DAY}(?:\s+of)?\s+{_MONTH}(?:,?\s+{_YEAR})?",
    rf"\b{_MONTH}\s+{_DAY}(?!\d|[.,]\d)(?:,?\s+{_YEAR})?",
    rf"\b{_MONTH}(?:\s+of)?,?\s+{_YEAR}",
    rf"(?<=\bin )(?:early |late |mid-)?{_MONTH}(?!\s+\d)", rf"(?<=\b[Bb]y ){_MONTH}(?!\s+\d)", rf"(?<=\b[Ii]m ){_MONTH}(?!\s+\d)",
    rf"(?<=\b[Ss]ince ){_MONTH}(?!\s+\d)", rf"(?<=\bIn ){_MONTH}(?!\s+\d)", rf"(?<=\b[Uu]ntil ){_MONTH}(?!\s+\d)",
))
_ISO = re.compile(r"\b([12]\d{3})-([01]\d)-([0-3]\d)\b")
_DOTTED = re.compile(r"\b([0-3]?\d)\.\s?([01]?\d)\.\s?([12]\d{3}|\d\d)(?!\d)")
_SLASHED = re.compile(r"\b([0-3]?\d)/([0-3]?\d)/([12]\d{3})(?!\d)")
_HALF = r"(am|pm|a\.m\.|p\.m\.|uhr)"
_CLOCK = re.compile(rf"(?<![\d.,:])(?:(\d{{1,2}})[:.](\d\d)(?![\d.:%])\s?{_HALF}?|(\d{{1,2}})\s?{_HALF})(?![\w%])", re.IGNORECASE)


def _dates(text: str, _: str) -> Iterator[Quantity]:
    for pattern in _NAMED:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            month = _MONTHS[parts["month"].lower()]
            day, year = (int(parts[name]) if parts.get(name) else None for name in ("day", "year"))
            if day is None or 1 <= day <= 31:
                yield Quantity(found.start(), found.end(), found[0].strip(), days=((year, month, day),))
    for found in _ISO.finditer(text):
        yield Quantity(*found.span(), found[0], days=((int(found[1]), int(found[2]), int(found[3])),))
    for found in _DOTTED.finditer(text):
        year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
        if 1 <= int(found[1]) <= 31 and 1 <= int(found[2]) <= 12:
            yield Quantity(*found.span(), found[0], days=((year, int(found[2]), int(found[1])),))
    for found in _SLASHED.finditer(text):
        one, two, year = int(found[1]), int(found[2]), int(found[3])
        readings = [(year, month, day) for month, day in ((two, one), (one, two)) if 1 <= month <= 12 and 1 <= day <= 31]
        if readings:
            yield Quantity(*found.span(), found[0], days=tuple(dict.fromkeys(readings)))


def _clocks(text: str, _: str) -> Iterator[Quantity]:
    for found in _CLOCK.finditer(text):
        hour, minute = int(found[1] or found[4]), int(found[2] or 0)
        half = (found[3] or found[5] or "").lower().replace(".", "")
        if found[2] and ":" not in found[0] and not half:          # 8.15 alone is a number
            continue
        if half in {"am", "pm"}:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour <= 24 and minute < 60:
            yield Quantity(*found.span(), found[0].strip(), (float(hour * 60 + minute),), "clock")


# --- numbers in digits -------------------------------------------------------------------------------------------

_GROUPED = r"\d{1,3}(?:(?P<mark>[.,' ])\d{3})(?:(?P=mark)\d{3})*(?:[.,]\d+)?(?!\d)"
_NUMBER = re.compile(
    r"(?<![\w.,])(?P<money>(?:US|A|C)?[$€£¥]|EUR|USD|GBP|CHF)?\s?(?P<sign>(?<![\w)]) ?[-+])?"
    rf"(?P<digits>{_GROUPED}|\d+(?:[.,]\d+)?|[.,]\d+)(?![.,]\d)")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b|\.(?=\s(?:Jahrhundert|Platz|Kapitel|Auflage|Quartal|Klasse|Mal|Artikel|Stock))")
_DECADE = re.compile(r"s\b|er\b(?= Jahre)?")
_SCALES = {
    "hundred": 1e2, "hundert": 1e2, "thousand": 1e3, "tausend": 1e3, "tsd": 1e3, "million": 1e6, "millions": 1e6,
    "millionen": 1e6, "mio": 1e6,
    "mn": 1e6, "billion": 1e9, "billions": 1e9, "bn": 1e9, "milliarde": 1e9, "milliarden": 1e9, "mrd": 1e9, "trillion": 1e12,
    "trillions": 1e12,
    "billionen": 1e12, "dozen": 12.0, "dutzend": 12.0,
}
_SCALE = re.compile(r"[\s-]?(" + "|".join(sorted(_SCALES, key=len, reverse=True)) + r")\b\.?", re.IGNORECASE)
_SHORT_SCALE = re.compile(r"\s?(k|m|bn)\b")


def _digits(text: str, language: str) -> Iterator[Quantity]:
    at = 0
    while found := _NUMBER.search(text, at):
        at = found.end()
        values = _readings(found["digits"], language)
        if (found["sign"] or "").strip() == "-":
            values = tuple(-value for value in values)
        start, end = found.start(), found.end()
        if ordinal := _ORDINAL.match(text, end):
            yield Quantity(start, ordinal.end(), text[start:ordinal.end()].strip(), values, "th")
            continue
        if len(found["digits"]) == 4 and (decade := _DECADE.match(text, end)):
            yield Quantity(start, decade.end(), text[start:decade.end()].strip(), values, "decade")
            continue
        if end < len(text) and text[end].isalpha() and not units.after(text, end) and not _SHORT_SCALE.match(text, end):
            continue                               # 4K, 3D: a name, not a number
        yield _measured(text, start, end, values, language, money=found["money"] or "")


def _readings(digits: str, language: str) -> tuple[float, ...]:
    bare = digits.replace("'", "").replace(" ", "")
    english = bare.replace(",", "") if re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", bare) else bare.replace(",", ".")
    german = bare.replace(".", "").replace(",", ".") if re.fullmatch(r"\d{1,3}(\.\d{3})*(,\d+)?", bare) else bare.replace(",",
        ".")
    values = [_float(reading) for reading in ((english,) if language == "en" else (german,) if language == "de"
        else (english, german))]
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _float(digits: str) -> float | None:
    try:
        return float(digits)
    except ValueError:
        return None


def _measured(text: str, start: int, end: int, values: tuple[float, ...], language: str, money: str = "") -> Quantity:
    """Return the number with the scale and the unit that follow it."""
    scale = _SCALE.match(text, end) or (money and _SHORT_SCALE.match(text, end)) or None
    if scale:
        name = scale[1].lower()
        factor = {"k": 1e3, "m": 1e6}.get(name) or (1e12 if name == "billion" and language == "de" else _SCALES[name])
        values, end = tuple(value * factor for value in values), scale.end()
    unit, until = units.after(text, end) or ("", end)
    return Quantity(start, until, text[start:until].strip(), values, units.MONEY.get(money, "") or unit)


# --- numbers in words --------------------------------------------------------------------------------------------

_SMALL = {name: value for value, names in enumerate((
    "zero null", "one eins", "two zwei", "three drei", "four vier", "five fünf", "six sechs", "seven sieben", "eight acht",
    "nine neun", "ten zehn",
    "eleven elf", "twelve zwölf", "thirteen dreizehn", "fourteen vierzehn", "fifteen fünfzehn", "sixteen sechzehn",
    "seventeen siebzehn",
    "eighteen achtzehn", "nineteen neunzehn")) for name in names.split()}
_TENS = {name: value for value, names in zip(range(20, 100, 10), (
    "twenty zwanzig", "thirty dreißig", "forty vierzig", "fifty fünfzig", "sixty sechzig", "seventy siebzig", "eighty achtzig",
    "ninety neunzig"), strict=True) for name in names.split()}
_ORDINALS = {name: value for value, names in enumerate((
    "first erste", "second zweite", "third dritte", "fourth vierte", "fifth fünfte", "sixth sechste", "seventh siebte",
    "eighth achte", "ninth neunte",
    "tenth zehnte", "eleventh elfte", "twelfth zwölfte", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth",
    "nineteenth", "twentieth zwanzigste"), start=1) for name in names.split()}
_WORD = re.compile(r"[^\W\d_]+")
_NO_COUNT_BEFORE = frozenset("which another such no the this that each every any some other same".split())
_NO_COUNT_AFTER = frozenset("of can could may might must should has who that which another by such".split())
_TIMES = {"twice": 2.0, "zweimal": 2.0, "thrice": 3.0, "dreimal": 3.0}


def _words(text: str, language: str) -> Iterator[Quantity]:
    words = list(_WORD.finditer(text))
    index = 0
    while index < len(words):
        word = words[index]
        name = word[0].lower()
        if name in _TIMES:
            yield Quantity(*word.span(), word[0], (_TIMES[name],), "times")
        elif (place := _ordinal(words, index)) is not None:
            yield Quantity(*word.span(), word[0], (float(place),), "th")
        elif read := _spelled(text, words, index):
            value, index = read
            yield _measured(text, word.start(), words[index].end(), (value,), language)
        index += 1


def _ordinal(words: list[re.Match[str]], index: int) -> int | None:
    name = words[index][0].lower()
    before = words[index - 1][0].lower() if index else ""
    if name == "second" and before in {"per", "a", "each", "every", "one"}:
        return None
    stripped = name[:-1] if name[-1:] in "nrs" and name[:-1] in _ORDINALS else name
    return _ORDINALS.get(stripped)


def _spelled(text: str, words: list[re.Match[str]], index: int) -> tuple[float, int] | None:
    """Return the value of the number word(s) from `index` on, and the index of the last one."""
    first = words[index][0].lower()
    compound = _german(first)
    if compound is None and first not in _SMALL and first not in _TENS and first not in {"hundred", "dozen"}:
        return None
    if first == "one" and _is_pronoun(text, words, index):
        return None
    total, current, last, at = 0.0, 0.0, index, index
    while at < len(words):
        name = words[at][0].lower()
        gap = text[words[at - 1].end():words[at].start()] if at > index else ""
        if at > index and gap.strip() not in {"", "-"}:
            break
        plain = _SMALL.get(name, _TENS.get(name))
        value = float(plain) if plain is not None else _german(name)
        if name == "hundred":
            current = max(current, 1) * 100
        elif name in {"thousand", "tausend"} and at > index:
            total, current = total + max(current, 1) * 1000, 0
        elif value is not None and (at == index or _continues(current, value)):
            current += value
        elif not (name == "and" and at > index and current >= 100 and at + 1 < len(words)
            and words[at + 1][0].lower() in {**_SMALL, **_TENS}):
            break
        if name != "and":
            last = at
        at += 1
    return total + current, last


def _continues(current: float, value: float) -> bool:
    return (current % 100 == 0 and value < 100) or (current % 100 >= 20 and current % 10 == 0 and 0 < value < 10)


def _is_pronoun(text: str, words: list[re.Match[str]], index: int) -> bool:
    before = words[index - 1][0].lower() if index else ""
    directly = index + 1 < len(words) and text[words[index].end():words[index + 1].start()].isspace()
    after = words[index + 1][0] if directly else ""          # one may, but one May 1967 and one % of
    return before in _NO_COUNT_BEFORE or after in _NO_COUNT_AFTER


_UNDER_20 = "|".join(sorted((name for name in _SMALL if name not in {"one", "ten", "six"}), key=len, reverse=True))
_GERMAN = re.compile(
    rf"(?:(?:(?P<h>ein|{_UNDER_20})?hundert)(?:und)?)?(?:(?P<u>ein|{_UNDER_20})und)?"
    rf"(?P<t>{'|'.join(_TENS)})?(?P<s>{_UNDER_20})?")


def _german(word: str) -> float | None:
    """Return the value of a German number word written as one, such as fünfundzwanzig or dreihundert."""
    found = _GERMAN.fullmatch(word)
    if not word or not found or (word.isascii() and word in {"ein"}):
        return None
    small = {**_SMALL, "ein": 1}
    hundreds = small[found["h"]] * 100 if found["h"] else 100 if "hundert" in word else 0
    if found["u"] and not found["t"]:
        return None
    rest = (small[found["u"]] if found["u"] else 0) + (_TENS[found["t"]] if found["t"] else 0) + (
        small[found["s"]] if found["s"] else 0)
    return float(hundreds + rest)


_FRACTION = re.compile(
    r"\b(?:(?P<count>a|an|one|two|three|four|ein|einem|eines|zwei|drei|vier)[\s-](?P<part>third|quarter|fifth|tenth|Drittel|Viertel|Fünftel|Zehntel)s?"
    r"|(?P<half>half|Hälfte)(?!-?\s?(?:a|an|past|million|hour|year|time|day))|(?P<sign>[½¼¾⅓⅔]))(?!\s(?:of\s)?(?:19|20)\d\d)",
    re.IGNORECASE)
_PARTS = {"third": 3, "quarter": 4, "fifth": 5, "tenth": 10, "drittel": 3, "viertel": 4, "fünftel": 5, "zehntel": 10}
_COUNTS = {"two": 2, "zwei": 2, "three": 3, "drei": 3, "four": 4, "vier": 4}
_SIGNS = {"½": 50.0, "¼": 25.0, "¾": 75.0, "⅓": 100 / 3, "⅔": 200 / 3}


def _fractions(text: str, _: str) -> Iterator[Quantity]:
    for found in _FRACTION.finditer(text):
        if found["sign"]:
            share = _SIGNS[found["sign"]]
        elif found["half"]:
            share = 50.0
        else:
            share = 100 * _COUNTS.get(found["count"].lower(), 1) / _PARTS[found["part"].lower()]
        yield Quantity(*found.span(), found[0], (share,), "%")


_BETWEEN = re.compile(r"\s*(?:-|to|and|or|bis|und|oder|,)\s*")


def _sharing_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a range or list the unit that stands only after the last: 28 and 40 g, 10-15 km."""
    for index in range(len(found) - 2, -1, -1):
        one, following = found[index], found[index + 1]
        bare = not one.unit and not one.days and not one.is_year
        if bare and following.unit and following.unit != "th" and _BETWEEN.fullmatch(text, one.end, following.start):
            found[index] = Quantity(one.start, one.end, one.text, one.values, following.unit)
    return found
