"""What Word, PowerPoint and Excel files have in common: related parts, properties, comments' authors, encryption."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.manuscript import one_line
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, local
from halo_app.parsing.zipped import OLE_MAGIC, Package, open_package, resolve
from halo_app.plugins import Limits

_NAMES = {
    "title": "Title", "subject": "Subject", "creator": "Author", "keywords": "Keywords", "description": "Description",
    "category": "Category", "contentStatus": "Status", "lastModifiedBy": "Last modified by", "created": "Created",
    "modified": "Modified", "Company": "Company", "Manager": "Manager", "language": "Language",
}
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Relation:
    """A link from one part to another: `kind` is the last word of its type, `target` a member name (or an address)."""

    id: str
    kind: str
    target: str
    external: bool


def open_office(path: Path, name: str, limits: Limits) -> Package:
    """Open a DOCX, PPTX or XLSX file; one with a password is an OLE file around the encrypted package."""
    with path.open("rb") as stream:
        if stream.read(8) == OLE_MAGIC:
            stream.seek(0)
            if _ENCRYPTED in stream.read(64_000_000):
                raise PasswordProtected(f"“{name}” needs a password", fix="save it without a password and add it again")
            raise UnreadableFile(
                f"“{name}” is an older Office file with a new name", fix="rename it to .doc, .xls or .ppt, or save it anew"
            )
    return open_package(path, name, limits)


def relations(package: Package, member: str) -> list[Relation]:
    """Return the links of a part ("" for the package itself), in file order."""
    folder, _, last = member.rpartition("/")
    root = package.xml_or_none(f"{folder}/_rels/{last}.rels".lstrip("/"))
    found = []
    for link in children(root, "Relationship"):
        external = link.get("TargetMode") == "External"
        target = link.get("Target", "")
        kind = link.get("Type", "").rpartition("/")[2]
        found.append(Relation(link.get("Id", ""), kind, target if external else resolve(member, target), external))
    return found


def related(package: Package, member: str, *kinds: str) -> list[str]:
    """Return the present parts that `member` links to with one of these kinds, in file order."""
    return [
        link.target for link in relations(package, member)
        if link.kind in kinds and not link.external and package.find(link.target) is not None
    ]


def main_part(package: Package, usual: str) -> str:
    """Return the member the document starts from."""
    found = related(package, "", "officeDocument")
    member = found[0] if found else usual
    if package.find(member) is None:
        raise UnreadableFile(f"“{package.name}” has no document inside", fix="check what kind of file it is")
    return member


def properties(package: Package) -> list[tuple[str, str]]:
    """Return (name, value) of the document's own properties: core, company, custom."""
    found: list[tuple[str, str]] = []
    for usual, kind in (("docProps/core.xml", "core-properties"), ("docProps/app.xml", "extended-properties")):
        member = next(iter(related(package, "", kind)), usual)
        for element in children(package.xml_or_none(member)):
            value = one_line(all_text(element))
            if local(element) in _NAMES and value:
                found.append((_NAMES[local(element)], value))
    custom = package.xml_or_none(next(iter(related(package, "", "custom-properties")), "docProps/custom.xml"))
    for element in children(custom, "property"):
        value = one_line(all_text(element))
        title = one_line(attribute(element, "name"))
        if value and title and not title.startswith(("MSIP_", "_", "ContentTypeId")):
            found.append((title, value))
    return found


def text_runs(element: Element | None) -> str:
    """Return the text of a DrawingML or spreadsheet string: its `t` elements, without phonetic readings."""
    parts: list[str] = []
    for below in children(element):
        name = local(below)
        if name == "t":
            parts.append(all_text(below))
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name not in ("rPh", "phoneticPr", "rPr", "pPr"):
            parts.append(text_runs(below))
    return "".join(parts)


def choice(element: Element) -> Element | None:
    """Return the one branch of an mc:AlternateContent that is to be read."""
    taken = child(element, "Choice")
    return taken if taken is not None else child(element, "Fallback")
