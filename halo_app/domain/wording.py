"""Words as verdicts see them: which carry content, which set limits, which deny, and which are the same word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from halo_app.domain.quantities import Quantity, agrees, quantities


class Role(StrEnum):
    """What a token does in its sentence."""

    WORD = "word"
    NAME = "name"
    QUANTITY = "quantity"
    LIMIT = "limit"        # at least, only, may, before: changes what is claimed
    NOT = "not"
    LINK = "link"          # prepositions
    BREAK = "break"        # where a clause ends
    OTHER = "other"


CONTENT = frozenset({Role.WORD, Role.NAME, Role.QUANTITY})


@dataclass(frozen=True, slots=True)
class Token:
    """`key` is what must be equal: a stem, a name in lower case, a group of words that limit alike."""

    role: Role
    text: str
    start: int
    end: int
    key: str
    quantity: Quantity | None = None
    denied: bool = False       # under a negation

    @property
    def counts(self) -> bool:
        """True when the token says something of its own."""
        return self.role in CONTENT


_OTHER = frozenset("""
a an the this that these those it its he she they we you i him her them us his their our your my who whom whose which what where
there here is are was were be been being am has have had having do does did will would than as also so such own very too then
thus both each-other und oder ist sind war waren wird werden wurde wurden worden hat haben hatte hatten sein der die das den dem
des ein eine einen einem einer eines er sie es wir ihr ihre seine seinen dieser diese dieses diesem diesen dass daß auch so sich
als wie sowie dabei dort hier man itself himself herself themselves one ones
""".split())
_LINKS = {word: group for group, words in {
    "in": "in within during inside im innerhalb während", "at": "at on am an", "to": "to into onto towards zu zum zur auf",
    "from": "from out ab aus",
    "of": "of von vom", "by": "by via through durch um", "with": "with including mit samt", "for": "for für",
    "about": "regarding concerning",
    "against": "against gegen", "between": "between among zwischen unter-den", "per": "per pro je",
    "at-place": "bei beim nach-bei",
    "because": "because due owing wegen weil", "like": "like wie-als", "unlike": "unlike anders-als",
    "along": "along across around entlang",
}.items() for word in words.split()}
_NOT = frozenset("""
not no never none nobody nothing neither nor without cannot hardly scarcely barely unable
nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne kaum keinerlei
""".split())
_DENYING = frozenset("deny denies denied refute refutes refuted lack lacks lacked bestreitet bestritt".split())
_BREAKS = frozenset("""and but while whereas although though because when if which who where or
und aber während obwohl weil sondern doch oder""".split())
_LIMITS = {phrase: group for group, phrases in {
    "at least": "at least|no less than|no fewer than|not less than|a minimum of|minimum|mindestens|wenigstens|minimal",
    "at most": "at most|up to|no more than|not more than|a maximum of|maximum|höchstens|bis zu|maximal",
    "over": "more than|over|above|exceeding|exceeds|exceed|greater than|higher than|larger than|heavier than|older than|longer than"
    "|mehr als|über|oberhalb",
    "under": "less than|fewer than|below|under|lower than|smaller than|younger than|shorter than|weniger als|unter|unterhalb",
    "nearly": "nearly|almost|fast|beinahe|nahezu", "only": "only|solely|exclusively|nur|lediglich|ausschließlich",
    "may": "may|might|can|could|possibly|perhaps|kann|können|könnte|könnten|darf|dürfen|möglicherweise|vielleicht",
    "must": "must|shall|has to|have to|had to|is required to|are required to|muss|müssen|musste|mussten",
    "should": "should|ought to|sollte|sollten",
    "likely": "likely|probably|wahrscheinlich|vermutlich",
    "every": "all|every|each|alle|allen|aller|jede|jeder|jedes|jeden|sämtliche",
    "some": "some|several|einige|manche|mehrere", "most": "most|the majority of|die meisten|meist", "many": "many|viele|vielen",
    "few": "few|wenige",
    "before": "before|prior to|vor|bevor", "after": "after|following|nach|nachdem", "since": "since|seit",
    "until": "until|till|bis",
    "always": "always|immer|stets", "often": "often|frequently|oft|häufig", "seldom": "rarely|seldom|selten",
    "sometimes": "sometimes|manchmal",
    "except": "except for|except|unless|außer", "instead": "instead of|rather than|statt|anstatt",
    "longer": "no longer|nicht mehr",
    "if": "if|provided that|wenn|falls|sofern", "more": "more|mehr", "less": "less|fewer|weniger",
    "would": "would|würde|würden",
    "meant": "propose to|proposes to|proposed to|plan to|plans to|planned to|intend to|intends to|intended to|expect to"
    "|expects to|expected to|hope to|hopes to|hoped to|aim to|aims to|aimed to|want to|wants to|wanted to|promised to"
    "|threatened to|tried to|tries to|attempted to",
    "claimed": "claim the|claims the|claimed the|argue that|argues that|argued that|suspect that|suspects that|suspected that"
    "|allegedly|supposedly|reportedly|rumoured|claim that|claims that|claimed that|alleged"
    "|believe that|believed that|believes that|angeblich"
    "|it is said|contrary to|falsely|wrongly|incorrectly|is said to|behauptet|a myth that",
}.items() for phrase in phrases.split("|")}
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty a.hundred"
_COUNTED = "(?:" + "|".join(_NUMBER_WORDS.split()) + r")\b"
_ABOUT = re.compile(
    r"\b(?:about|around|approximately|approx\.?|roughly|circa|ca\.|some|etwa|rund|ungefähr)\s+"
    r"(?=[\d$€£]|half\b|a\s(?:third|quarter)|" + _COUNTED + r")", re.IGNORECASE)
_LIMIT = re.compile(r"\b(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in sorted(_LIMITS, key=len, reverse=True))
    + r")\b", re.IGNORECASE)
_FAILED = re.compile(r"\b(?:fail|fails|failed|failing|refuse|refuses|refused|unable|unwilling)\s+to\b", re.IGNORECASE)
_NOT_ONLY = re.compile(r"\bnot\s+only\b|\bnicht\s+nur\b", re.IGNORECASE)
_WORD = re.compile(r"(?:[^\W_]|\u00ad)+(?:-\s*\n\s*(?=[a-zäöüß])[^\W\d_]+|['’](?:[^\W\d_])+|\u00ad)*|[,;:()\n]+|[.](?=\w)")
_MINOR = frozenset("mr mrs ms dr prof frau herr herrn sir the".split())

_SAME = {word: words.split()[0] for words in (
    "begin start commence begin began begun", "buy purchase acquire bought", "big large", "show demonstrate",
    "build construct built", "use utilise utilize usage",
    "die death died", "birth born", "permit allow authorise authorize", "forbid prohibit ban forbidden", "receive get got",
    "help assist",
    "rise increase grow climb rose grew risen grown", "fall decrease decline drop sink fell fallen", "last endure",
    "need require",
    "car automobile", "company firm", "roughly about", "happen occur", "keep retain kept", "contain hold held",
    "yearly annual annually",
    "daily day", "weekly week", "monthly month", "permanent permanently", "locate situate", "finish end complete", "mark tag",
    "age aged", "child children", "man men", "woman women", "person people persons", "foot feet", "tooth teeth", "mouse mice",
    "lie lay",
    "lead led", "make made", "give gave given", "take took taken", "go went gone", "come came", "see saw seen",
    "know knew known", "write wrote written",
    "sell sold", "find found-it", "leave left", "lose lost", "win won", "send sent", "pay paid", "meet met", "run ran",
    "hold-on", "draw drew drawn",
    "speak spoke spoken", "choose chose chosen", "break broke broken", "teach taught", "think thought", "bring brought",
    "say said", "tell told",
    "become became", "stand stood", "understand understood", "feel felt", "spend spent", "catch caught", "fight fought",
    "seek sought", "eat ate eaten",
    "steigen stieg stiegen gestiegen", "sinken sank gesunken", "beginnen begann begonnen", "liegen lag", "gehen ging gegangen",
    "kommen kam gekommen",
    "geben gab gegeben", "nehmen nahm genommen", "finden fand gefunden", "schreiben schrieb geschrieben",
    "sterben starb gestorben",
    "erlauben gestatten", "verbieten untersagen verboten untersagt",
) for word in words.split()}


def language_of(text: str) -> str:
    """Return "de" or "en" by their most common words; "" when neither shows."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    german = sum(word in _GERMAN for word in words)
    english = sum(word in _ENGLISH for word in words)
    return "de" if german > english else "en" if english > german else ""


