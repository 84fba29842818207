"""Tell statements by what they do: give a figure, warn of a limit, recommend, state an aim, a method or a finding. English and "
  "German."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from halo_app.domain.choosing import choose
from halo_app.domain.corpus import Corpus, Said

_CAUTION = re.compile(
    r"\b(?:limitations?|limited to|caveats?|caution|risks?|uncertain\w*|unclear|unknown|not (?:yet )?(?:known|measured|included|"
    r"clear|possible|sufficient"
    r"|available|tested|proven)|could not|cannot be|no (?:evidence|data|relation|information)|further (?:research|work|studies)|"
    r"future work|remains? open"
    r"|insufficient|lack of|drawbacks?|disadvantages?|contraindicat\w*|must not|side effects?|warning"
    r"|grenzen|einschränkung\w*|risik\w+|unsicher\w*|unklar|unbekannt|nicht (?:gemessen|bekannt|möglich|geklärt|ausreichend)|"
    r"konnte[n]? nicht|keine (?:angaben|daten"
    r"|belege|hinweise)|weitere (?:forschung|untersuchung\w*)|offen bleibt|bleibt offen|nachteil\w*|nebenwirkung\w*|warnung|darf "
    r"nicht|dürfen nicht)\b",
    re.IGNORECASE)
_ADVICE = re.compile(
    r"\b(?:recommend\w*|should|advis(?:e|ed|able)|suggest(?:s|ed)? (?:that|to)|need(?:s)? to|must|it is (?:important|necessary|"
    r"best|essential)|propos\w+|next steps?"
    r"|plans? to|required to|shall|empfehl\w+|empfiehlt|empfohlen|sollte[n]?|müssen|muss|notwendig|nötig|erforderlich|"
    r"vorgeschlagen|geplant|ratsam)\b",
    re.IGNORECASE)
_AIM = re.compile(
    r"\b(?:(?:this|the|our|present) (?:paper|study|article|report|work|thesis|survey|review|document|chapter|"
    r"guide)\b.{0,40}\b(?:(?:is|was) (?:about|to|designed)|aims?|examin\w+|investigat\w+"
    r"|describ\w+|present\w*|explor\w+|report\w*|analy[sz]\w+|address\w*|propos\w+|compar\w+|introduc\w+|review\w*)"
    r"|(?:we|i) (?:aim|propose|present|introduce|investigate|examine|study|explore|address|describe|ask|compare|analy[sz]e)|aims? "
    r"(?:of|to)"
    r"|research question|hypothes[ie]s|(?:the|our|main|its) (?:objective|purpose|goal)s? (?:of (?:this|the|our)|is|was)"
    r"|(?:diese|die vorliegende) (?:arbeit|studie|untersuchung)|ziel (?:der|dieser|des|ist|war)|untersuchen wir|wir untersuchen|"
    r"forschungsfrage|zweck)\b", re.IGNORECASE)
_METHOD = re.compile(
    r"\b(?:methods?|methodology|samples?|participants|subjects|respondents|data ?sets?|experiments?|surveys?|interviews?|"
    r"questionnaires?|randomi[sz]ed|controlled trial"
    r"|cohort|meta-analysis|(?:was|were) (?:measured|collected|logged|recorded|analy[sz]ed|trained|tested|surveyed|selected|"
    r"interviewed|estimated|replaced|evaluated)"
    r"|we (?:used|measured|collected|trained|surveyed|analy[sz]ed|applied|conducted|evaluate|use|built|tested)|n ?= ?\d+|period of"
    r"|methode\w*|stichprobe\w*|teilnehmer\w*|probanden|befragung\w*|(?:wurde|wurden) \w* ?(?:gemessen|erhoben|befragt|untersucht|"
    r"ausgewertet|erfasst))\b", re.IGNORECASE)
_FINDING = re.compile(
    r"\b(?:(?:we|i) (?:find|found|show|observe|observed|conclude|demonstrate)|results? (?:show|indicate|suggest|demonstrate|"
    r"reveal)|findings?|show(?:s|ed|n)? that"
    r"|demonstrat\w+|significant\w*|increas\w+|decreas\w+|reduc(?:es|ed|tion)|outperform\w*|conclu\w+|associated with|correlat\w+|"
    r"higher than|lower than|on average|median"
    r"|leads? to|led to|improv\w+|zeig(?:t|en|te|ten)|ergab\w*|ergebnis\w*|signifikant|im mittel|durchschnittlich|höher als|"
    r"niedriger als|führt zu|gestiegen|gesunken)\b",
    re.IGNORECASE)


_AIM_HEAD = re.compile(r"\b(?:aims?|objectives?|purpose|research questions?|introduction|einleitung|ziele?|zweck|fragestellung)\b",
                       re.IGNORECASE)
_METHOD_HEAD = re.compile(r"\b(?:methods?|methodology|materials|procedure|experimental|study design|methoden?|methodik|"
                          r"vorgehen)\b", re.IGNORECASE)
_FINDING_HEAD = re.compile(r"\b(?:results?|findings?|conclusions?|outcomes?|ergebnisse?|befunde?|fazit)\b", re.IGNORECASE)
_LIMIT_HEAD = re.compile(r"\b(?:limits?|limitations?|open questions|future work|grenzen|einschränkungen|ausblick)\b", re.IGNORECASE)


def cautions(corpus: Corpus, count: int, told: Sequence[Said] = ()) -> list[Said]:
    """Return statements of limits, risks and what is not known."""
    return _matching(corpus, _CAUTION, count, told)


def advice(corpus: Corpus, count: int, told: Sequence[Said] = ()) -> list[Said]:
    """Return statements of what should or must be done."""
    return _matching(corpus, _ADVICE, count, told)


def key_figures(corpus: Corpus, count: int, told: Sequence[Said] = ()) -> list[Said]:
    """Return statements that give a measure: a number with a unit, or a large one."""
    pool = [one for one in corpus.whole if any(_measures(unit, values) for unit,
                                               values in ((q.unit, q.values) for q in one.figures if not q.days))]
    return choose(corpus, pool, count, told=told)


ROLES: dict[str, Callable[[Said], bool]] = {
    "aim": lambda one: _does(one, _AIM, _AIM_HEAD),
    "method": lambda one: _does(one, _METHOD, _METHOD_HEAD),
    "finding": lambda one: _does(one, _FINDING, _FINDING_HEAD),
    "limit": lambda one: _does(one, _CAUTION, _LIMIT_HEAD),
}
"""What a statement of a study does; one may do several."""


def _does(one: Said, pattern: re.Pattern[str], head: re.Pattern[str]) -> bool:
    """Tell whether a statement does something: under a heading that says so, or, under no such heading at all, by its words."""
    if any(_stands_under(one, other) for other in (_AIM_HEAD, _METHOD_HEAD, _FINDING_HEAD, _LIMIT_HEAD)):
        return _stands_under(one, head)
    return pattern.search(one.text) is not None


def _matching(corpus: Corpus, pattern: re.Pattern[str], count: int, told: Sequence[Said]) -> list[Said]:
    headed = _LIMIT_HEAD if pattern is _CAUTION else None
    return choose(corpus, [one for one in corpus.whole if pattern.search(one.text) or (headed and _stands_under(one, headed))], count,
                  told=told)


def _stands_under(one: Said, pattern: re.Pattern[str]) -> bool:
    heading = one.of.heading_of(one.start)
    return heading is not None and pattern.search(heading.title) is not None


def _measures(unit: str, values: tuple[float, ...]) -> bool:
    return unit not in ("", "th", "clock", "decade") or any(abs(value) >= 2200 for value in values)
