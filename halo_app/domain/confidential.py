"""Find what must never be remembered: passwords, keys, tokens, codes, card and account numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

HIDDEN = "[secret]"

_SHAPES = tuple(re.compile(shape) for shape in (
    r"-----BEGIN [A-Z ]*(?:PRIVATE KEY|CERTIFICATE|MESSAGE)[A-Z ]*-----(?s:.*?(?:-----END[^-]*-----|$))",
    r"\b(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{12,}\b", r"\bAIza[\w-]{20,}", r"\bya29\.[\w-]{10,}",
    r"\b(?:sk|pk|rk|whsec|key|tok|ghp|gho|ghu|ghs|ghr|github_pat|glpat|npm|pypi|hf|dop_v1|shpat|xapp|SG|"
    r"xox[abeoprs])[-_.][\w./+=-]{8,}",
    r"\beyJ[\w-]{6,}(?:\.[\w-]+){0,2}", r"\$2[aby]\$\d\d\$[\w./]{20,}", r"\b[0-9a-fA-F]{32,}\b",
    r"\b[a-z][a-z0-9+.-]*://[^\s/:@]+:[^\s/@]+@\S+", r"\b(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) AAAA\S+",
    r"\b\d{3}-\d{2}-\d{4}\b",
))
_NAMED = re.compile(
    r"\b(?:pass ?(?:word|phrase|code|key)s?|pass|pwd?|pins?|(?:api|access|secret|private|public|licen[cs]e|product|encryption|"
    r"ssh|wifi|"
    r"wi-fi|master|security|account|wpa2?|signing|session|service|stripe|aws|bot|hidden|deploy|admin|recovery|"
    r"backup)[ -]?(?:keys?|tokens?|"
    r"secrets?|cookies?|strings?)|tokens?|secrets?|credentials?|log-?in|(?:recovery|seed|backup|secret|mnemonic) (?:phrase|"
    r"words?|codes?)|"
    r"cvv2?|cvc|otp|tan|puk|(?:social security|national insurance|insurance|ss|tax|passport|id|identity|card|account|"
    r"bank account|"
    r"licen[cs]e|debit card|credit card|visa card|sort|routing|policy|customer|health insurance)[ -]?(?:number|no\.?|code|id)|"
    r"ssn|"
    r"tax ?id|iban|bic|swift|(?:credit|debit|visa|bank|master|amex) ?card|visa|mastercard|safe combination|combination|"
    r"pass(?:wort|wörter)\w*|kennw(?:ort|örter)\w*|geheim(?:zahl|nummer|code|wort)|kreditkarte\w*|(?:karten|konto|steuer|ausweis|"
    r"sozialversicherungs|versicherungs)-?(?:nummer|id|identifikationsnummer)|zugangs(?:code|daten)|prüfziffer|schlüssel|"
    r"(?<!postal )(?<!zip )(?<!area )(?<!country )(?<!source )(?<!dress )(?<!civil )(?<!penal )codes?|türcode)\b",
    re.IGNORECASE)
_GIVEN = re.compile(r"\s*(?:[\w'’-]+\s+){0,5}?(?:is|are|was|=|:|ist|lautet|hat die nummer|reads)\s*:?\s*[“\"'‘„]?(?P<value>\S.*)",
                    re.IGNORECASE | re.DOTALL)
_ORDINARY = re.compile(
    r"(?:(?:very|too|not|so|quite|always|never|still|also|already|just|only|now|in|on|of|for|at|about|that|what|how|a|an|the|"
    r"their|my|"
    r"important|hard|easy|strong|weak|wrong|missing|lost|broken|expired|used|called|stored|kept|safe|here|there|to|sehr|nicht|"
    r"zu|ein|"
    r"eine|der|die|das)\b)", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\d.,])\d(?:[ -]?\d){3,}(?![\d.,]?\d)")
_LONG_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){11,22}(?!\d)")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){10,30}\b")
_WORDLIKE = re.compile(r"[^\s“”\"„]{8,}")


def secrets_in(text: str) -> list[tuple[int, int]]:
    """Return where the text gives a secret away, in order: (start, end) of each place."""
    places: list[tuple[int, int]] = []
    for start, end in sorted({*_shaped(text), *_numbered(text), *_named(text), *_mixed(text)}):
        if places and start <= places[-1][1]:
            places[-1] = (places[-1][0], max(end, places[-1][1]))
        else:
            places.append((start, end))
    return places


def holds_secret(text: str) -> bool:
    return bool(secrets_in(text))


_TALK_OF = re.compile(
    r"\b(?:pass(?:word|phrase|code|key)s?|pwd?|pins?|(?:api|access|secret|private|master|encryption|licen[cs]e) keys?|tokens?|"
    r"secret|"
    r"credentials?|cvv2?|cvc|otp|(?:recovery|seed|backup|mnemonic) (?:phrase|words?|codes?)|iban|ssn|social security|tax ?id|"
    r"maiden name|"
    r"security (?:answers?|questions?|codes?)|(?:credit|debit) ?cards?|passport (?:no|number)|(?:safe|lock|vault|alarm|"
    r"padlock)\b.{0,30}\d{3,}|"
    r"(?:account|card|number|no\.|key|code|login|user ?name|nummer|konto|schlüssel)\b.{0,30}\d{4,}|pass(?:wort|wörter)\w*|"
    r"kennw(?:ort|örter)\w*|"
    r"geheim(?:zahl|nummer|code|wort)|kreditkarte\w*|kontonummer|steuer-?(?:id|nummer)|zugangs(?:code|daten))\b"
    r"|(?<![\d.,])\d(?:[ /-]?\d){7,}(?![\d.,]?\d)|\b(?=\w*\d)(?=\w*[A-Za-z]\w*\d\w*[A-Za-z])[\w-]{10,}\b", re.IGNORECASE)


def may_hold_secret(text: str) -> bool:
    """Tell whether a text gives a secret away or so much as speaks of one: from such a text nothing is noticed."""
    return holds_secret(text) or bool(_TALK_OF.search(text))


def without_secrets(text: str) -> str:
    """Return the text with each secret replaced by a word; what follows a named secret in its sentence goes with it."""
    kept, until = [], 0
    for start, end in secrets_in(text):
        kept.append(text[until:start] + HIDDEN)
        until = end
    return "".join(kept) + text[until:]


def _shaped(text: str) -> Iterator[tuple[int, int]]:
    for shape in _SHAPES:
        yield from (found.span() for found in shape.finditer(text))


def _numbered(text: str) -> Iterator[tuple[int, int]]:
    """Card numbers by their check digit (ISO/IEC 7812) and account numbers by theirs (ISO 13616)."""
    for found in _LONG_DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if 12 <= len(digits) <= 19 and luhn(digits):
            yield found.span()
    for found in _IBAN.finditer(text.upper()):
        bare = re.sub(r"[ -]", "", found[0])
        if any(_mod_97(bare[:length]) for length in range(15, min(len(bare), 34) + 1)):
            yield found.span()


def luhn(digits: str) -> bool:
    """Tell whether the last digit checks the others, as on payment cards."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0 and len(set(digits)) > 1


