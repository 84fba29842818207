"""Write notes as Markdown: citations as footnotes, properties on top, attached files beside it in a zip."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote

from halo_app.domain.front_matter import written
from halo_app.domain.note_page import NotePage, Written, told
from halo_app.domain.note_text import free_name

FOLDER = "attachments"
_UNSAFE = re.compile(r'[\\/:*?"<>|#^\[\]\x00-\x1f]+')


class NoteMarkdown:
    """Offered as `NOTE_EXPORTER`."""

    suffix = "md"
    label = "Markdown"

    def write(self, pages: Sequence[NotePage]) -> Written:
        """Return one file, or a zip of several in their folders when there are several or files lie with them."""
        if len(pages) == 1 and not pages[0].files:
            return Written(text_of(pages[0]).encode("utf-8", "surrogatepass"), "md", "text/markdown")
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            taken: set[str] = set()
            for page in pages:
                _put(archive, page, taken)
        return Written(held.getvalue(), "zip", "application/zip")


def text_of(page: NotePage) -> str:
    """Return the note as one text."""
    dates = {"created": f"{page.created_at.astimezone(UTC):%Y-%m-%d}", "updated": f"{page.updated_at.astimezone(UTC):%Y-%m-%d}"}
    text = page.text.rstrip("\n")
    for name in page.files:
        text = text.replace(f"]({quote(name)})", f"]({FOLDER}/{quote(name)})")
    feet = [f"[^{name}]: {told(mark)}" for name, mark in page.cited.items()]
    besides = [f"- {told(citation)}" for citation in page.besides]
    parts = [text, *(["\n".join(feet)] if feet else []), *(["**Rests on**", "\n".join(besides)] if besides else [])]
    return written({"title": page.title, "tags": list(page.tags), **dates}) + "\n\n".join(parts) + "\n"


def file_name(title: str) -> str:
    """Return the title as the name of a file."""
    return " ".join(_UNSAFE.sub(" ", title).split())[:120].strip(". ") or "Untitled"


def _put(archive: zipfile.ZipFile, page: NotePage, taken: set[str]) -> None:
    folder = "/".join(file_name(part) for part in page.folder.split("/")) + "/" if page.folder else ""
    path = free_name(f"{folder}{file_name(page.title)}.md", lambda name: name.casefold() in taken)
    taken.add(path.casefold())
    archive.writestr(_member(path, page.updated_at), text_of(page).encode("utf-8", "surrogatepass"))
    for name, content in page.files.items():
        beside = f"{folder}{FOLDER}/{name}"
        if beside.casefold() not in taken:
            taken.add(beside.casefold())
            archive.writestr(_member(beside, page.updated_at), content)


def _member(path: str, when: datetime) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(path, max((1980, 1, 1, 0, 0, 0), when.astimezone(UTC).timetuple()[:6]))
    made.compress_type = zipfile.ZIP_DEFLATED
    return made


NOTE_EXPORTER = NoteMarkdown()