_GERMAN = frozenset("""der das und ist nicht wurde im von mit ein eine den dem des auf für zu zur zum beträgt werden sind
keine kein oder bei aus""".split())
_ENGLISH = frozenset("the of and is to by for with that are were on at from has have it be this not as or a had its".split())


def stem(word: str) -> str:
    """Return the word without its most common English and German endings, and one word for those that mean the same."""
    word = word.lower()
    same = _SAME.get(word)
    if same:
        return _strip(same)
    stripped = _strip(word)
    same = _SAME.get(stripped) or _SAME.get(stripped + "e")
    return _strip(same) if same else stripped


_ENDINGS = (
    ("ieves", "ief"), ("ies", "y"), ("ied", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("ing", ""),
    ("edly", ""), ("ed", ""),
    ("ly", ""), ("ern", ""), ("en", ""), ("er", ""), ("em", ""), ("es", ""), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""),
    ("e", ""), ("n", ""),
)
_KEPT = frozenset("under never over water number member winter summer paper power river order other after later".split())


def _strip(word: str) -> str:
    if len(word) <= 3 or word in _KEPT:
        return word
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[:-len(ending)] + instead
            if ending in {"ing", "ed"} and len(base) > 3 and base[-1] == base[-2] and base[-1] not in "lsz":
                base = base[:-1]                   # stopped, running
            if ending in {"ing", "ed", "s"} and len(base) > 5 and base.endswith(("en", "er")):
                return _strip(base)                # tightened, tighten; rivers, river
            return base.removesuffix("e") if len(base) > 3 else base
    return word


