"""Turn what people say about themselves into a sentence about the user: “I live in Leiden” is “The user lives in Leiden.”"""

from __future__ import annotations

import re

_TWO = {"i'm": "i am", "i've": "i have", "i'd": "i would", "i'll": "i will", "we're": "we are", "we've": "we have",
        "we'd": "we would", "we'll": "we will", "im": "i am", "ive": "i have"}
_CONTRACTED = re.compile(r"\b(?:i|we)['’](?:m|ve|d|ll|re)\b|\bim\b|\bive\b", re.IGNORECASE)
_MODALS = frozenset("can can't cannot could couldn't may might must mustn't shall should shouldn't will won't would wouldn't".split())
_S_FORMS = {"am": "is", "are": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "aren't": "isn't",
            "go": "goes", "were": "was", "weren't": "wasn't", "undergo": "undergoes"}
_AFTER_THEY = {"am": "are", "was": "were", "wasn't": "weren't"}
PASTS = frozenset("""
    was wasn't were had hadn't did didn't went took made wrote left became got grew quit gave bought sold found founded began
    met broke lost won taught spent built brought came chose drew drove fell felt flew forgot heard held kept knew learnt led
    lent meant paid put ran rode said sat saw sent set slept spoke stood stole swam thought told understood wore bore caught
    dealt dug ate fought fled forgave froze hid rang rose sang sank shook shot shut sought sprang stuck struck swore threw
    woke withdrew bred cut hurt hit let split spread underwent""".split())
_ENDS_IN_ED = frozenset("need feed speed breed seed proceed exceed succeed bleed heed weed embed shed wed bed".split())
_ADVERBS = frozenset("""
    always never usually often sometimes rarely seldom hardly only also still just currently now mostly generally normally really
    mainly regularly occasionally already both actually recently once then strictly strongly typically frequently largely either
    no longer ever simply especially particularly primarily personally absolutely much far even definitely partly proudly""".split())
_SAME = frozenset("quit cut put hurt hit let set split spread read bet cost shut".split())
_JOINED_VERBS = frozenset("""
    do don't have work live teach write run keep take make eat drink play read study lecture manage lead train drive travel
    use own rent need want like love hate prefer collect sing paint draw cook bake swim cycle hike speak want avoid rely
    depend suffer commute look care help sit serve coach grow raise breed sell buy research edit translate report act
    volunteer specialise specialize handle organise organize try practise practice go get wear""".split())
_BOTH = re.compile(r"^()[Mm]y ([\w-]+(?: [A-Z]\w+)?) and I\b")
_LONG_AGO = re.compile(r"\b(?:in (?:19|20)\d\d|ago|yesterday|last (?:\w+day|week|month|year|spring|summer|autumn|fall|winter))\b",
    re.IGNORECASE)
_WORD = re.compile(r"[\w’']+(?:-[\w’']+)*|[^\w\s]|\s+")


def is_past(verb: str) -> bool:
    """True for the past form of a verb, as far as its ending or the list of irregular ones tells."""
    return verb in PASTS - _SAME or (verb.endswith("ed") and verb not in _ENDS_IN_ED)


def third(verb: str) -> str:
    """Return how the verb stands after “the user”: work → works, am → is; a past form or a modal stays."""
    plain = verb.lower().replace("’", "'")
    if plain in _S_FORMS:
        return _S_FORMS[plain]
    if plain in _MODALS or is_past(plain) or plain in {"used", "ought"}:
        return verb
    if re.search(r"(?:s|sh|ch|x|z|o)$", plain):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", plain) else verb + "s"


def expanded(text: str) -> str:
    """Write I'm, I've, we're … in two words, with straight apostrophes."""
    def two(found: re.Match[str]) -> str:
        words = _TWO[found[0].lower().replace("’", "'")]
        return "I" + words[1:] if words.startswith("i ") else words
    plain = re.sub(r"\bI['’]ve got\b(?! to\b)", "I have", text.replace("’", "'"))
    plain = re.sub(r"\bwe['’]ve got\b(?! to\b)", "we have", plain, flags=re.IGNORECASE)
    return _CONTRACTED.sub(two, plain)


def about_user(clause: str) -> str:
    """Return a first-person clause as a sentence in the third person; the first I, my or we is the user, later ones are they."""
    plain = _BOTH.sub(r"\1I and my \2", expanded(clause.strip().rstrip(" .,;:!–—-")))
    long_ago, both = bool(_LONG_AGO.search(plain)), plain.startswith("I and my ")
    said: list[str] = []
    named, verb_of, last_verb = False, "", False
    for word in _WORD.findall(plain):
        low = word.lower()
        if word.isspace():
            said.append(word)
            continue
        if low in {"i", "we"}:
            said.append("they" if named else "the user")
            verb_of, named = ("" if both and not named else "they" if named else "user"), True
            continue
        if low in _OWN:
            said.append(_OWN[low][named])
            named = True
        elif verb_of and low not in _ADVERBS and low.isalpha() | ("'" in low):
            stays = verb_of == "they" or (long_ago and low in _SAME)
            said.append(_AFTER_THEY.get(low, word) if stays else third(word))
            last_verb, verb_of = verb_of == "user" and said[-1] != word, ""
        elif last_verb and low in _JOINED_VERBS and len(said) >= 2 and said[-2].lower() in {"and", "or", "but"}:
            said.append(third(word))
        else:
            said.append(word)
    text = "".join(said).strip()
    return text[:1].upper() + text[1:] + "."


_OWN = {"my": ("the user's", "their"), "our": ("the user's", "their"), "me": ("the user", "them"), "us": ("the user", "them"),
        "mine": ("the user's", "theirs"), "ours": ("the user's", "theirs"), "myself": ("the user", "themselves"),
        "ourselves": ("the user", "themselves")}
