"""Tell what a text is about in its own sentences and terms: central, spread out, and not saying the same twice."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from halo_app.domain.conversation import Citation, Sentence, Verdict
from halo_app.domain.extracting import Scores
from halo_app.domain.ranking import z_scores
from halo_app.domain.sentences import Span, sentences
from halo_app.domain.source import Parsed

Terms = Callable[[str, str], tuple[str, ...]]
Embed = Callable[[Sequence[str]], np.ndarray]

READ_CHARS = 300_000           # of a longer text: its beginning and evenly spaced parts
COMPARED = 80                  # sentences whose meaning is compared
_DANGLING = re.compile(
    r"(?:it|its|he|she|his|her|they|their|this|that|these|those|such|however|but|and|so|thus|therefore|hence|moreover|furthermore|also|"
    r"similarly|finally|next|again|indeed|nevertheless|yet|still|of course|for example|for instance|in contrast|in addition|"
    r"then|there|here|now|our|my|instead|otherwise|another|both|er|sie|es|sein|ihr|dies|diese[rsnm]?|jedoch|aber|und|also|daher|deshalb|dann|dort|"
    r"außerdem|zudem|beide)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the text that may stand in its summary, with its stemmed words."""

    span: Span
    text: str
    terms: tuple[str, ...]
    place: float                   # 0 at the beginning of the text, 1 at its end
    opens: bool                    # the first sentence of its paragraph


def lines_of(parsed: Parsed, language: str, terms: Terms) -> list[Line]:
    """Return the sentences fit for a summary: whole, of 40 to 350 characters, no heading, question, row or list item."""
    text = parsed.text
    breaks = [heading.start for heading in parsed.outline]
    found = []
    for start, end in parts_read(len(text)):
        for span in sentences(text, start, end, breaks=breaks):
            said = text[span.start:span.end]
            if 40 <= len(said) <= 350 and said[-1] in ".!。！…\"”" and said[0].isalnum() and not _is_row(said):
                words = terms(said, language)
                if len(words) >= 4:
                    opens = not text[:span.start].rstrip(" \t").removesuffix("\n").strip(" ") or text[:span.start].endswith("\n")
                    found.append(Line(span, said, words, span.start / max(len(text), 1), opens))
    return found


def plain_lines_of(parsed: Parsed, language: str, terms: Terms) -> list[Line]:
    """Return whatever stands in the text from its beginning, for one without whole sentences: rows, items, short lines."""
    text = parsed.text
    spans = [span for span in sentences(text, 0, min(len(text), 5000)) if any(sign.isalnum() for sign in text[span.start:span.end])]
    return [Line(span, said, terms(said, language), span.start / len(text), False) for span in spans[:40]
            if 3 <= len(said := text[span.start:span.end]) <= 400]


def parts_read(length: int) -> list[tuple[int, int]]:
    """Return the parts of a text of `length` characters that are read: all of it, or some `READ_CHARS` of it."""
    if length <= READ_CHARS:
        return [(0, length)]
    first, size = READ_CHARS // 5, 10_000
    count = (READ_CHARS - first) // size
    step = (length - first) / count
    return [(0, first), *((start := first + int(step * number), start + size) for number in range(count))]


def _is_row(said: str) -> bool:
    digits = sum(character.isdigit() for character in said)
    return "\t" in said or " | " in said or digits > 0.25 * len(said) or said.count("\n") > 8


def leans(said: str) -> bool:
    """True for a sentence that leans on the one before it: "However, …", "They …"."""
    return _DANGLING.match(said) is not None


def summarise(lines: Sequence[Line], count: int, embed: Embed | None = None) -> list[Line]:
    """Return at most `count` lines in reading order: each central to the text and unlike the others.

    Central is a line whose words are frequent in the text (SumBasic, Nenkova and Vanderwende 2005), whose vector lies
    near the mean of the best lines, and that stands early; a line that leans on the one before it is put back.
    Chosen one by one by maximal marginal relevance (Carbonell and Goldstein 1998).
    """
    if not lines:
        return []
    frequency = Counter(term for line in lines for term in set(line.terms))
    worth = z_scores([_weight(line, frequency) for line in lines]) + z_scores([-line.place for line in lines]) * 0.7
    worth += np.array([0.5 * line.opens - 1.5 * leans(line.text) for line in lines])
    worth += np.array([1.5 * math.exp(-line.span.start / 1500) for line in lines])      # most texts open with what they are about
    best = np.argsort(-worth, kind="stable")[:COMPARED]
    kept = [lines[i] for i in best]
    alike = _likeness(kept, embed)
    worth = z_scores(worth[best]) + z_scores(alike.mean(axis=1))
    return sorted(_spread(kept, worth, alike, count), key=lambda line: line.span.start)


