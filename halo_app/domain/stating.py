"""Take a fact apart: whom it is about, which attribute it gives, with what value, denied or over."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from halo_app.domain.self_talk import words
from halo_app.domain.third_person import about_user
from halo_app.domain.wording import stem


@dataclass(frozen=True, slots=True)
class Statement:
    """A fact taken apart: who or what (`subject`), the attribute that is spoken of, its value, and whether it is denied.

    `single` means that the attribute has one value at a time; `past` that it is told of an earlier time.
    """

    subject: str
    attribute: str
    value: str
    denied: bool = False
    single: bool = False
    past: bool = False
    ended: bool = False              # the state is over: quit, sold, is back from
    text: str = ""                   # what is said of the subject, without negation and times


_SMALL = frozenset("""
    a an the of to and their his her its own that is are was be been has have had do does very really also s in on at by for
    with from as user theirs them they it there this these called named""".split())
_TIMES = re.compile(r",? *\b" + words("""
    now currently nowadays these_days any_more anymore any_longer at_the_moment today already recently lately actually
    since_(?:last_)?[\\w]+(?:_\\d{4})? last_\\w+ this_(?:week|month|year|spring|summer|autumn|winter|morning)
    in_(?:19|20)\\d\\d (?:\\w+_)?\\w+_ago instead as_well in_\\w+(?:uary|ember|ober|pril|arch|une|uly|ugust) next_\\w+
    from_now_on for_the_(?:time_being|moment)""") + r"\b *",
    re.IGNORECASE)
_NEGATION = re.compile(r"\b" + words("""
    not no_longer never isn't aren't doesn't don't can't cannot won't wasn't hasn't haven't hadn't didn't couldn't nicht
    kein\\w*""")
    + r"\b *", re.IGNORECASE)
ENDED = re.compile(words("""
    (?:has_)?(?:quit|stopped|gave_up|given_up|left|sold|lost|cancelled|canceled|finished|ended|dropped|abandoned|got_rid_of)
    (?:is|are|was|came|has_come)_back_from (?:is|are)_done_with used_to_(?:be|have|own|live|work|like|love|eat|smoke|drink|play)
    (?:has_)?retired_from (?:has_)?(?:divorced|separated_from) (?:is|are)_rid_of (?:has_)?resigned_(?:as|from)""") + r"\b *",
        re.IGNORECASE)
_PAST = re.compile(r"\b" + words("""
    was were used_to studied worked lived wrote taught had did published visited travelled met spoke read attended""") + r"\b",
        re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?P<subject>(?:the user's|the|their|his|her) (?:[\w'’-]+ ){0,4}?[\w'’-]+?|the user|[A-Z]\w+)\s+(?P<rest>" + words("""
    is are was were has have had runs? lives? works? starts? ends? takes? needs? wants? can can't cannot does doesn't will
    covers? costs? begins? uses? contains? moved weighs? means? expires? leaves? meets? isn't aren't quit sold likes?
    dislikes? prefers? no_longer goes comes speaks? plays? stays? studies stopped became changed died owns?""") + r"\b.*)",
        re.IGNORECASE)


def read(text: str) -> Statement:
    """Take a fact apart. What is said in the first person is turned to the third before."""
    said = text if re.match(r"the user\b", text, re.IGNORECASE) or not _FIRST.search(text) else about_user(text)
    bare = said.strip().rstrip(" .!;,").replace("’", "'")
    found = re.match(r"(?P<subject>the user) (?P<rest>.+)", bare, re.IGNORECASE) or _SUBJECT.match(bare)
    subject, rest = (found["subject"].lower(), found["rest"]) if found else ("", bare)
    timed = bool(re.search(r"\b(?:in|until|from|before|since) (?:19|20)\d\d\b|\bago\b|\bonce\b", rest))
    rest = re.sub(r"\b(?:can't|cannot) stand\b", "dislikes", rest)
    rest = rest if re.match(r"(?:was|is) born\b", rest) else _TIMES.sub(" ", rest).strip()
    denied = len(_NEGATION.findall(rest)) % 2 == 1
    ended = bool(ENDED.match(rest))
    past = bool(_PAST.match(rest)) and (timed or bool(re.match(r"(?:was|were|used to)\b", rest))) and not ended
    rest = _NEGATION.sub(lambda negation: "can " if negation[0].strip().lower() in {"can't", "cannot"} else "", rest).strip()
    told = _framed(_subject(subject), rest, denied=denied, past=past, ended=ended)
    is_name = bool(found) and bool(re.fullmatch(r"[A-Z]\w+", bare[: len(subject)])) and not subject.startswith(_OWNERS)
    return replace(told, single=told.single and not (is_name and told.attribute == "is kind"))      # Ana is a nurse, and a mother


_OWNERS = ("the ", "their ", "his ", "her ")
_FIRST = re.compile(r"\b(?:I|I'm|my|we|our)\b", re.IGNORECASE)


def _subject(said: str) -> str:
    """The user's flat, the flat and their flat are one thing; the user's sister is not the user."""
    bare = re.sub(r"^(?:the user's|the|their|his|her|my|our) ", "", said.strip())
    named = re.findall(r"[\w'-]+", bare.replace("favorite", "favourite"))
    return "user" if bare in {"user", ""} else " ".join(word for word in named if word not in _SMALL)


def _framed(subject: str, rest: str, *, denied: bool, past: bool, ended: bool) -> Statement:
    for attribute, single, pattern in _FRAMES:
        if (found := pattern.match(rest)) and (subject == "user" or attribute not in _OF_PEOPLE):
            name = attribute.format(**{key: key_of(value or "") for key, value in found.groupdict().items()})
            return Statement(subject, name, found["value"].strip(" ,"), denied, single, past and attribute != "birth", ended,
                rest)
    if subject != "user" and (found := _COPULA.match(rest)):
        value = found["value"].strip()
        kind = kind_of(value)
        of_any = bool(_OF_ANY_VALUE.search(subject))
        single = of_any or not (kind == "quality" or _PLURAL_THINGS.search(subject) or (kind == "kind" and _PERSONS.search(subject)))
        name = "is" if of_any else f"is {kind}"
        return Statement(subject, name, value, denied, single, past, ended, rest)
    return Statement(subject, "", rest, denied, False, past, ended, rest)


_COPULA = re.compile(r"(?:is|are|was|were|has been|will be|became)(?: (?:called|named|now|due|on|at|in))*\b (?P<value>.+)",
    re.IGNORECASE)
_IDENTIFIES = tuple((name, re.compile(pattern)) for name, pattern in (
    ("amount", r"\d|[A-Z]\w+ to [A-Z]\w+$|"
               r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty)\b"),
    ("kind", r"an? "), ("name", r"the |[A-Z]")))
_PERSONS = re.compile(
    r"\b(?:wife|husband|partner|spouse|boss|supervisor|manager|mother|father|mum|mom|dad|boyfriend|girlfriend|landlord|"
    r"landlady|doctor|mentor)$")
_PLURAL_THINGS = re.compile(
    r"\b(?:brother|sister|friend|colleague|co-author|hobby|hobbie|interest|language|pet|goal|son|daughter|kid|child|aunt|uncle|"
    r"cousin|opponent|student|patient|"
    r"dog|cat|neighbour|neighbor|strength|weakness|allergie|allergy|project|plan|aim|book|paper|skill|cousin|niece|nephew|"
    r"horse|task|topic)s?$")
_OF_ANY_VALUE = re.compile(
    r"^(?:favourite|preferred|native)\b|\b(?:colour|color|role|job|profession|occupation|position|name|language|style|format|"
    r"title|religion|nationality|nation|diet|hour|age|"
    r"budget|salary|deadline|birthday|address|degree|major|subject|field|timezone|date|status|rank|employer|supervisor|boss|"
    r"manager|number|unit|rent|income|weight|height|operating system)s?$")

_WANTS = r"(?:prefers?|wants?|likes?|needs?|asks? for|would rather have|would like|requires?|expects?)"
_FRAMES = tuple((attribute, single, re.compile(pattern, re.IGNORECASE)) for attribute, single, pattern in (
    ("home", True, r"(?:lives?|is living|resides?|is based|has moved|moved|relocated|is moving|settled|has settled|"
                   r"used to live)(?: back| over)? (?:in|to|at|near|on) (?P<value>.+)"),
    ("home", True, r"ich (?:wohne|lebe) (?:jetzt |nun )?in (?P<value>.+)"), ("employer", True,
    r"ich arbeite (?:jetzt |nun )?(?:bei|für) (?P<value>.+)"),
    ("name", True, r"ich heiße (?P<value>.+)"), ("age", True, r"ich bin (?P<value>\d+)(?: jahre alt)?$"),
    ("home", True, r"left (?P<value>[A-Z]\w+)$"),
    ("employer", True, r"(?:works?|is working|is employed|has started|started(?: work| working)?|used to work) (?:at|for|by|"
                       r"with) (?!(?:home|nights?|weekends|the weekend)\b)(?P<value>.+)"),
    ("employer", True, r"(?:has )?(?:joined|changed to|switched to) (?P<value>(?:the )?[A-Z].+)"),
    ("trade", True, r"(?:works?|is working|is employed) as (?P<value>.+)"),
    ("age", True, r"(?:is|turned|has turned|will be) (?P<value>(?:\d+|[a-z]+(?:-[a-z]+)?)(?: years? old)?)$(?<!ed)(?=(?<=old)|"
                  r"(?<=\d))"),
    ("birth", True, r"(?:was|is) born (?:on|in) (?P<value>.+)"),
    ("origin", True, r"(?:comes|is|hails) from (?P<value>[A-Z].+)"),
    ("name", True, r"(?:is called|is named|goes by|calls themselves) (?P<value>.+)"),
    ("marriage", True, r"(?:is|got|has got|was|has been)? ?(?P<value>married|single|divorced|widowed|engaged|separated)\b"),
    ("diet", True, r"(?:is|has become|became|went|turned|eats) (?:a )?(?P<value>vegetarian|vegan|pescatarian|omnivore|meat|"
                   r"everything|kosher|halal)$"),
    ("hand", True, r"is (?P<value>(?:left|right)-handed)"),
    ("rather {other}", True, r"prefers? (?P<value>[\w ]+?) (?:to|over|rather than) (?P<other>[\w ]+)$"),
    ("way of {thing}", True, rf"{_WANTS} (?P<thing>[\w'-]+(?: [\w'-]+)?) (?:in|as|with|to be|written|written in|formatted as|"
                             rf"in the) (?P<value>.+)"),
    ("commute", True, r"(?:commutes?|travels? to work|goes to work|gets to work) (?P<value>by .+|on .+)"),
    ("commute from", True, r"commutes? from (?P<value>.+)"),
    ("{verb} {thing}", True, r"(?P<verb>takes?|is taking|needs?) (?P<value>\d[\d.,]* ?(?:mg|g|ml|µg|mcg|units?|tablets?|"
                             r"pills?)) of (?P<thing>.+)"),
    ("supervision", True, r"(?:is supervised by|reports to|is managed by) (?P<value>.+)"),
    ("studies", True, r"(?:studies|is studying|majors in) (?P<value>\w.+)"),
    ("drives", True, r"drives? (?P<value>an? .+)"),
    ("bank", True, r"banks? with (?P<value>.+)"),
    ("uses {thing}", True, r"uses (?P<value>.+?) (?P<thing>(?:for|as) .+)"),
    ("writes in", True, r"(?:always |usually )?writes (?:everything )?in (?P<value>.+)"),
    ("answers", True, r"asks?:? (?:to )?(?:always )?(?:answer|reply|write|respond) in (?P<value>.+)"),
    ("to be called", True, r"asks?:? (?:to )?(?:always )?call (?:the user|them) (?P<value>.+)"),
    ("called", True, r"is (?:called|named|titled|entitled) (?P<value>.+)"),
    ("runs", True, r"runs (?:on )?(?P<value>[A-Z].*)"),
    ("{verb} {at}", True, r"(?:is|are|was|will be) (?P<verb>\w+(?:ed|en|ld)) (?P<at>in|by|at|on|with) (?P<value>.+)"),
    ("{verb}", True, r"(?P<verb>starts?|ends?|begins?|leaves?|expires?|opens?|closes?|costs?|weighs?) (?:at |on |"
                     r"in )?(?P<value>.+)"),
))
_OF_PEOPLE = frozenset({"age", "diet", "marriage", "trade"})


def kind_of(value: str) -> str:
    """Return what kind of value it is: an amount, a kind of thing, a name, or a quality."""
    return next((name for name, pattern in _IDENTIFIES if pattern.match(value)), "quality")


def key_of(text: str) -> str:
    """Return the weighty words of a text by their stems, in order."""
    return " ".join(words_of(text))


def words_of(text: str) -> list[str]:
    """Return the stems of the weighty words, in order."""
    found = [word.removesuffix("'s") for word in re.findall(r"[\w'-]+", text.lower().replace("favorite", "favourite"))]
    return [stem(word) for word in found if word not in _SMALL]
