"""Outputs and what is done with them: make, change, compare and restore versions, name, copy, pin, delete, export."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import uuid4

from halo_app.domain.artifact import Artifact, Version
from halo_app.domain.chunk import Scope
from halo_app.domain.comparing import Difference, differences
from halo_app.domain.events import Step
from halo_app.domain.marking import markdown_of
from halo_app.errors import BadInput, NotFound
from halo_app.plugins import Exporter, Template
from halo_app.ports import Clock, Records
from halo_app.services.acting import Acts, audited, unheard
from halo_app.services.making import ALL_SOURCES, Maker

MOST_VERSIONS = 20             # kept behind the present one
TITLE_CHARS = 200
CHANGES = ("shorter", "longer", "dates", "focus")
_LENGTHS = ("short", "medium", "long")


@dataclass(frozen=True)
class StudioService:
    """Outputs of one user. Exporters are those that discovery found, by suffix."""

    records: Records[Artifact]
    maker: Maker
    exporters: Mapping[str, Exporter]
    clock: Clock
    user_id: str
    acts: Acts = unheard

    def templates(self) -> list[Template]:
        """Return the templates, group by group."""
        return self.maker.templates()

    def template(self, name: str) -> Template:
        """Raises NotFound for a name that there is not."""
        return self.maker.template(name)

    def formats(self) -> list[str]:
        return sorted(self.exporters)

    def of(self, notebook_id: str) -> list[Artifact]:
        """Return the notebook's outputs: the pinned ones, then the others, each newest first."""
        mine = [artifact for artifact in self.records.all(self.user_id) if artifact.notebook_id == notebook_id]
        return sorted(mine, key=lambda artifact: (artifact.pinned, artifact.present.made_at), reverse=True)

    def get(self, artifact_id: str) -> Artifact:
        """Raises NotFound for an unknown id and for another user's output."""
        artifact = self.records.get(artifact_id)
        if artifact.user_id != self.user_id:
            raise NotFound(f"no output {artifact_id}", fix="open an output from the list")
        return artifact

    def last_options(self, template: str, notebook_id: str) -> Mapping[str, str]:
        """Return the wishes with which this template was used last in the notebook, {} when it was not."""
        made = [one for one in self.records.all(self.user_id) if one.notebook_id == notebook_id and one.template == template]
        last = max(made, key=lambda one: one.present.made_at, default=None)
        return {name: value for name, value in last.options.items() if name != ALL_SOURCES} if last else {}

    # making

    @audited("output.make")
    def make(self, template: str, scope: Scope, options: Mapping[str, str] | None = None) -> Iterator[Artifact | Step]:
        """Yield a step per source and per section, then the stored output.

        Raises NotFound for an unknown template and BadInput when the scope holds no source, or for a wish that there is not.
        """
        for event in self.maker.make(template, scope, options or {}):
            if isinstance(event, Version):
                artifact = self._artifact(template, scope, event)
                self.records.put(artifact)
                yield artifact
            else:
                yield event

    @audited("output.change")
    def remake(self, artifact_id: str, options: Mapping[str, str] | None = None, change: str = "") -> Iterator[Artifact | Step]:
        """Make the output again from its sources as they are now, with other wishes when they are given; yields it last.

        What it said before stays as a version. The old one stays until the new one is done.
        """
        old = self.get(artifact_id)
        for event in self.maker.make(old.template, self.maker.scope_of(old), old.options if options is None else options):
            if isinstance(event, Version):
                yield self.records.change(old.id, partial(_with, fresh=replace(event, change=change or "made again")))
            else:
                yield event

    def refresh(self, artifact_id: str) -> Artifact:
        """Make the output again from the sources as they are now, at once, under the same id."""
        return [event for event in self.remake(artifact_id) if isinstance(event, Artifact)][-1]

    def changed(self, artifact_id: str, change: str, focus: str = "") -> Iterator[Artifact | Step]:
        """Make the output `shorter`, `longer`, with `dates` or with another `focus` ("" for none), like `remake`.

        Raises BadInput for another change, and when it is as short or as long as it gets.
        """
        options = dict(self.get(artifact_id).options)
        if change == "dates":
            options["dates"] = "" if options.get("dates") == "yes" else "yes"
        elif change == "focus":
            options["focus"] = " ".join(focus.split())
        elif change in ("shorter", "longer"):
            options["length"] = _length(options.get("length") or "medium", 1 if change == "longer" else -1)
            options.pop("sentences", None)
        else:
            raise BadInput(f"{change!r} is no change", fix=f"choose one of {', '.join(CHANGES)}")
        word = f"focus: {options['focus'] or 'everything'}" if change == "focus" else change
        return self.remake(artifact_id, options, word)

    def is_stale(self, artifact: Artifact) -> bool:
        """True when a source it was made from has changed or gone, or a new one has come to an output of all sources."""
        return self.maker.is_stale(artifact)

    # versions

    def compare(self, artifact_id: str, number: int) -> list[Difference]:
        """Return what the present version says otherwise than the one `number` places behind it. Raises NotFound."""
        artifact = self.get(artifact_id)
        return differences(_version(artifact, number).sections, artifact.sections)

    @audited("output.version")
    def bring_back(self, artifact_id: str, number: int) -> Artifact:
        """Make the version `number` places behind the present one (1 is the last one) the present one; none is lost."""
        chosen = _version(self.get(artifact_id), number)
        return self.records.change(artifact_id, lambda now: _with(now, replace(chosen, change="brought back")))

    # the record

    @audited("output.rename")
    def rename(self, artifact_id: str, title: str) -> Artifact:
        """Raises BadInput for an empty title."""
        self.get(artifact_id)
        wanted = " ".join(title.split())[:TITLE_CHARS]
        if not wanted:
            raise BadInput("an output needs a title", fix="type at least one letter")
        return self.records.change(artifact_id, lambda now: replace(now, title=wanted))

    @audited("output.pin")
    def pin(self, artifact_id: str, pinned: bool) -> Artifact:
        """Let the output stand before the others, or not."""
        self.get(artifact_id)
        return self.records.change(artifact_id, lambda now: replace(now, pinned=pinned))

    @audited("output.copy")
    def duplicate(self, artifact_id: str) -> Artifact:
        """Return a copy without the versions before, stored."""
        now = self.clock()
        old = self.get(artifact_id)
        title = f"{old.title[:TITLE_CHARS - 7]} (copy)"
        copy = replace(old, id=uuid4().hex, title=title, created_at=now, made_at=now, versions=(), pinned=False)
        self.records.put(copy)
        return copy

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

    @audited("output.export")
    def export(self, artifact_id: str, suffix: str) -> tuple[bytes, str, str]:
        """Return the output's bytes in that format, the media type and a file name. Raises BadInput for an unknown format."""
        if suffix not in self.exporters:
            raise BadInput(f"cannot write .{suffix}", fix=f"choose one of {', '.join(self.formats())}")
        artifact, exporter = self.get(artifact_id), self.exporters[suffix]
        name = re.sub(r"[^\w -]+", "", artifact.title).strip()[:80] or "output"
        return exporter.write(artifact.title, artifact.sections), exporter.media_type, f"{name}.{suffix}"

    def text(self, artifact_id: str) -> str:
        """Return what the output says as Markdown without its title and footnotes, for a note that keeps the citations itself."""
        return markdown_of(self.get(artifact_id).sections)

    def _artifact(self, template: str, scope: Scope, made: Version) -> Artifact:
        title = self.maker.title(template, made.options, made.sources)
        return Artifact(uuid4().hex, template, title, scope.notebook_id or "", self.user_id, made.made_at, made.sections,
                        made.source_hashes, made.options, made.sources, made.made_at, made.writer, made.remark)


def _with(now: Artifact, fresh: Version) -> Artifact:
    """Return the output saying what `fresh` says; what it says now becomes the latest of its versions."""
    return replace(now, sections=fresh.sections, source_hashes=fresh.source_hashes, options=fresh.options, sources=fresh.sources,
                   made_at=fresh.made_at, writer=fresh.writer, remark=fresh.remark, change=fresh.change,
                   versions=(now.present, *now.versions)[:MOST_VERSIONS])


def _version(artifact: Artifact, number: int) -> Version:
    if not 1 <= number <= len(artifact.versions):
        raise NotFound(f"“{artifact.title}” has no version {number} places back", fix="choose one from the list")
    return artifact.versions[number - 1]


def _length(now: str, step: int) -> str:
    at = _LENGTHS.index(now) + step
    if not 0 <= at < len(_LENGTHS):
        raise BadInput(f"this is as {now} as it gets", fix="name a focus to change what it tells")
    return _LENGTHS[at]