def _weight(line: Line, frequency: Counter[str]) -> float:
    terms = set(line.terms)
    return math.fsum(math.log(frequency[term]) for term in terms) / (len(terms) + 6)


def _likeness(lines: Sequence[Line], embed: Embed | None) -> Scores:
    if embed:
        vectors = np.asarray(embed([line.text for line in lines]), dtype=np.float64)
        return vectors @ vectors.T
    words = [set(line.terms) for line in lines]
    return np.array([[len(one & other) / max(len(one | other), 1) for other in words] for one in words])


def _spread(lines: Sequence[Line], worth: Scores, alike: Scores, count: int) -> list[Line]:
    chosen: list[int] = []
    while len(chosen) < min(count, len(lines)):
        closest = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(lines))
        gain = np.where(closest > 0.85, -np.inf, worth - 3.0 * closest)
        gain[chosen] = -np.inf
        if not np.isfinite(gain.max()):
            break
        chosen.append(int(gain.argmax()))
    return [lines[i] for i in chosen]


def quoted(line: Span, source_id: str, name: str, parsed: Parsed) -> Sentence:
    """Return the line as a verified sentence with its citation."""
    quote = parsed.text[line.start:line.end]
    place = parsed.locate(line.start, line.end)
    citation = Citation(source_id, name, place.label if place else "", quote, line.start, line.end)
    return Sentence(quote, Verdict.VERIFIED, (citation,))


_TOKEN = re.compile(r"[^\W\d_][\w'’-]*|[^\w\s]|\n\n")


_NO_TERMS = frozenset("""
    et al fig figs figure table page pages image unavailable copyright isbn www http https html com vol eq ref refs section
    chapter must side different several various many much more most other others same new first second third one two three
    four five good great large small little well back forward however therefore thus also even still often always never use
    used using make made making take taken give given show shown see seen get way ways thing things kind part parts number
    case cases example examples time times since abbildung tabelle seite bild kapitel verschiedene mehrere neue neuen erste
    zweite gut groß klein immer oft""".split())


def key_terms(parsed: Parsed, language: str, terms: Terms, count: int = 8) -> tuple[str, ...]:
    """Return the words and phrases of up to three words that the text keeps coming back to, as it writes them most often.

    A phrase counts its occurrences times its length in words (after RAKE, Rose et al. 2010); one contained in a better
    phrase is left out unless it stands alone twice as often.
    """
    stems: dict[str, str] = {}
    occurrences: Counter[tuple[str, ...]] = Counter()
    written: dict[tuple[str, ...], Counter[str]] = {}
    for start, end in parts_read(len(parsed.text)):
        for words in _runs(parsed.text[start:end], language, terms, stems):
            for size in (1, 2, 3):
                for at in range(len(words) - size + 1):
                    phrase = words[at:at + size]
                    key = tuple(stems[word] for word in phrase)
                    occurrences[key] += 1
                    written.setdefault(key, Counter())[" ".join(phrase)] += 1
    least = 1 if len(parsed.text) < 1500 else 2
    worth = {key: times * len(key) ** 1.2 * (1.3 if _is_named(written[key]) else 1.0) for key, times in occurrences.items()
             if times >= least and (len(key) > 1 or len(key[0]) > 3)}
    chosen: list[tuple[str, ...]] = []
    for key in sorted(worth, key=lambda key: (-worth[key], key)):
        if len(chosen) == count:
            break
        if not any(set(key) & set(other) for other in chosen):
            chosen.append(key)
    return tuple(written[key].most_common(1)[0][0] for key in chosen)


def _runs(text: str, language: str, terms: Terms, stems: dict[str, str]) -> list[list[str]]:
    """Return the runs of content words between stop words and punctuation; fills in each word's stem ("" for a stop word)."""
    runs: list[list[str]] = [[]]
    for word in _TOKEN.findall(text):
        if word not in stems:
            found = terms(word, language) if word[0].isalpha() and word.lower() not in _NO_TERMS else ()
            stems[word] = found[0] if found and len(word) > 1 else ""
        if stems[word]:
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return runs


def _is_named(written: Counter[str]) -> bool:
    return written.most_common(1)[0][0][:1].isupper()
