"""What a new note may begin with: small Markdown files, found in folders; a file more is a template more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from halo_app.domain.front_matter import parted
from halo_app.errors import NotFound

MOST_BYTES = 100_000


@dataclass(frozen=True, slots=True)
class NoteTemplate:
    """A text to begin with. In title and text, `{date}` is the day on which the note is made."""

    name: str              # the file's name without its ending
    label: str             # as it is offered
    title: str
    text: str
    tags: tuple[str, ...] = ()

    def title_on(self, day: datetime) -> str:
        return _on(self.title, day)

    def text_on(self, day: datetime) -> str:
        return _on(self.text, day)


@dataclass(frozen=True)
class NoteTemplates:
    """The templates of all folders; one of the same name in a later folder takes the place of an earlier one."""

    folders: Sequence[Path]

    def all(self) -> list[NoteTemplate]:
        """Return the templates in the order of their labels; a file that cannot be read is left out."""
        found: dict[str, NoteTemplate] = {}
        for folder in self.folders:
            for path in sorted(folder.glob("*.md")) if folder.is_dir() else []:
                try:
                    if path.stat().st_size <= MOST_BYTES:
                        found[path.stem] = _template(path.stem, path.read_text(encoding="utf-8"))
                except (OSError, UnicodeDecodeError):
                    continue
        return sorted(found.values(), key=lambda one: one.label.casefold())

    def named(self, name: str) -> NoteTemplate:
        """Raises NotFound."""
        for one in self.all():
            if one.name == name:
                return one
        raise NotFound(f"there is no template {name!r}", fix="choose one from the list")


def _template(name: str, content: str) -> NoteTemplate:
    fields, text = parted(content)
    label = str(fields.get("label") or name.replace("-", " ").capitalize())
    tags = fields.get("tags", [])
    given = tuple(tags) if isinstance(tags, list) else (tags,)
    return NoteTemplate(name, label, str(fields.get("title") or label), text.lstrip("\n"), given)


def _on(text: str, day: datetime) -> str:
    return text.replace("{date}", f"{day.day} {day:%B %Y}")
