"""Tell what kind of answer a question waits for, and whether it asks about the sources as a whole."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What an answering sentence must hold besides the question's own words."""

    WHO = "who"
    WHEN = "when"
    WHERE = "where"
    NUMBER = "number"
    NAME = "name"
    OPEN = "open"          # what, why, how: no expectation


_OF = r"(?:what|which|welche[rsmn]?|quel(?:le)?s?|qué|cuál)"
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in (
    (Kind.WHO, r"\b(?:who|whom|whose|wer|wen|wem|wessen|qui|quién(?:es)?)\b"),
    (Kind.WHO, rf"\b{_OF} (?:\w+ ){{0,2}}(?:person|man|woman|player|president|king|queen|author|scientist|leader|"
               r"act(?:or|ress)|singer|mathematician|director|artist|composer|emperor|pope|company|team|"
               r"organi[sz]ation|group|firma|autor(?:in)?)\b"),
    (Kind.WHEN, r"\b(?:when|wann|seit wann|quand|cuándo)\b"),
    (Kind.WHEN, rf"\b{_OF} (?:\w+ )?(?:year|date|day|month|century|decades?|time|period|age|jahr|datum|tag|"
                r"monat|jahrhundert|année|año)\b"),
    (Kind.NUMBER, r"\bhow (?:many|much|long|old|far|tall|high|large|big|often|fast|deep|heavy|wide)\b"),
    (Kind.NUMBER, r"\bwie (?:viele?|lange?|alt|weit|hoch|groß|oft|schnell|tief|schwer|breit|teuer)\b|\bcombien\b|\bcuánt[oa]s?\b"),
    (Kind.NUMBER, rf"\b{_OF} (?:\w+ )?(?:percentage|percent|number|amount|proportion|portion|fraction|share|price|cost|score|"
                  r"population|size|speed|distance|rank|anteil|anzahl|preis|menge|zahl)\b"),
    (Kind.WHERE, r"\b(?:where|wo|wohin|woher|dónde)\b|(?:^|\s)où\b"),
    (Kind.WHERE, rf"\b{_OF} (?:\w+ )?(?:city|country|place|state|town|region|county|location|area|continent|river|street|"
                 r"island|village|nation|stadium|university|stadt|land|ort|gegend|insel)\b"),
    (Kind.NAME, r"\b(?:name|named|called|title|titled|known as|term|heißt|hieß|namens|genannt)\b"),
))


