"""Make outputs from sources with the templates there are, know when they are stale, refresh and export them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from halo_app.domain.artifact import Artifact, Section
from halo_app.domain.chunk import Scope
from halo_app.domain.events import Step
from halo_app.domain.source import Source
from halo_app.errors import BadInput, EmbedderUnavailable, NotFound
from halo_app.plugins import Exporter, Material, Template, Tools
from halo_app.ports import Analyzer, Clock, Embedder, Records, Texts
from halo_app.services.acting import Acts, audited, unheard

ALL_SOURCES = "*"              # the option under which an output remembers that it was made from every source


@dataclass(frozen=True)
class StudioService:
    """Outputs of one user. Templates and exporters are those that discovery found, by name and by suffix."""

    records: Records[Artifact]
    sources: Records[Source]
    texts: Texts
    embedder: Embedder
    analyzer: Analyzer
    offered: Mapping[str, Template]
    exporters: Mapping[str, Exporter]
    clock: Clock
    user_id: str
    acts: Acts = unheard

    def templates(self) -> list[Template]:
        return sorted(self.offered.values(), key=lambda template: template.title)

    def formats(self) -> list[str]:
        return sorted(self.exporters)

    def of(self, notebook_id: str) -> list[Artifact]:
        """Return the notebook's outputs, newest first."""
        mine = [artifact for artifact in self.records.all(self.user_id) if artifact.notebook_id == notebook_id]
        return sorted(mine, key=lambda artifact: artifact.created_at, reverse=True)

    def get(self, artifact_id: str) -> Artifact:
        """Raises NotFound for an unknown id and for another user's output."""
        artifact = self.records.get(artifact_id)
        if artifact.user_id != self.user_id:
            raise NotFound(f"no output {artifact_id}", fix="open an output from the list")
        return artifact

    @audited("output.delete")
    def delete(self, artifact_id: str) -> Artifact:
        """Remove the output and return it, so that it can be restored."""
        artifact = self.get(artifact_id)
        self.records.remove(artifact_id)
        return artifact

    @audited("output.restore")
    def restore(self, artifact: Artifact) -> None:
        """Put a deleted output back."""
        self.records.put(artifact)

    @audited("output.make")
    def make(self, template: str, scope: Scope, options: Mapping[str, str] | None = None) -> Iterator[Artifact | Step]:
        """Yield a step per source and per section, then the stored output.

        Raises NotFound for an unknown template and BadInput when the scope holds no source.
        """
        maker = self._template(template)
        sources = self._inside(scope)
        if not sources:
            raise BadInput("there is no source to work on", fix="add a source, or tick at least one")
        materials: list[Material] = []
        for source in sources:
            yield Step(f"Reading {source.name}")
            materials.append(Material(source.id, source.name, self.texts.get(source.id), source.language))
        sections: list[Section] = []
        for section in maker.make(materials, options or {}, self._tools()):
            sections.append(section)
            yield Step(f"Wrote “{section.title}”")
        kept = {**(options or {}), **({ALL_SOURCES: ""} if scope.source_ids is None else {})}
        artifact = Artifact(uuid4().hex, template, maker.title, scope.notebook_id or "", self.user_id, self.clock(), tuple(sections),
                            {source.id: source.text_sha256 for source in sources}, kept)
        self.records.put(artifact)
        yield artifact

    def is_stale(self, artifact: Artifact) -> bool:
        """True when a source it was made from has changed or gone, or a new one has come to an output of all sources."""
        return dict(artifact.source_hashes) != {source.id: source.text_sha256 for source in self._inside(self._scope(artifact))}

    def refresh(self, artifact_id: str) -> Artifact:
        """Make the output again from the sources as they are now, under the same id; the old one stays until it is done."""
        old = self.get(artifact_id)
        options = {name: value for name, value in old.options.items() if name != ALL_SOURCES}
        made = [result for result in self.make(old.template, self._scope(old), options) if isinstance(result, Artifact)][-1]
        fresh = replace(made, id=old.id, title=old.title)
        self.records.put(fresh)
        self.records.remove(made.id)
        return fresh

    @audited("output.export")
    def export(self, artifact_id: str, suffix: str) -> tuple[bytes, str, str]:
        """Return the output's bytes in that format, the media type and a file name. Raises BadInput for an unknown format."""
        if suffix not in self.exporters:
            raise BadInput(f"cannot write .{suffix}", fix=f"choose one of {', '.join(self.formats())}")
        artifact, exporter = self.get(artifact_id), self.exporters[suffix]
        name = re.sub(r"[^\w -]+", "", artifact.title).strip()[:80] or "output"
        return exporter.write(artifact.title, artifact.sections), exporter.media_type, f"{name}.{suffix}"

    def _template(self, name: str) -> Template:
        if name not in self.offered:
            raise NotFound(f"no template {name!r}", fix=f"choose one of {', '.join(sorted(self.offered))}")
        return self.offered[name]

    def _scope(self, artifact: Artifact) -> Scope:
        chosen = None if ALL_SOURCES in artifact.options else frozenset(artifact.source_hashes)
        return Scope(self.user_id, artifact.notebook_id or None, chosen)

    def _inside(self, scope: Scope) -> list[Source]:
        """Return the sources of the scope, oldest first."""
        found: Sequence[Source] = self.sources.all(self.user_id)
        inside = [source for source in found if scope.notebook_id in (None, source.notebook_id)
                  and (scope.source_ids is None or source.id in scope.source_ids)]
        return sorted(inside, key=lambda source: source.created_at)

    def _tools(self) -> Tools:
        try:
            self.embedder.embed(["ready"])
        except EmbedderUnavailable:
            return Tools(None, self.analyzer.terms)
        return Tools(self.embedder.embed, self.analyzer.terms)
