"""Notice what people say about themselves in a chat: rules, no model. Only plain statements pass; in doubt nothing is noticed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from halo_app.domain import self_talk as talk
from halo_app.domain.confidential import may_hold_secret
from halo_app.domain.memory import Fact
from halo_app.domain.quoting import find_quote
from halo_app.domain.third_person import about_user, expanded, is_past

TURN_CHARS = 2000          # a longer turn is pasted text, not somebody telling about themself
CLAUSE_CHARS = 240
FACTS = 4                  # of one turn
SURE = 0.9
LIKELY = 0.7
ECHO_WORDS = 6             # as many words of a statement, in order in a source, make it a quotation


@dataclass(frozen=True, slots=True)
class Noticed:
    """A statement in the user's own words, and how it was read."""

    clause: str
    confidence: float
    german: bool = False


def observe(turn: str, *, turn_id: str = "", sources: Sequence[str] = ()) -> list[Fact]:
    """Return what the turn says about its speaker, as facts to suggest, in the order it is said; at most four.

    Nothing is taken from a turn that holds or names a secret. `sources` are texts that the user has before them: what
    stands in one of them is an echo. English facts are put in the third person, German ones keep the user's words.
    """
    if len(turn) > TURN_CHARS or may_hold_secret(turn):
        return []
    found: dict[str, Fact] = {}
    for noticed in notice(turn):
        if not _echoes(noticed.clause, sources):
            text = noticed.clause.rstrip(" .,;:!") + "." if noticed.german else _worded(noticed.clause)
            passing = bool(talk.PASSING.search(noticed.clause))
            turns = (turn_id,) if turn_id else ()
            found.setdefault(text.casefold(), Fact(text, category(text), noticed.confidence, turns, passing))
    return list(found.values())[:FACTS]


def category(text: str) -> str:
    """Return what a fact is about, in one word; "" when no rule tells."""
    return next((name for name, words in talk.CATEGORIES if words.search(text)), "")


_SENTENCE = re.compile(
    r"\S(?:.|\n(?!\n))*?(?:(?<!\bProf)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)(?<!\b\d)(?<!\b\d\d)[.!?]+(?=\s|$)|\n\n|$)")


def notice(turn: str) -> Iterator[Noticed]:
    """Yield the statements about the speaker, clause by clause."""
    for sentence in _SENTENCE.findall(talk.QUOTED.sub(" … ", expanded(turn))):
        if talk.UNREAL.search(sentence):
            continue
        clauses = [part.strip(" ,;:–—") for part in talk.CLAUSE.split(sentence)]
        for place, clause in enumerate(clauses):
            asks = sentence.rstrip().endswith("?") and place == len(clauses) - 1
            if asks or "…" in clause or len(clause) > CLAUSE_CHARS or len(clause.split()) < 2:
                continue
            if read := _read(_without_lead(clause).rstrip(" .!,")):
                yield read


def _without_lead(clause: str) -> str:
    bare = talk.LEAD.sub("", clause, count=1)
    return bare if _OPENS.match(bare) else clause


_OPENS = re.compile(r"(?:I|we|my|our|ich|meine?|wir|always|never|please|call|as|being)\b", re.IGNORECASE)


def _worded(clause: str) -> str:
    """Return the statement about the user; a standing wish is said as one."""
    if wish := talk.WISH.match(clause):
        words = about_user(wish["what"]).rstrip(".")
        return f"The user asks: {words[:1].lower()}{words[1:]}."
    if role := talk.AS_ROLE.match(clause):
        return about_user(f"I am {role['role']}")
    return about_user(clause)


def _echoes(clause: str, sources: Sequence[str]) -> bool:
    words = clause.rstrip(" .!").split()
    runs = [" ".join(words[at:at + ECHO_WORDS]) for at in range(max(1, len(words) - ECHO_WORDS + 1))]
    return len(words) > 3 and any(find_quote(run, source) for source in sources for run in runs)


# --- reading a clause --------------------------------------------------------------------------------------------

_HAVE = (r"(?:have|had)(?=(?: (?:\w+ly|never|always|also|already|ever|just|both|not|since|once))* (?:been|\w{3,}ed|had|known|"
         r"taught|read|written|eaten|drunk|driven|run|built|kept|grown|seen|got|gotten|gone|done|found|heard|lost|left|made|told|thought|"
         r"given|come|become|won|bought|sold|spent|begun|forgotten|understood|met|put|cut|quit|set|sent|chosen|spoken|taken)\b)")
_DO = (r"do(?= not\b| (?:see|think|know|eat|have|like|want|need|mean|agree|understand|work|live|drink|speak|hope|believe|wonder|"
       r"remember|care|drive|smoke)\b)|did(?= not\b)")
_HELPING = talk.words("""
    always never usually often sometimes rarely seldom hardly only also still just currently now mostly
    generally normally really mainly regularly occasionally already both actually recently once strictly
    strongly typically am was were are been ever simply can can't cannot don't didn't haven't couldn't won't
    will not no_longer must mustn't personally absolutely much even then definitely partly would rather should
    shouldn't wouldn't have_to may might could""")
_SUBJECT = re.compile(
    rf"^(?P<who>I|[Ww]e)\s+(?P<helping>(?:(?:{_HELPING}|{_HAVE}|{_DO})\s+)*)(?P<verb>[\w'-]+)(?P<rest>.*)$", re.DOTALL)
_MINE = re.compile(
    r"^(?:[Mm]y|[Oo]ur)\s+(?P<thing>.+?)\s+(?P<verb>" + talk.words("""
    is are was were has have had lives? works? teaches runs? died weighs? takes? starts? ends? begins? studies
    goes comes speaks? belongs? consists? needs? deals? uses? costs? expires? opens? closes? suffers? and_I
    passed owns? moved wants? keeps? makes? sells? helps? stays? attends? plays? loves? likes? hates? can't
    cannot doesn't isn't turns turned must will can does leaves? [a-z]+ed""") + r")\b(?P<rest>.*)$", re.DOTALL)