def kind_of(question: str) -> Kind:
    """Return what the question waits for; the first pattern that fits decides."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OPEN)


_NUMBER_WORDS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen half third quarter "
    "first second twice once several both none two-thirds "
    "ein eine zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig dreißig hundert tausend million millionen milliarde "
    "milliarden hälfte drittel viertel dutzend").split()
_NUMBER = re.compile(rf"\d[\d.,]*|[½¼¾⅓⅔]|\b(?:{'|'.join(_NUMBER_WORDS)})\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b(?:1\d{3}|20\d\d)s?\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|january|february|march|april|june|july|august|"
    r"september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b|\b\d{1,2}(?:st|nd|rd|th)\b|"
    r"\bcentur(?:y|ies)\b|\bjahrhunderts?\b|\b\d+ (?:years?|days?|months?|weeks?|hours?|jahren?|tagen?|monaten?|wochen?)\b|"
    r"\b\d{1,2}:\d\d\b|\b\d{1,2}\.\d{1,2}\.\d{2,4}\b", re.IGNORECASE)
_MONTHS = (r"(?:jan(?:uary|uar)?|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|aug(?:ust)?|"
           r"sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)")
_DAY = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th|\.)? {_MONTHS}\b\.?(?: \d{{4}})?|\b{_MONTHS}\b\.? \d{{1,2}}\b(?:, \d{{4}})?|\b\d{{4}}-\d\d-\d\d\b",
    re.IGNORECASE)
_IN_CALENDAR = re.compile(
    rf"{_MONTHS}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w'’-]*(?:\s+(?:(?:of|the|de|von|van|du|la|al|and)\s+)?[^\W\d_a-zß-öø-ÿ][\w'’-]*)*")
_WORD = re.compile(r"[^\W_]+")
_SMALL = frozenset("""
    a an the of in on at by for from with and or but this that these those it its he she they we you i his her their our as
    after before when while if although though because since however there then here some most many all no not one during
    under over according despite both each to der die das ein eine es er sie wir ihr im am auf bei mit nach von vor wenn weil
    da dies diese dieser dieses aber und so als""".split())


def words_of(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORD.findall(text))


def holds(kind: Kind, sentence: str, asked: frozenset[str], *, capitals_mean_names: bool = True) -> float:
    """Return 1.0 when the sentence holds something of that kind whose words are not all in the question, else 0.0.

    `asked` are the question's words in lower case. An open question expects nothing: 0.5. In languages that write
    every noun with a capital (`capitals_mean_names` False) a name needs two capitalised words in a row.
    """
    if kind is Kind.OPEN:
        return 0.5
    if kind is Kind.NUMBER:
        found = _NUMBER.findall(_DAY.sub("", sentence))
    elif kind is Kind.WHEN:
        found = _DATE.findall(sentence)
    else:
        found = [name for name in names(sentence) if (capitals_mean_names or " " in name) and not _IN_CALENDAR.fullmatch(name)]
    return float(any(not (words_of(thing) - _SMALL) <= asked for thing in found))


def names(sentence: str) -> list[str]:
    """Return the runs of capitalised words, without the one that only opens the sentence."""
    found = []
    for run in _NAME.finditer(sentence):
        words = run[0].split()
        opens = not sentence[:run.start()].strip(" \"'“„‘«(#*-")
        while words and words[0].lower() in _SMALL and (opens or words[0].islower()):
            words = words[1:]
        if words and not (opens and len(run[0].split()) == 1):
            found.append(" ".join(words))
    return found


_WHOLE = re.compile(
    r"\bsummar(?:y|ies|i[sz]e[sd]?|i[sz]ing)\b|\boverview\b|\btl;?dr\b|\bgist\b"
    r"|\b(?:key|main) (?:points?|ideas?|findings?|messages?|themes?|topics?|takeaways?)\b|\btakeaways\b|\babout\b"
    r"|\bzusammenfass\w*|\bfass\w*\b.*\bzusammen\b|\büberblick\b|\bworum\b|\bworüber\b|\bwovon\b"
    r"|\bkernaussagen?\b|\bkernpunkte?\b|\bhauptpunkte?\b|\bhauptthem\w+"
    r"|\bwhat (?:do|does|is|are)\b.*\b(?:say|cover|contain|in|discuss|describe)\b"
    r"|\bwas (?:steht|enthalten|enthält|sagen|sagt)\b|\bdescribe\b|\bbeschreib\w*", re.IGNORECASE)
_GENERIC = frozenset("""
    what is are was were do does did this that these those the a an about it its they them all my our your me us please can
    could would you give tell show write make in of for to from on with and or i we have has here there short brief quick
    long good whole entire full complete summary summaries summarise summarize summarises summarized summarised summarizing
    overview tl dr tldr gist key main point points idea ideas finding findings message messages theme themes topic topics
    takeaway takeaways most important common general generally say says cover covers contain contains discuss discusses
    describe describes description some sentence sentences words bullet bullets paragraph document documents doc docs source
    sources file files text texts notebook notebooks paper papers book books article articles pdf pdfs note notes page pages
    content contents material materials upload uploads uploaded collection report reports everything selected ticked each one
    every worum worüber wovon geht es handelt handeln hier dies diese dieses diesem diesen dieser das die der den dem des ein
    eine einen einem im in fasse fass fassen zusammen zusammenfassung zusammenfassen überblick gib gebe mir uns bitte kurz
    kurze kurzen kannst du sie über von zu um was steht sagt sagen enthält enthalten quelle quellen dokument dokumente
    dokumenten datei dateien text texte texten notizbuch notizbuchs buch artikel alle allen alles meine meinen ganze ganzen
    kernaussage kernaussagen kernpunkte hauptpunkte hauptthema hauptthemen wichtigsten punkte beschreibe beschreib inhalt
    inhalte und sich""".split())


def about_the_whole(question: str, besides: frozenset[str] = frozenset()) -> bool:
    """True for "what is this about", "summarise my sources", "worum geht es": nothing particular is named but words of `besides`."""
    return bool(_WHOLE.search(question)) and particulars(question) <= besides


def particulars(question: str) -> frozenset[str]:
    """Return the words of a question about the whole that name something particular, such as one source."""
    return words_of(question) - _GENERIC
