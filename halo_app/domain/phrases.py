"""The few sentences an answer says in its own voice, in the language of the question: English or German."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from halo_app.domain.conversation import Sentence

COLUMNS_CHARS = 160            # names of columns longer than that are left out
_WORD = re.compile(r"[^\W\d_]+")
_GERMAN = frozenset("""
    der die das den dem des ein eine einen einem einer wer was wann wo wohin woher warum wieso weshalb wie welche welcher
    welches welchen wurde wurden wird werden ist sind hat haben hatte kann können muss müssen soll darf gibt gilt es ich sie
    wir und oder nicht kein keine im am zum zur von vom mit für bei nach aus auf über unter zwischen worum geht fasse fass
    zusammen viel viele lange hoch steht laut bitte mir""".split())
_ENGLISH = frozenset("""
    the a an what who when where why how which whose is are does do did has have had can must should will would of in to
    for and or not by with from about between per according please summarise summarize many much long""".split())

_SAID = {
    "en": {
        "from": "From {}:", "closest": "Closest to your question, from {}:", "and": " and ", "columns": "columns {}",
        "nothing": "{} hold nothing about this.", "nearest": "{} do not seem to answer this. The nearest passages are shown below.",
        "one nothing": "{} holds nothing about this.",
        "one nearest": "{} does not seem to answer this. The nearest passages are shown below.", "sources": "The selected sources",
        "left out": "Left out, because its text cannot be read: {}.",
        "unknown": "No selected source seems to mention {}.",
        "own words": "{} in its own words:", "all words": "Your {} sources in their own words:",
        "some words": "{} of {} sources in their own words:", "no source": "There is no source to tell about yet.",
        "no text": "The selected sources hold no text that could be summarised.",
    },
    "de": {
        "from": "Aus {}:", "closest": "Der Frage am nächsten kommt, aus {}:", "and": " und ", "columns": "Spalten {}",
        "nothing": "{} sagen darüber nichts.", "nearest": "{} scheinen das nicht zu beantworten. Die nächsten Stellen stehen unten.",
        "one nothing": "{} sagt darüber nichts.",
        "one nearest": "{} scheint das nicht zu beantworten. Die nächsten Stellen stehen unten.", "sources": "Die gewählten Quellen",
        "left out": "Ausgelassen, weil der Text nicht gelesen werden kann: {}.",
        "unknown": "Keine gewählte Quelle scheint {} zu erwähnen.",
        "own words": "{} in eigenen Worten:", "all words": "Ihre {} Quellen in eigenen Worten:",
        "some words": "{} von {} Quellen in eigenen Worten:", "no source": "Noch gibt es keine Quelle, von der zu erzählen wäre.",
        "no text": "Die gewählten Quellen enthalten keinen Text, der sich zusammenfassen ließe.",
    },
}

_SAYING = frozenset("""
    said says tell told name named list mention mentioned explain describe compare cost costs many much happen happens
    happened sagt gesagt steht nenne nennt liste erkläre beschreibe vergleiche kostet kosten passiert geschieht""".split())


def language_of(question: str) -> str:
    """Return "de" when the question has more German than English function words, or an umlaut; else "en"."""
    words = [word.lower() for word in _WORD.findall(question)]
    german, english = sum(word in _GERMAN for word in words), sum(word in _ENGLISH for word in words)
    return "de" if german > english or (german == english and re.search("[äöüß]", question.lower())) else "en"


def say(what: str, language: str, *values: object) -> str:
    """Return one of the phrases with its values filled in."""
    return _SAID[language][what].format(*values)


def lead(sentences: Sequence[Sentence], language: str = "en", *, columns: str = "", is_sure: bool = True) -> str:
    """Return the line above the quotes: which sources they are from, and the place where it is one.

    `columns` are the names above the cells of the first sentence, when that is a row of a table.
    """
    places: dict[str, list[str]] = {}
    for citation in (citation for sentence in sentences for citation in sentence.citations[:1]):
        labels = places.setdefault(citation.source, [])
        if citation.locator and citation.locator not in labels:
            labels.append(citation.locator)
    details = {source: [_innermost(labels[0])] if len(labels) == 1 else [] for source, labels in places.items()}
    if columns and len(columns) <= COLUMNS_CHARS and sentences:
        details[sentences[0].citations[0].source].append(say("columns", language, columns))
    return say("from" if is_sure else "closest", language, _listed(details, language))


def unknown(words: Sequence[str], language: str) -> str:
    """Return the remark that the sources never use these words of the question, "" when there are none or many."""
    if not 0 < len(words) <= 3:
        return ""
    quoted = [f"„{word}“" if language == "de" else f"“{word}”" for word in words]
    last = f" {'oder' if language == 'de' else 'or'} {quoted[-1]}" if len(quoted) > 1 else ""
    return say("unknown", language, (", ".join(quoted[:-1]) if last else quoted[0]) + last)


def subjects(question: str) -> list[str]:
    """Return the words of four letters and more that may name what a question is about, not how much or who says it."""
    words = _WORD.findall(question)
    return [word for before, word in zip(["", *words], words, strict=False)
            if len(word) >= 4 and word.lower() not in _SAYING and before.lower() not in {"how", "wie"}]


def _innermost(label: str) -> str:
    """Shorten “Manual › Care › Cleaning” to “Cleaning”: the whole path stands beside the quote."""
    path, mark, last = label.rpartition(" › ")
    return f"{path[:path.find('“') + 1]}{last}" if mark and "“" in path and "–" not in path else label


def _listed(details: Mapping[str, Sequence[str]], language: str) -> str:
    named = [f"{source} ({'; '.join(inside)})" if inside else source for source, inside in details.items()]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])}{say('and', language)}{named[-1]}"


def nothing(near: bool, language: str, named: Sequence[str] = ()) -> str:
    """Return what is said when the sources, or the one that the question names, hold no answer."""
    what = ("one " if len(named) == 1 else "") + ("nearest" if near else "nothing")
    return say(what, language, say("and", language).join(named) or say("sources", language))