_BOTH = re.compile(r"^[Mm]y [\w-]+(?: [A-Z]\w+)? and I (?P<verb>\w+)\s*(?P<rest>.*)$", re.DOTALL)


def _read(clause: str) -> Noticed | None:
    """Return what a clause tells about its speaker, None when it is none of their lasting facts."""
    if talk.HEDGED.search(clause):
        return None
    if talk.AS_ROLE.match(clause):
        return Noticed(clause, LIKELY)
    if talk.WISH.match(clause):
        wish = None if talk.NO_WISH.search(re.sub(r"^please\s+", "", clause, flags=re.IGNORECASE)) else Noticed(clause, SURE)
        if wish or not re.match(r"(?:I|we|my)\b", clause, re.IGNORECASE):
            return wish
    if both := _BOTH.match(clause):
        return _of_doing(clause, both["verb"].lower(), both["rest"], [])
    if mine := _MINE.match(clause):
        return _of_mine(clause, mine)
    if said := _SUBJECT.match(clause):
        return _of_me(clause, said)
    return Noticed(clause, LIKELY, german=True) if _is_german_fact(clause) else None


def _is_german_fact(clause: str) -> bool:
    return bool(talk.ICH.match(clause)) and not talk.DORT.search(clause) and len(clause.split()) >= 3


def _of_mine(clause: str, mine: re.Match[str]) -> Noticed | None:
    things = [thing.strip(",") for thing in mine["thing"].lower().split()]
    rest = mine["rest"]
    if {things[0], things[-1]} & talk.NOT_MINE or len(things) > 9 or not any(talk.THINGS.fullmatch(thing) for thing in things):
        return None
    if talk.OTHERS & set(things[:2]) and not re.search(r"\b(?:me|us|my|I|we)\b", rest):
        return None
    if {"i", "you", "that"} & set(things) or talk.HERE.search(rest):
        return None
    if talk.SAID_BY.search(mine["verb"] + rest) and not re.search(r"\bthat (?:I|my|we)\b", rest):
        return None
    return Noticed(clause, SURE if mine["verb"] in {"is", "are"} else LIKELY) if rest.strip() else None


def _of_me(clause: str, said: re.Match[str]) -> Noticed | None:
    verb, rest, helping = said["verb"].lower(), said["rest"].strip(), said["helping"].lower().split()
    if talk.HERE.search(clause) and verb not in {"own", "wrote", "write", "published"}:
        return None
    if _WOULD & set(helping) and not ("rather" in helping and verb in _RATHER):
        return None
    being = bool({"am", "was", "were", "are", "been"} & set(helping))
    if being or verb in {"am", "are", "was", "were", "been"}:
        if said["who"].lower() == "we" and not talk.BUSY.match(f"{verb} {rest}"):
            return None
        return _of_being(clause, f"{said['verb']} {rest}".strip() if being else rest, helping, verb)
    if said["who"].lower() == "we" and verb not in talk.TOGETHER:
        return None
    if "can" in helping and "only" not in helping and verb not in {"speak", "play", "read", "drive", "swim"}:
        return None
    return _of_doing(clause, verb, rest, helping)


_WOULD = frozenset("would should shouldn't wouldn't might may could couldn't".split())
_RATHER = frozenset("have get work be receive eat live drink write keep travel walk drive".split())


def _of_being(clause: str, state: str, helping: Sequence[str], verb: str) -> Noticed | None:
    """I am …, I was …, I have been …"""
    if {"was", "were"} & {*helping, verb}:
        return Noticed(clause, LIKELY) if talk.WAS.match(state) or talk.WAS_ONCE.match(state) else None
    if talk.STATES.match(state):
        return None
    if "not" in helping or state.startswith("not "):
        denied = state.removeprefix("not ")
        known = talk.TRAIT.match(denied) or re.match(r"an? (?:native|religious|smoker|member|citizen|morning)\b", denied)
        return Noticed(clause, LIKELY) if known else None
    if talk.ROLE.match(state) or talk.TRAIT.match(state) or talk.NAMED.match(state):
        return Noticed(clause, SURE)
    return Noticed(clause, LIKELY) if talk.BUSY.match(state) else None


def _of_doing(clause: str, verb: str, rest: str, helping: Sequence[str]) -> Noticed | None:
    """I live …, I moved …, I have worked …"""
    content = [word for word in re.findall(r"[\w'-]+", rest) if word.lower() not in _EMPTY]
    done = bool({"have", "had"} & set(helping))
    follows = talk.FOLLOWS.get(f"{helping[-1]} {verb}" if helping and verb == "stand" else verb)
    habit = bool(talk.OFTEN.search(clause))
    if not content or (follows and not (habit and verb in {"get", "go", "meet", "use"}) and not follows.match(rest)):
        return None
    if verb in {"need", "want"} and not talk.STANDING.search(clause):
        return None
    if "didn't" in helping or "did" in helping or ("will" in helping and not talk.TO_COME.match(f"{verb} {rest}")):
        return None
    if done:
        return Noticed(clause, LIKELY) if verb in talk.DONE else None
    if is_past(verb) or (verb in {"quit", "had"} and not helping):
        return Noticed(clause, LIKELY) if verb in talk.LIVED else None
    chat = verb in talk.CHAT_VERBS and not (follows or habit)
    return Noticed(clause, LIKELY) if not chat and (talk.DOES.fullmatch(verb) or habit) else None


_EMPTY = frozenset("""
    a an the to of in on at it this that these those and or so too not for with from by as is are be some any
    well much lot""".split())
