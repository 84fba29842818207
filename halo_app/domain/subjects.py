"""Tell which words of a text can be the subject of a question: noun phrases as the text itself uses them. English and German."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_BEFORE = re.compile(
    r"(?:^|[^\w'’-])(?P<word>the|an?|this|these|its|their|our|your|his|her|each|every|of|in|on|for|with|without|by|from|to|as|and|or|between|"
    r"than|into|about|der|die|das|den|dem|des|eine?[nmrs]?|von|im|in|am|für|mit|ohne|und|oder|zum|zur|beim?)\s+$", re.IGNORECASE)
_AFTER = re.compile(
    r" ?(?:$|[.,;:!?()“”\"»–—\n]|(?:is|are|was|were|of|in|on|at|for|to|with|without|by|from|and|or|but|that|which|who|has|have|had|"
    r"can|may|will|would|could|should|than|as|because|when|while|if|ist|sind|war|waren|wird|wurde|und|oder|aber|der|die|das|von|im|in|am|für|mit|"
    r"hat|haben|kann|als|weil|wenn)\b)", re.IGNORECASE)
_TAKES_THE = frozenset("the a an this its their our your his her each every".split())
_SMALL = frozenset("""
    and or but nor via per vs etc the a an of in on for with without by from to as into than that which who this these those another
    other something anything nothing someone everything each every some any no not only just also very more most many few all both
    such own last next first second third is are was were be been has have had do does did can may will would could should let enjoy
    see add now there here elsewhere nowhere somewhere everywhere again never always often sometimes however therefore otherwise
    instead indeed perhaps thus hence rather quite typical magical our my your their its his her und oder aber der die das den dem ein
    eine mit ohne von im am ist sind war nicht auch noch nur sehr mehr viele alle jede jeder""".split())
_JOINING = frozenset("of the and for in by with de von van der des im am das die a an".split())
_INSIDE = _JOINING | frozenset("first second third next last own other".split())
_BROKEN = re.compile(r"\d{3}|[_@#/\\|{}<>=]|[^\W\d]\d|\d[^\W\d]")
_ENDS_AS_VERB = re.compile(r"(?:ed|ing|ly)$|ieren$", re.IGNORECASE)
_NOUNS_IN_ING = re.compile(
    r"(?:heating|building|meeting|training|housing|wiring|lighting|cooling|ceiling|opening|funding|learning|pricing|planning|engineering|"
    r"swimming|skating|skiing|tuning|reading|writing|painting|warning|setting|king|ring|spring)s?$", re.IGNORECASE)
_UNCOUNTED = re.compile(r"(?:ing|tion|sion|ment|ness|ity|ance|ence|ism|ship|age|val|ware|ology|graphy)$", re.IGNORECASE)


def as_subject(term: str, text: str, language: str) -> str:
    """Return the term as a question can name it, with the article that the text gives it; "" when it is no noun phrase there.

    A phrase counts only as the text writes it in one run, with something before it that takes a noun and something after it
    that a noun can end at: "remaining seven share" ends in a verb, since "two properties" follows.
    """
    words = term.split()
    if not words or _BROKEN.search(term) or any(word.lower() in _SMALL or not _WORD.fullmatch(word) for word in words):
        return ""
    if len(words) == 1 and term.istitle() and language != "de" and re.search(rf"(?<![\w'’-]){re.escape(term.lower())}\b", text):
        return as_subject(term.lower(), text, language)
    if _is_verb(words[-1]) or _says_something(words, text):
        return ""
    named = all(word[0].isupper() for word in words)
    taken = _taken(term, text, named=named)
    if not taken:
        return ""
    if language == "de":
        return f"„{term}“"
    plural = _is_plural(words[-1])
    with_article = sum(word in _TAKES_THE for word in taken)
    if with_article and 2 * with_article >= len(taken) and not plural:
        return f"the {term}"
    return term if plural or named or words[-1].isupper() or _UNCOUNTED.search(words[-1]) else ""


def _says_something(words: list[str], text: str) -> bool:
    """Tell whether a phrase is a subject with its verb, as "survey describes harbours", "Sund freezes" or "house stands".

    A plural is hardly ever inside a noun phrase, nor a small one after a name; at the end of one it stands elsewhere
    without the words before it.
    """
    if any(word.islower() and _is_plural(word) for word in words[:-1]):
        return True
    if len(words) == 1 or not (words[-1].islower() and _is_plural(words[-1])):
        return False
    if words[-2][:1].isupper() and not words[-2].isupper():
        return True
    taking = r"(?:the|of|in|on|for|with|by|from|to|and|or|two|three|four|many|all|some|\d+)"
    alone = rf"(?<![\w'’-]){taking} {re.escape(words[-1])}(?![\w'’-])"
    return not re.search(alone, text, re.IGNORECASE) and len(re.findall(re.escape(" ".join(words)), text)) < 2


def _is_plural(word: str) -> bool:
    return word.lower().endswith("s") and not word.lower().endswith(("ss", "us", "is"))


def _taken(term: str, text: str, *, named: bool) -> list[str]:
    """Return the word before each occurrence that stands like a noun; "" where a name stands after any word."""
    found = []
    for place in re.finditer(rf"(?<![\w'’-]){re.escape(term)}(?![\w'’-])", text):
        before, after = text[max(0, place.start() - 16):place.start()], text[place.end():place.end() + 12]
        if _AFTER.match(after) and (word := _BEFORE.search(before)):
            found.append(word["word"].lower())
        elif named and _AFTER.match(after) and before[-1:] == " " and before[-2:-1].islower():
            found.append("")
    return found


def names_in(texts: str) -> frozenset[str]:
    """Return the words that stand with a capital letter in the middle of a sentence."""
    return frozenset(re.findall(r"(?<=[a-z,;] )[A-ZÄÖÜ][\w'’-]*\w", texts))


def can_open(phrase: str, *, plural: bool, known: frozenset[str]) -> bool:
    """Tell whether a phrase that opened a sentence stands by itself as the subject of a question.

    `plural` is what its verb says; `known` are the words that are names. "Now", "Magical" and "Cradle also decreased" do not.
    """
    words = phrase.split()
    article = words[0].lower() in {"the", "a", "an", "der", "die", "das", "ein", "eine"}
    head = words[1:] if article else words
    if not head or _BROKEN.search(phrase) or phrase.endswith(("'", "’", "-")):
        return False
    if any(word.lower() in _SMALL - _INSIDE for word in head) or any(word.islower() and _is_verb(word) for word in head):
        return False
    joined = {"and", "und"} & set(head)
    noun = next((head[at - 1] for at, word in enumerate(head) if at and word in _JOINING - {"the"}), head[-1])
    if plural and not joined and not noun.endswith("s") and noun.lower() not in {"people", "women", "men", "children"}:
        return False
    return article or len(head) > 1 or plural or head[0] in known


def _is_verb(word: str) -> bool:
    return bool(_ENDS_AS_VERB.search(word)) and not _NOUNS_IN_ING.search(word)
