"""What a reader asks of an output: about what, how long, in which language and tone; every wish has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from halo_app.errors import BadInput

LENGTHS = {"short": 0.5, "medium": 1.0, "long": 2.0}
LANGUAGES = ("", "en", "de")           # "": the language of most sources
TONES = ("neutral", "formal", "plain")
FOCUS_CHARS = 200


@dataclass(frozen=True, slots=True)
class Option:
    """A wish that only one template knows. `choices` are the values it takes; without them it is typed in."""

    name: str
    label: str
    help: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wishes:
    """What was asked for, checked."""

    focus: str = ""
    length: str = "medium"
    language: str = ""
    tone: str = "neutral"
    dates: bool = False
    own: Mapping[str, str] = field(default_factory=dict)       # wishes that only the template knows

    def count(self, medium: int, *, least: int = 1, most: int = 1000) -> int:
        """Return how many things are wanted where a text of medium length has `medium`."""
        return max(least, min(most, round(medium * LENGTHS[self.length])))


def wishes_of(options: Mapping[str, str]) -> Wishes:
    """Return the wishes in the options of an output. Raises BadInput for a value that there is not."""
    length, language, tone = options.get("length") or "medium", options.get("language") or "", options.get("tone") or "neutral"
    _one_of("length", length, tuple(LENGTHS))
    _one_of("language", language, LANGUAGES)
    _one_of("tone", tone, TONES)
    known = {"focus", "length", "language", "tone", "dates"}
    own = {name: value for name, value in options.items() if name not in known and value}
    focus = " ".join(options.get("focus", "").split())[:FOCUS_CHARS]
    return Wishes(focus, length, language, tone, options.get("dates") == "yes", own)


def _one_of(name: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise BadInput(f"{name}={value!r} is none of {', '.join(filter(None, choices))}", fix="choose one of them, or leave it out")
