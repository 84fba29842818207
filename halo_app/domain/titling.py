"""Name a chat after its first question: short, without the courtesies around it. English and German."""

from __future__ import annotations

import re

from halo_app.domain.sentences import sentences
from halo_app.domain.shortening import shortened

SHORT_CHARS = 40                # a question up to here is its own best name
TITLE_CHARS = 60
MODEL_WORDS = 10
_OPENERS = re.compile(
    r"(?:please|hi|hello|hey|so|ok(?:ay)?|well|also|now|then|thanks|"
    r"(?:can|could|would|will) you (?:please |kindly )?(?:tell|show|explain to|give|let) (?:me|us)(?: know)?(?: about)?|"
    r"(?:can|could|would|will) you (?:please |kindly )?(?=(?:explain|summari[sz]e|list|compare|describe|find|check) )|"
    r"(?:please )?(?:tell|show) (?:me|us)(?: about)?|(?:i|we) (?:would like|want|need|wanted) to know(?: about)?|(?:i|we) wonder|"
    r"do you know|(?:based on|according to|from|in) (?:all )?(?:my|the|our|these) (?:sources|documents|files|notes)|"
    r"bitte|hallo|also|(?:kannst|könntest) du (?:mir |uns )?(?:bitte )?(?:sagen|zeigen|erklären)|"
    r"(?:können|könnten) sie (?:mir |uns )?(?:bitte )?(?:sagen|zeigen|erklären)|(?:sag|zeig|erklär)e? (?:mir|uns)(?: bitte)?|"
    r"(?:ich|wir) (?:möchte|möchten|will|wollen|würde|würden)(?: gerne?)? wissen|weißt du|"
    r"(?:laut|nach) (?:meinen|den|unseren) (?:quellen|dokumenten|unterlagen))\b[\s,:;–-]*",
    re.IGNORECASE)
_FRAME = re.compile(
    r"(?:(?:what|who) (?:is|are|was|were|'s) (?=(?:the|an?|my|our|their|his|her) )|what's (?=the |an? )|what (?:about|of) |"
    r"(?:was|wer) (?:ist|sind|war|waren) (?=(?:der|die|das|ein|eine|mein|meine|unser|unsere) )|was ist mit )",
    re.IGNORECASE)
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|eine?) (?=\S)", re.IGNORECASE)
_BREAK = re.compile(r"(?:,|;| – | - |:) | (?=(?:and|or|because|since|while|when|but|und|oder|weil|wenn|aber) )")
_ENDS = " \t\n\"'“”„«»*_`#.:–-"


def title_of(question: str) -> str:
    """Return a name of at most 60 characters on one line; "" for a question without words.

    Of several sentences the first that asks something is taken. Courtesies go; a longer question also loses the frame
    around what it is about ("What was the …?"), then all from its first pause on.
    """
    said = _without_openers(_telling_sentence(question))
    if len(said) <= SHORT_CHARS:
        return _capital(said)
    if frame := _FRAME.match(said):
        said = said[frame.end():].rstrip("? ")
        said = said[found.end():] if (found := _ARTICLE.match(said)) else said
    return _capital(shortened(_to_a_pause(said), TITLE_CHARS))


def read_title(written: str) -> str:
    """Return the name that a language model wrote, "" when what it wrote is none: too long, or empty."""
    lines = [line.strip(_ENDS) for line in written.strip().splitlines() if line.strip(_ENDS)]
    if not lines:
        return ""
    name = re.sub(r"^(?:title|name|titel)\s*:\s*", "", lines[0], flags=re.IGNORECASE).strip(_ENDS)
    return _capital(name) if len(name) <= TITLE_CHARS and len(name.split()) <= MODEL_WORDS else ""


def _telling_sentence(text: str) -> str:
    said = [" ".join(text[one.start:one.end].split()) for one in sentences(text)]
    return next((one for one in said if one.endswith("?")), said[0] if said else "")


def _without_openers(said: str) -> str:
    left = said
    while (opener := _OPENERS.match(left)) and " " in left[opener.end():].strip(" ?.!"):
        left = left[opener.end():]
    return left


def _to_a_pause(said: str) -> str:
    if len(said) <= TITLE_CHARS:
        return said
    pauses = [found.start() for found in _BREAK.finditer(said) if 20 <= found.start() <= TITLE_CHARS]
    return said[:pauses[0]] if pauses else said


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]
