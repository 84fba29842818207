"""Bring Markdown files in as notes, also a whole folder of another program in a zip: links, tags and pictures come along."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from halo_app.domain.front_matter import Value, parted
from halo_app.domain.note import Note
from halo_app.domain.note_text import free_name, linkable
from halo_app.errors import BadInput, HaloError
from halo_app.services.acting import Acts, audited, unheard
from halo_app.services.note_files import LIMIT_MB, NoteFiles
from halo_app.services.notes import TEXT_CHARS, TITLE_CHARS, NoteService

MOST_FILES = 20_000
MOST_BYTES = 1_000_000_000          # of a zip when it is unpacked
_NOTES = (".md", ".markdown")
_EMBED = re.compile(r"!\[\[([^\[\]|#\n]+)(#[^\]|\n]*)?(?:\|([^\]\n]*))?\]\]")
_LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_WIKI = re.compile(r"(?<!!)\[\[([^\[\]|#\n]+)(#[^\]|\n]*)?(\|[^\]\n]*)?\]\]")
_STRANGE = {"dataview": "a query that its program answers", "dataviewjs": "a script of its program",
            "tasks": "a query that its program answers"}
_FENCED = re.compile(r"^ {0,3}```(\w+)", re.MULTILINE)
_COMMENT = re.compile(r"%%.+?%%", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Given:
    """A file to be brought in: its path inside what was given, with `/`, and its bytes."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Remark:
    """What could not be carried over of a file."""

    path: str
    words: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it."""

    notes: Sequence[Note]
    files: int
    remarks: Sequence[Remark]


@dataclass
class _Folder:
    """All that was given, by the ways in which notes name it."""

    notes: list[Given] = field(default_factory=list)
    files: dict[str, Given] = field(default_factory=dict)        # by lower-case name; the shallowest of one name
    titles: dict[str, str] = field(default_factory=dict)         # lower-case path without ending -> title
    used: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)

    def say(self, path: str, words: str) -> None:
        if len(self.remarks) < 500 and Remark(path, words) not in self.remarks:
            self.remarks.append(Remark(path, words))


@dataclass(frozen=True)
class NoteImport:
    """Makes notes of one user from files."""

    notes: NoteService
    files: NoteFiles
    user_id: str
    acts: Acts = unheard

    @audited("note.import")
    def bring(self, notebook_id: str, given: Sequence[Given]) -> Brought:
        """Make a note of each Markdown file. Raises BadInput when there is none, or a zip is damaged or too large."""
        folder = _sorted(list(_unpacked(given)))
        if not folder.notes:
            raise BadInput("there is no Markdown file among them", fix="choose .md files, or a zip of a folder with some")
        made = [note for one in folder.notes if (note := self._note(notebook_id, one, folder))]
        for path in sorted({one.path for one in folder.files.values()} - folder.used):
            folder.say(path, "no note shows it, so it stayed behind")
        return Brought(made, len(folder.used), folder.remarks)

    def _note(self, notebook_id: str, one: Given, folder: _Folder) -> Note | None:
        try:
            text = one.content.decode("utf-8")
        except UnicodeDecodeError:
            folder.say(one.path, "it is not text in UTF-8")
            return None
        fields, body = parted(text)
        if len(body) > TEXT_CHARS:
            folder.say(one.path, f"it has more than {TEXT_CHARS:,} characters; add it as a source instead")
            return None
        self._tell(one, fields, body, folder)
        path = PurePosixPath(one.path)
        wanted: dict[str, Given] = {}
        body = _relinked(body, folder, wanted, one.path)
        note = self.notes.create(notebook_id, _title(path, fields), body, tags=_tags(fields),
                                 folder="" if str(path.parent) == "." else str(path.parent))
        return self._with_files(note, wanted, folder)

    def _with_files(self, note: Note, wanted: Mapping[str, Given], folder: _Folder) -> Note:
        renamed = {}
        for name, one in wanted.items():
            try:
                kept = self.files.attach(note.id, name, one.content)
            except HaloError as error:
                folder.say(one.path, error.message)
                continue
            folder.used.add(one.path)
            if kept.name != name:
                renamed[name] = kept.name
        text = note.text
        for name, kept_name in renamed.items():
            text = text.replace(f"]({quote(name)})", f"]({quote(kept_name)})")
        return self.notes.edit(note.id, text=text) if text != note.text else self.notes.get(note.id)

    def _tell(self, one: Given, fields: Mapping[str, Value], body: str, folder: _Folder) -> None:
        """Say what stays as plain text or is left out."""
        for language in sorted(set(_FENCED.findall(body)) & set(_STRANGE)):
            folder.say(one.path, f"{_STRANGE[language]} stays as text")
        if _COMMENT.search(body):
            folder.say(one.path, "hidden comments between %% stay as text")
        left = sorted(set(fields) - {"title", "tags", "tag", "created", "updated", "label"})
        if left:
            folder.say(one.path, f"properties that notes do not have: {', '.join(left)}")


def _unpacked(given: Sequence[Given]) -> Iterator[Given]:
    for one in given:
        if not one.path.lower().endswith(".zip"):
            yield one
            continue
        try:
            with zipfile.ZipFile(io.BytesIO(one.content)) as archive:
                yield from _members(archive, one.path)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            words = f"{one.path} cannot be unpacked: it is damaged, or needs a password"
            raise BadInput(words, fix="pack the folder again") from error


def _members(archive: zipfile.ZipFile, name: str) -> Iterator[Given]:
    members = [member for member in archive.infolist() if not member.is_dir()]
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
        most = f"at most {MOST_FILES:,} files and {MOST_BYTES // 10**9} GB"
        raise BadInput(f"{name} holds too much: {most}", fix="pack a part of the folder")
    for member in members:
        parts = [part for part in member.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")]
        hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
        if parts and not hidden and member.file_size <= LIMIT_MB * 1_000_000:
            yield Given("/".join(parts), archive.read(member))


def _sorted(given: Sequence[Given]) -> _Folder:
    common = _common(given)
    folder = _Folder()
    for one in sorted(given, key=lambda one: (one.path.count("/"), one.path)):
        path = one.path.removeprefix(common)
        named = Given(path, one.content)
        stem, dot, _ = path.rpartition(".")
        if path.lower().endswith(_NOTES):
            folder.notes.append(named)
            title = _title(PurePosixPath(path), parted(one.content.decode("utf-8", "replace")[:20_000])[0])
            for key in (stem, stem.rpartition("/")[2]):
                folder.titles.setdefault(key.lower(), title)
        elif dot:
            folder.files.setdefault(path.rpartition("/")[2].lower(), named)
    return folder


def _common(given: Sequence[Given]) -> str:
    """Return the folder that everything lies in, with its `/`, or ""."""
    tops = {one.path.partition("/")[0] for one in given if "/" in one.path}
    return f"{next(iter(tops))}/" if len(tops) == 1 and all("/" in one.path for one in given) else ""


def _title(path: PurePosixPath, fields: Mapping[str, Value]) -> str:
    title = fields.get("title")
    return linkable(title if isinstance(title, str) and title.strip() else path.stem)[:TITLE_CHARS] or "Untitled"


def _tags(fields: Mapping[str, Value]) -> list[str]:
    found: list[str] = []
    for name in ("tags", "tag"):
        value = fields.get(name, [])
        found += value if isinstance(value, list) else value.replace(",", " ").split()
    return found


def _relinked(text: str, folder: _Folder, wanted: dict[str, Given], path: str) -> str:
    """Return the text with links between files as links between notes, and pictures under the names they are kept by."""
    def kept(name: str) -> Given | None:
        return folder.files.get(unquote(name).rpartition("/")[2].lower())

    def shown(one: Given, alt: str, sign: str) -> str:
        name = next((known for known, other in wanted.items() if other is one), "")
        name = name or free_name(one.path.rpartition("/")[2], wanted.__contains__)
        wanted[name] = one
        return f"{sign}[{alt or name}]({quote(name)})"

    def embed(match: re.Match[str]) -> str:
        if one := kept(match[1].strip()):
            alt = match[3] if match[3] and not match[3].strip().isdigit() else ""
            return shown(one, alt, "!")
        if match[1].strip().lower() in folder.titles:
            folder.say(path, "a note shown inside another became a link to it")
            return _wiki(match[1], match[2], f"|{match[3]}" if match[3] else "")
        folder.say(path, f"“{match[1].strip()}” is shown but was not given")
        return f"[[{match[1].strip()}]]"

    def _wiki(name: str, part: str | None, words: str | None) -> str:
        title = folder.titles.get(name.strip().lower(), name.strip().rpartition("/")[2])
        return f"[[{title}{part or ''}{words or ''}]]"

    def link(match: re.Match[str]) -> str:
        sign, words, target = match[1], match[2], match[3]
        if re.match(r"[a-z][a-z0-9+.-]*:|#", target, re.IGNORECASE):
            if sign:
                folder.say(path, "pictures from the web are not fetched")
            return match[0]
        place = unquote(target).partition("#")[0]
        if place.lower().endswith(_NOTES):
            stem = place.rpartition(".")[0].lstrip("./")
            title = folder.titles.get(stem.lower()) or folder.titles.get(stem.rpartition("/")[2].lower())
            if title:
                return f"[[{title}|{linkable(words)}]]" if linkable(words) and linkable(words) != title else f"[[{title}]]"
        if one := kept(place):
            return shown(one, words, sign)
        folder.say(path, f"“{place}” is named but was not given")
        return match[0]

    text = _EMBED.sub(embed, text)
    text = _WIKI.sub(lambda match: _wiki(match[1], match[2], match[3]), text)
    return _LINK.sub(link, text)