def tokens(text: str, *, stemmed: Callable[[str], str] = stem) -> list[Token]:
    """Return the tokens of a sentence in order, each word marked that stands under a negation."""
    language = language_of(text)
    found: list[Token] = [
        Token(Role.QUANTITY, one.text, one.start, one.end, one.text.lower(), one) for one in quantities(text, language)
    ]
    taken = bytearray(len(text))
    for token in found:
        taken[token.start:token.end] = b"\1" * (token.end - token.start)
    for match in _ABOUT.finditer(text):
        _claim(found, taken, Token(Role.LIMIT, match[0].strip(), *match.span(), "about"))
    for match in _NOT_ONLY.finditer(text):
        _claim(found, taken, Token(Role.OTHER, match[0], *match.span(), "not only"))
    for match in _FAILED.finditer(text):
        _claim(found, taken, Token(Role.NOT, match[0], *match.span(), "not"))
    for match in _LIMIT.finditer(text):
        if match[0].lower() not in {"may", "most"} or not match[0][0].isupper() or not text[:match.start()].strip():
            _claim(found, taken, Token(Role.LIMIT, match[0], *match.span(), _LIMITS[" ".join(match[0].lower().split())]))
    for match in _WORD.finditer(text):
        _claim(found, taken, _word(text, match, language, stemmed))
    return _denied(sorted(found, key=lambda token: token.start))


def _claim(found: list[Token], taken: bytearray, token: Token) -> None:
    if not any(taken[token.start:token.end]):
        taken[token.start:token.end] = b"\1" * (token.end - token.start)
        found.append(token)


def _word(text: str, match: re.Match[str], language: str, stemmed: Callable[[str], str]) -> Token:
    span = match.span()
    raw = re.sub(r"-\s*\n\s*|\u00ad", "", match[0])
    low = raw.lower().replace("’", "'")
    if not raw[:1].isalnum():
        return Token(Role.BREAK if raw and raw[0] in ",;:()" else Role.OTHER, raw, *span, raw)
    if low in _NOT or low.endswith("n't"):
        return Token(Role.NOT, raw, *span, "not")
    if low in _BREAKS:
        return Token(Role.BREAK, raw, *span, low)
    if low in _LINKS:
        return Token(Role.LINK, raw, *span, _LINKS[low])
    if low in _OTHER or low in _MINOR:
        return Token(Role.OTHER, raw, *span, low)
    bare = low.removesuffix("'s").rstrip("'")
    if any(mark.isdigit() for mark in bare):
        return Token(Role.NAME, raw, *span, bare)
    first = not re.search(r"\w", text[:span[0]])
    named = raw[0].isupper() and ((not first and language != "de") or (len(raw) > 1 and raw[1:2].isupper()))
    if named and low in _DENYING:
        named = False
    return Token(Role.NAME if named else Role.WORD, raw, *span, bare if named else stemmed(bare))


def _denied(found: Sequence[Token]) -> list[Token]:
    """Mark the two words after each negation, or the one before it when its clause ends there (it changed nicht)."""
    denied: dict[int, bool] = {}
    for index, token in enumerate(found):
        if token.role is not Role.NOT:
            continue
        reached: list[int] = []
        for at in range(index + 1, len(found)):
            if found[at].role is Role.BREAK and reached:
                break
            if found[at].role is Role.BREAK and found[at].key not in {"and", "or", "und", "oder"}:
                break
            if found[at].counts:
                reached.append(at)
            if len(reached) == 2:
                break
        if not reached:
            reached = [at for at in range(index) if found[at].counts][-1:]
        for at in reached:
            denied[at] = not denied.get(at, False)
    return [
        Token(token.role, token.text, token.start, token.end, token.key, token.quantity, denied.get(index, False))
        for index, token in enumerate(found)
    ]


def same(said: Token, stated: Token) -> bool:
    """Tell whether one content token follows from another, their negation aside."""
    if said.quantity and stated.quantity:
        return agrees(said.quantity, stated.quantity)
    if said.quantity or stated.quantity:
        return False
    if said.key == stated.key:
        return True
    if Role.NAME in (said.role, stated.role):
        low, other = _plain(said.text), _plain(stated.text)
        if said.role is stated.role:
            initial = min(low, other, key=len)
            return low == other or (len(initial) == 1 and low[0] == other[0])
        return low == other or stem(low) == stem(other)
    return False


def _plain(word: str) -> str:
    low = re.sub(r"-\s*\n\s*|\u00ad", "", word).lower().replace("’", "'")
    return low.removesuffix("'s").rstrip("'")
