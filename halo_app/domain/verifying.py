"""Judge each sentence of an answer, whoever wrote it: find the passages that say it, and what in it they do not say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import log
from unicodedata import normalize

from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.judging import Finding, judge
from halo_app.domain.quoting import find_quote
from halo_app.domain.sentences import sentences as split
from halo_app.domain.wording import Role, Token, stem, tokens

Similarity = Callable[[str, Sequence[str]], Sequence[float]]
"""Cosines of one text to each of some others, -1 to 1."""

CANDIDATES = 8
SAID = 0.4                 # share of a sentence's words that must be found for it to be said in part
ACROSS = 0.5               # the same, for two sentences of one passage together
ALIKE = 0.6                # or the cosine to a passage's sentence


@dataclass(frozen=True)
class Evidence:
    """A passage: `text == stored[start:start + len(text)]` of the source. `locate` names the place of a span of the stored text."""

    source_id: str
    source: str
    text: str
    start: int = 0
    locate: Callable[[int, int], str] = field(default=lambda start, end: "", compare=False)

    def cite(self, start: int, end: int) -> Citation:
        """Return the citation of `text[start:end]`."""
        place = (self.start + start, self.start + end)
        return Citation(self.source_id, self.source, self.locate(*place), self.text[start:end], *place)


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to judge, without its markers; `cites` are the passages it names (places in the list), None when it names none."""

    text: str
    cites: frozenset[int] | None = None


@dataclass(frozen=True)
class _Line:
    """One sentence of a passage."""

    passage: int
    place: int             # which sentence of the passage
    start: int
    end: int
    text: str

    @cached_property
    def tokens(self) -> list[Token]:
        return tokens(self.text)

    @cached_property
    def letters(self) -> str:
        return _letters(self.text)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(key for token in self.tokens if token.counts for key in _keys(token))


def check(claims: Sequence[str | Claim], passages: Sequence[Evidence], *, similarity: Similarity | None = None) -> tuple[
    Sentence, ...]:
    """Return each sentence with its verdict, the passages that carry it, and in plain words what they do not say.

    `verified`: every word, number, unit, date, name and negation of the sentence stands in what it cites. `partial`: some of it does.
    `unsupported`: nothing says it, or a passage says otherwise. A quote is `stored[start:end]`, exactly.
    """
    library = _Library(passages, similarity)
    return tuple(library.verdict(claim if isinstance(claim, Claim) else Claim(claim)) for claim in claims)


