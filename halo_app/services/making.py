"""Make what an output says: read the sources, let the template structure them, and let a model reword what it may."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from halo_app.domain.artifact import Artifact, Section, Used, Version
from halo_app.domain.chronicling import dated_section
from halo_app.domain.chunk import Scope
from halo_app.domain.corpus import Corpus, Text
from halo_app.domain.events import Step
from halo_app.domain.source import Source
from halo_app.domain.summarising import Embed
from halo_app.domain.wishes import Wishes, wishes_of
from halo_app.errors import BadInput, Cancelled, Damaged, EmbedderUnavailable, ModelUnavailable, NotFound
from halo_app.plugins import Group, Template
from halo_app.ports import Analyzer, Clock, Embedder, Records, Texts
from halo_app.services.rewording import Reworder

ALL_SOURCES = "*"              # the option under which an output remembers that it was made from every source
_GROUPS = tuple(Group)


@dataclass(frozen=True)
class Maker:
    """Makes outputs of one user. Templates are those that discovery found, by name; `reworder` is None without a model."""

    sources: Records[Source]
    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    offered: Mapping[str, Template]
    clock: Clock
    user_id: str
    reworder: Reworder | None = None

    def templates(self) -> list[Template]:
        """Return the templates, group by group, by title."""
        return sorted(self.offered.values(), key=lambda one: (_GROUPS.index(one.group), one.title))

    def template(self, name: str) -> Template:
        """Raises NotFound for a name that there is not."""
        if name not in self.offered:
            raise NotFound(f"no template {name!r}", fix=f"choose one of {', '.join(sorted(self.offered))}")
        return self.offered[name]

    def title(self, template: str, options: Mapping[str, str], sources: Sequence[Used]) -> str:
        """Return how a new output is called: by its template, and by what it is about when that is something particular."""
        maker = self.template(template)
        name = maker.german if options.get("language") == "de" else maker.title
        return f"{name}: {options['focus']}"[:200] if options.get("focus") else name

    def make(self, name: str, scope: Scope, options: Mapping[str, str]) -> Iterator[Version | Step]:
        """Yield a step per source and per section, then what the output says.

        Raises NotFound, BadInput when there is no source or a wish cannot be used, and Cancelled when the sources went meanwhile.
        """
        template, wishes = self.template(name), wishes_of({key: value for key, value in options.items() if key != ALL_SOURCES})
        sources = self._inside(scope)
        if not sources:
            raise BadInput("there is no source to work on", fix="add a source, or tick at least one")
        texts: list[Text] = []
        lost: list[str] = []
        for source in sources:
            yield Step(f"Reading {source.name}")
            try:
                texts.append(self._text(source))
            except (NotFound, Damaged):
                lost.append(source.name)
        corpus = Corpus(tuple(texts), wishes, self._embed())
        sections, writer, failure = yield from self._written(template, corpus)
        if not self._inside(scope):
            raise Cancelled("the sources were deleted meanwhile")
        remark = " ".join(filter(None, [failure, _left_out(lost), _unheard(corpus)]))
        kept = {key: value for key, value in options.items() if value and key != ALL_SOURCES}
        yield Version(self.clock(), tuple(sections), {source.id: source.text_sha256 for source in sources},
                      {**kept, **({ALL_SOURCES: ""} if scope.source_ids is None else {})},
                      tuple(Used(source.id, source.name, source.text_sha256, source.created_at) for source in sources), writer, remark)

    def scope_of(self, artifact: Artifact) -> Scope:
        """Return what an output is made from."""
        chosen = None if ALL_SOURCES in artifact.options else frozenset(artifact.source_hashes)
        return Scope(self.user_id, artifact.notebook_id or None, chosen)

    def is_stale(self, artifact: Artifact) -> bool:
        """True when a source it was made from has changed or gone, or a new one has come to an output of all sources."""
        now = {source.id: source.text_sha256 for source in self._inside(self.scope_of(artifact))}
        return dict(artifact.source_hashes) != now

    def _written(self, template: Template, corpus: Corpus) -> Generator[Step, None, tuple[list[Section], str, str]]:
        """Yield a step per section; return the sections, the model that worded them, and in words why it could not."""
        sections: list[Section] = []
        reworder, writer, failure = self.reworder, "", ""
        for section in _structured(template, corpus):
            yield Step(f"Wrote “{section.title}”")
            if reworder and section.sentences and not section.remark:
                yield Step(f"{reworder.name} is wording “{section.title}”")
                try:
                    worded = reworder.reword(section, corpus)
                    writer = writer if worded == section else reworder.name
                    sections.append(worded)
                    continue
                except ModelUnavailable as error:
                    reworder, failure = None, f"The language model gave no answer ({error.message}): these are quotes."
            sections.append(section)
        return sections, writer, failure

    def _text(self, source: Source) -> Text:
        text = Text(source.id, source.name, self.texts.get(source.id), source.language, self.analyzer.terms)
        _ = [one.terms for one in text.said]          # read now, while the step says so
        return text

    def _inside(self, scope: Scope) -> list[Source]:
        """Return the sources of the scope, oldest first."""
        inside = [source for source in self.sources.all(self.user_id) if scope.notebook_id in (None, source.notebook_id)
                  and (scope.source_ids is None or source.id in scope.source_ids)]
        return sorted(inside, key=lambda source: source.created_at)

    def _embed(self) -> Embed | None:
        try:
            self.embedder.embed(["ready"])
        except EmbedderUnavailable:
            return None
        return self.embedder.embed


def _structured(template: Template, corpus: Corpus) -> Iterator[Section]:
    """Yield the template's sections, with the dates when they are wished for; of texts without a word only that."""
    if corpus.wishes.focus and not corpus.said and any(text.said for text in corpus.texts):
        yield _not_mentioned(corpus)
        return
    wrote = False
    for section in template.structure(corpus):
        wrote = True
        yield section
    if corpus.wishes.dates and template.name != "timeline" and (dates := dated_section(corpus)):
        yield dates
    if not wrote:
        yield Section(corpus.our("Nothing to quote", "Nichts zu zitieren"),
                      remark=corpus.our("These sources hold no text that could be quoted.", "Diese Quellen enthalten keinen "
                          "zitierbaren Text."))


def _not_mentioned(corpus: Corpus) -> Section:
    focus = corpus.wishes.focus
    everything = replace(corpus, wishes=Wishes(language=corpus.wishes.language))
    return everything.missing(corpus.our("Not in these sources", "Nicht in diesen Quellen"), f"Nothing in these sources is about "
        f"“{focus}”.",
                              f"Nichts in diesen Quellen handelt von „{focus}“.", focus)


def _left_out(lost: Sequence[str]) -> str:
    return f"Left out, because the text cannot be read: {', '.join(lost)}." if lost else ""


def _unheard(corpus: Corpus) -> str:
    silent = [text.name for text in corpus.texts if not text.parsed.text.strip()]
    return f"Without any text: {', '.join(silent)}." if silent else ""