def _mod_97(iban: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in iban[4:] + iban[:4])) % 97 == 1


def _named(text: str) -> Iterator[tuple[int, int]]:
    """A word for a secret with a value behind it: my PIN is 4821, pw: hunter2, Geheimzahl 4711."""
    for found in _NAMED.finditer(text):
        end = _end_of_sentence(text, found.end())
        rest = text[found.end():end]
        given = _GIVEN.match(rest)
        digits = re.match(r"\W{0,3}(?:\w+\W{1,3}){0,4}?(?=\w*\d\w*\d\w*\d)", rest)
        if (given and not _ORDINARY.match(given["value"])) or digits or re.match(r"\s+[“\"'‘„]\S{4,}", rest):
            yield found.start(), end


def _end_of_sentence(text: str, start: int) -> int:
    stop = re.compile(r"[.!?](?=\s+[A-ZÄÖÜ]|\s*$)|\n").search(text, start)
    return stop.start() if stop else len(text)


def _mixed(text: str) -> Iterator[tuple[int, int]]:
    """A word in which letters, digits and signs are mixed as in a password or key, not as in an address or a date."""
    for found in _WORDLIKE.finditer(text):
        word = found[0].strip(".,;:!?()[]'’‘")
        if "://" in word or re.search(r"@[\w-]+\.\w", word) or (len(word) < 24 and re.search(r"^\w+(?:[-/’']\w+)*$", word)):
            continue
        kinds = sum(bool(re.search(kind, word)) for kind in ("[a-z]", "[A-Z]", r"\d", r"[^\w\s,.;:()/’'-]"))
        if len(word) >= 8 and kinds >= 3 and re.search(r"\d", word) and (len(word) >= 20 or kinds == 4):
            yield found.span()