class _Library:
    """The passages of one answer, cut into sentences once."""

    def __init__(self, passages: Sequence[Evidence], similarity: Similarity | None) -> None:
        self.passages = passages
        self.similarity = similarity
        self.lines = [
            _Line(index, place, *span, passage.text[slice(*span)])
            for index, passage in enumerate(passages) for place, span in enumerate(split(passage.text))
        ]
        self.by_place = {(line.passage, line.place): line for line in self.lines}
        seen = Counter(key for line in self.lines for key in line.keys)
        self.rarity = {key: log(1 + len(self.lines) / count) for key, count in seen.items()}
        self.rarest = log(1 + len(self.lines)) or 1.0

    def verdict(self, claim: Claim) -> Sentence:
        said = claim.text.strip()
        if verbatim := self._verbatim(said, claim.cites):
            return Sentence(said, Verdict.VERIFIED, (verbatim,))
        named, rest = self._attribution(said)
        found = self._best(rest or said, named)
        if found is None:
            return Sentence(said, Verdict.UNSUPPORTED, (), "no passage says this")
        if claim.cites is not None and found.verdict is Verdict.VERIFIED and not claim.cites & {
            line.passage for line in found.lines}:
            found = _Found(Verdict.PARTIAL, found.lines, "another passage says this, not the one named")
        if misquoted := _misquoted(said, self.passages):
            found = _Found(_lowered(found.verdict), found.lines, f"“{misquoted}” is not a quote from the passages")
        return Sentence(said, found.verdict, self._cited(found.lines), found.reason)

    def _verbatim(self, said: str, cites: frozenset[int] | None) -> Citation | None:
        """A whole sentence of a passage, or all of it, word for word, needs no judging."""
        letters = _letters(said)
        for index, passage in enumerate(self.passages):
            if cites is not None and index not in cites:
                continue
            if said == passage.text.strip():
                at = passage.text.find(said)
                return passage.cite(at, at + len(said))
            for line in self.lines:
                if line.passage == index and line.letters == letters:
                    span = find_quote(_bare(said), line.text)
                    if span and not line.text[:span[0]].strip("\"'“”„«»(*-•–— \t") and not line.text[span[1]:].strip(
                        ".!?…\"'”“«»):; \t"):
                        return passage.cite(line.start, line.end)
        return None

    def _attribution(self, said: str) -> tuple[frozenset[int] | None, str]:
        """Return the passages of the source that the sentence says it is from (None when it names none), and what it says then."""
        for pattern in _ATTRIBUTIONS:
            if found := pattern.match(said):
                who = _name_words(found["who"])
                rest = found["rest"].strip()
                if who and who <= _GENERIC:
                    return None, rest
                owners = frozenset(
                    index for index,
                    passage in enumerate(self.passages) if who
                    and _is_source(who, _name_words(passage.source.rpartition(".")[0] or passage.source))
                )
                if owners:
                    return owners, rest
        return None, ""

    def _best(self, said: str, named: frozenset[int] | None) -> _Found | None:
        asked = tokens(said)
        if not any(token.counts for token in asked):
            return None
        close = self._close(said, asked)
        whole = [(self._judged(asked, line), line) for line in close]
        clean = [line for finding, line in whole if not finding.faults]
        for line in clean:
            if named is None or line.passage in named:
                return _Found(Verdict.VERIFIED, (line,), "")
        if clean and named is not None:
            return _Found(Verdict.UNSUPPORTED, (clean[0],),
                f"the passage is from {self.passages[clean[0].passage].source}, not from the source named")
        if lines := self._by_clauses(asked, close, named):
            return _Found(Verdict.VERIFIED, lines, "")
        return self._in_part(said, asked, whole)

    def _close(self, said: str, asked: Sequence[Token]) -> list[_Line]:
        wanted = {key for token in asked if token.counts for key in _keys(token)}
        scores = [sum(self.rarity.get(key, 0.0) for key in wanted & line.keys) for line in self.lines]
        order = sorted(range(len(self.lines)), key=lambda at: -scores[at])
        close = [self.lines[at] for at in order[:CANDIDATES] if scores[at] > 0]
        if self.similarity and self.lines:
            alike = self.similarity(said, [line.text for line in self.lines])
            close += [self.lines[at] for at in sorted(range(len(alike)), key=lambda at: -alike[at])[:2] if alike[at] >= ALIKE]
        return list(dict.fromkeys(close))

    def _judged(self, asked: Sequence[Token], line: _Line) -> Finding:
        before = [self.by_place[line.passage, place].tokens for place in range(line.place - 1, max(line.place - 4, -1), -1)]
        return judge(asked, line.tokens, before=before, weigh=self._weight)

    def _weight(self, token: Token) -> float:
        return max((self.rarity.get(key, self.rarest) for key in _keys(token)), default=1.0)

    def _by_clauses(self, asked: Sequence[Token], close: Sequence[_Line], named: frozenset[int] | None) -> tuple[_Line, ...]:
        """Return the sentences that carry the clauses one by one; nothing when a clause is left over or lacks its subject."""
        clauses = _clauses(asked)
        if len(clauses) < 2 or any(clause[0].key in _CHOICE for clause in clauses[1:]):
            return ()                          # what two statements say is both, never one or the other
        lines: list[_Line] = []
        head = [token for token in clauses[0] if token.counts]
        for clause in clauses:
            allowed = [line for line in close if named is None or line.passage in named]
            fitting = [line for line in allowed if not self._judged(clause, line).faults]
            if lines and not _own_subject(clause):
                known = {key for token in head for key in _keys(token)}
                fitting = [line
                    for line in fitting if line is lines[0] or (line.passage == lines[0].passage and known & line.keys)]
            if not fitting:
                return ()
            lines.append(fitting[0])
        if len(set(lines)) == 1 and _offers_choice(lines[0].tokens) and not _offers_choice(asked):
            return ()
        return tuple(dict.fromkeys(lines))

    def _in_part(self, said: str, asked: Sequence[Token], whole: Sequence[tuple[Finding, _Line]]) -> _Found | None:
        if not whole:
            return None
        finding, line = max(whole, key=lambda pair: (pair[0].share, -len(pair[0].faults)))
        alike = self.similarity(said, [line.text])[0] if self.similarity else 0.0
        if finding.share < SAID and alike < ALIKE:
            return self._across(whole, asked)
        verdict = Verdict.UNSUPPORTED if finding.contradicts else Verdict.PARTIAL
        return _Found(verdict, (line,), finding.reason)

    def _across(self, whole: Sequence[tuple[Finding, _Line]], asked: Sequence[Token]) -> _Found | None:
        """Return two sentences of one passage that hold enough of the words between them; None when none do."""
        wanted = [token for token in asked if token.counts]
        total = sum(map(self._weight, wanted)) or 1.0
        best: tuple[float, tuple[_Line, ...]] = (0.0, ())
        for (_, one), (_, other) in combinations(whole, 2):
            if one.passage == other.passage:
                known = one.keys | other.keys
                share = sum(self._weight(token) for token in wanted if known.intersection(_keys(token))) / total
                best = max(best, (share, (one, other)), key=lambda pair: pair[0])
        share, lines = best
        return _Found(Verdict.PARTIAL, lines, "no one sentence of the passage says all this") if share >= ACROSS else None

    def _cited(self, lines: Sequence[_Line]) -> tuple[Citation, ...]:
        return tuple(self.passages[line.passage].cite(line.start, line.end) for line in lines)


