"""Names of units: different words for one unit share a name here, and only when their meaning is identical."""

from __future__ import annotations

import re

MONEY = {"$": "USD", "US$": "USD", "USD": "USD", "€": "EUR", "EUR": "EUR", "£": "GBP", "GBP": "GBP", "¥": "JPY", "CHF": "CHF",
    "A$": "AUD", "C$": "CAD"}

_SYMBOLS = {                       # written exactly so: m is not M, MB is not Mb
    "%": "%", "‰": "‰", "°C": "°C", "° C": "°C", "℃": "°C", "°F": "°F", "° F": "°F", "K": "K", "°": "°",
    "nm": "nm", "µm": "µm", "μm": "µm", "mm": "mm", "cm": "cm", "dm": "dm", "m": "m", "km": "km", "mi": "mi", "ft": "ft",
    "yd": "yd",
    "mm²": "mm²", "cm²": "cm²", "m²": "m²", "m2": "m²", "km²": "km²", "km2": "km²", "sq km": "km²", "qm": "m²", "ha": "ha",
    "cm³": "cm³", "m³": "m³", "m3": "m³", "ml": "ml", "mL": "ml", "cl": "cl", "l": "l", "L": "l", "hl": "hl",
    "µg": "µg", "μg": "µg", "mg": "mg", "g": "g", "kg": "kg", "t": "t", "lb": "lb", "lbs": "lb", "oz": "oz",
    "ns": "ns", "µs": "µs", "ms": "ms", "s": "s", "sec": "s", "min": "min", "h": "h", "hr": "h", "hrs": "h", "d": "day",
    "Hz": "Hz", "kHz": "kHz", "MHz": "MHz", "GHz": "GHz", "W": "W", "kW": "kW", "MW": "MW", "GW": "GW", "TW": "TW",
    "Wh": "Wh", "kWh": "kWh", "MWh": "MWh", "GWh": "GWh", "TWh": "TWh", "J": "J", "kJ": "kJ", "MJ": "MJ", "kcal": "kcal",
    "cal": "cal",
    "mV": "mV", "V": "V", "kV": "kV", "mA": "mA", "A": "A", "Ah": "Ah", "mAh": "mAh", "N": "N", "kN": "kN", "Nm": "Nm",
    "Pa": "Pa", "hPa": "hPa", "kPa": "kPa", "MPa": "MPa", "bar": "bar", "mbar": "mbar", "psi": "psi", "mmHg": "mmHg", "dB": "dB",
    "bit": "bit", "B": "B", "kB": "kB", "KB": "kB", "MB": "MB", "GB": "GB", "TB": "TB", "PB": "PB", "KiB": "KiB", "MiB": "MiB",
    "GiB": "GiB",
    "kbit/s": "kbit/s", "Mbit/s": "Mbit/s", "Gbit/s": "Gbit/s", "Mbps": "Mbit/s", "Gbps": "Gbit/s",
    "km/h": "km/h", "kph": "km/h", "m/s": "m/s", "mph": "mph", "t/ha": "t/ha", "kg/ha": "kg/ha", "g/l": "g/l", "mg/l": "mg/l",
    "mg/kg": "mg/kg",
    "rpm": "rpm", "ppm": "ppm", "ppb": "ppb", "€": "EUR", "$": "USD", "£": "GBP", "CHF": "CHF", "EUR": "EUR", "USD": "USD",
    "px": "px", "pp": "points",
}
_WORDS = {                         # in any case; the first name of each line is the unit's
    "%": "percent|per cent|prozent|pct", "points": "percentage points|percentage point|prozentpunkte|prozentpunkten",
    "°C": "degrees celsius|degree celsius|degrees centigrade|grad celsius|celsius",
    "°F": "degrees fahrenheit|degree fahrenheit|fahrenheit",
    "K": "kelvin", "°": "degrees|degree|grad", "nm": "nanometres|nanometers|nanometer",
    "µm": "micrometres|micrometers|micrometer|microns", "mm": "millimetres|millimetre|millimeters|millimeter|millimetern",
    "cm": "centimetres|centimetre|centimeters|centimeter|zentimeter|zentimetern", "m": "metres|metre|meters|meter|metern",
    "km": "kilometres|kilometre|kilometers|kilometer|kilometern", "mi": "miles|mile|meilen|meile", "ft": "feet|foot|fuß",
    "inch": "inches|inch|zoll", "yd": "yards|yard", "nmi": "nautical miles|seemeilen",
    "m²": "square metres|square meters|square metre|quadratmeter|quadratmetern",
    "km²": "square kilometres|square kilometers|quadratkilometer",
    "mi²": "square miles", "ft²": "square feet", "ha": "hectares|hectare|hektar", "acre": "acres|acre",
    "m³": "cubic metres|cubic meters|kubikmeter|kubikmetern", "ml": "millilitres|milliliters|milliliter",
    "l": "litres|litre|liters|liter|litern", "gal": "gallons|gallon",
    "µg": "micrograms|microgram|mcg|mikrogramm", "mg": "milligrams|milligram|milligramm", "g": "grams|gram|grammes|gramm",
    "kg": "kilograms|kilogram|kilogrammes|kilos|kilo|kilogramm",
    "t": "tonnes|tonne|metric tons|metric tonnes|tonnen", "ton": "tons|ton", "lb": "pounds of weight", "oz": "ounces|ounce",
    "ms": "milliseconds|millisecond|millisekunden", "s": "seconds|sekunden|sekunde", "min": "minutes|minute|mins|minuten",
    "h": "hours|hour|stunden|stunde", "day": "days|day|tage|tagen|tages", "week": "weeks|week|wochen|woche",
    "month": "months|month|monate|monaten|monat", "year": "years|year|yrs|jahre|jahren|jahr",
    "decade": "decades|jahrzehnte|jahrzehnten",
    "century": "centuries|jahrhunderte|jahrhunderten", "W": "watts|watt", "kW": "kilowatts|kilowatt", "MW": "megawatts|megawatt",
    "GW": "gigawatts|gigawatt",
    "Wh": "watt hours|wattstunden", "kWh": "kilowatt hours|kilowatt-hours|kilowattstunden",
    "MWh": "megawatt hours|megawatt-hours|megawattstunden",
    "GWh": "gigawatt hours|gigawatt-hours|gigawattstunden", "TWh": "terawatt hours|terawatt-hours|terawattstunden",
    "V": "volts|volt", "A": "amperes|ampere|amps", "Hz": "hertz", "kHz": "kilohertz", "MHz": "megahertz", "GHz": "gigahertz",
    "kB": "kilobytes|kilobyte", "MB": "megabytes|megabyte", "GB": "gigabytes|gigabyte", "TB": "terabytes|terabyte",
    "bit": "bits", "B": "bytes|byte",
    "Pa": "pascal", "kcal": "kilocalories|kilokalorien", "J": "joules|joule", "kJ": "kilojoules", "dB": "decibels|dezibel",
    "ppm": "parts per million",
    "km/h": "kilometres per hour|kilometers per hour|stundenkilometer", "mph": "miles per hour",
    "m/s": "metres per second|meters per second",
    "USD": "us dollars|us-dollar|dollars|dollar", "EUR": "euros|euro", "GBP": "pounds sterling|pounds|pound",
    "CHF": "swiss francs|franken",
    "JPY": "yen", "cent": "cents|cent", "times": "times|mal",
}
_ALIASES = {alias: name for name, aliases in _WORDS.items() for alias in aliases.split("|")}
_SYMBOL = re.compile(r"(?:[ -]|\n(?=\S\S))?("
    + "|".join(re.escape(symbol) for symbol in sorted(_SYMBOLS, key=len, reverse=True)) + r")(?![\w/²³])")
_WORD = re.compile(r"(?:\s|-)?\s?(" + "|".join(alias.replace(" ", r"\s+") for alias in sorted(_ALIASES, key=len, reverse=True))
    + r")\b", re.IGNORECASE)


def after(text: str, place: int) -> tuple[str, int] | None:
    """Return the unit that follows directly at `place`, and where it ends; None when none does."""
    word, symbol = _WORD.match(text, place), _SYMBOL.match(text, place)
    if word and (not symbol or word.end() >= symbol.end()):
        return _ALIASES[" ".join(word[1].lower().split())], word.end()
    return (_SYMBOLS[symbol[1]], symbol.end()) if symbol else None