@dataclass(frozen=True, slots=True)
class _Found:
    verdict: Verdict
    lines: tuple[_Line, ...]
    reason: str


_GENERIC = frozenset("""source sources document documents text passage passages article file page note notes
quelle quellen dokument dokumenten""".split())
_ATTRIBUTIONS = tuple(re.compile(pattern, re.IGNORECASE | re.DOTALL) for pattern in (
    r"(?:according to|per|in|under|as per|based on)\s+(?:the\s+)?(?P<who>[^,]{2,80}),\s*(?P<rest>.+)",
    r"as\s+(?:the\s+)?(?P<who>[^,]{2,80}?)\s+(?:says|said|states|stated|notes|noted|reports|reported|writes|shows|puts it)"
    r",\s*(?P<rest>.+)",
    r"(?:the\s+)?(?P<who>[^,]{2,80}?)\s+"
    r"(?:says?|said|states?|stated|reports?|reported|claims?|notes?|noted|writes?|wrote|shows?|mentions?|explains?|confirms?)"
    r"(?:\s+that)?[,:]?\s+(?P<rest>.+)",
    r"(?:laut|nach|gemäß|im|in)\s+(?:dem\s+|der\s+|den\s+)?(?P<who>[^,]{2,80}?)\s+"
    r"(?P<rest>(?:ist|sind|war|wurde|wird|hat|beträgt|\w+te|\w+t)\s.+)",
))
_QUOTED = re.compile(r"[\"“„«]([^\"”“»]{12,400})[\"”“»]")


def _name_words(name: str) -> frozenset[str]:
    return frozenset(stem(word)
        for word in re.findall(r"[^\W_]+", name.lower()) if word not in {"the", "of", "a", "and", "in", "der", "die", "das"})


def _is_source(who: frozenset[str], name: frozenset[str]) -> bool:
    shared = who & name
    return bool(shared) and (who <= name or len(shared) >= max(1.0, 0.6 * len(name)))


def _letters(text: str) -> str:
    """What must be equal before two texts are worth comparing mark by mark."""
    return "".join(mark for mark in normalize("NFKC", text).casefold() if mark.isalnum())


def _bare(said: str) -> str:
    return said.strip().rstrip(".!?… ").strip("\"“”„«»") or said


def _keys(token: Token) -> tuple[str, ...]:
    if token.quantity:
        values = [f"#{value:g}" for value in token.quantity.values]
        return tuple(values + [f"#{part}" for day in token.quantity.days for part in day if part])
    return (stem(token.key) if token.role is Role.NAME else token.key,)


def _clauses(asked: Sequence[Token]) -> list[list[Token]]:
    """Cut a sentence where a clause may end; pieces that say too little join what follows."""
    clauses: list[list[Token]] = [[]]
    for token in asked:
        if token.role is Role.BREAK and sum(one.counts for one in clauses[-1]) >= 2:
            clauses.append([])
        clauses[-1].append(token)
    while len(clauses) > 1 and sum(token.counts for token in clauses[-1]) < 2:
        clauses[-2:] = [clauses[-2] + clauses[-1]]
    return clauses


def _own_subject(clause: Sequence[Token]) -> bool:
    words = [token for token in clause if token.role is not Role.BREAK]
    first = words[0] if words else None
    return first is not None and (first.role in {Role.NAME, Role.QUANTITY} or first.text.lower() in _DETERMINERS)


def _offers_choice(said: Sequence[Token]) -> bool:
    return any(token.role is Role.BREAK and token.key in _CHOICE for token in said)


_CHOICE = frozenset({"or", "oder"})
_DETERMINERS = frozenset("""the a an this that these those its his her their all every each no some many most
der die das ein eine kein keine""".split())


def _lowered(verdict: Verdict) -> Verdict:
    return Verdict.PARTIAL if verdict is Verdict.VERIFIED else verdict


def _misquoted(said: str, passages: Sequence[Evidence]) -> str:
    for found in _QUOTED.finditer(said):
        if len(found[1].split()) >= 3 and not any(find_quote(found[1].strip(" .,;"), passage.text) for passage in passages):
            return found[1]
    return ""
