"""Read EPUB books in reading order, chapter by chapter as their table of contents names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.html_text import HtmlWriter, read_html, visible_text
from halo_app.parsing.manuscript import Manuscript, one_line, shortened
from halo_app.parsing.xml_tree import Element, all_text, attribute, child, children, descendants, local, parse_xml, with_known_entities
from halo_app.parsing.zipped import Package, open_package, resolve
from halo_app.plugins import Limits

_NAMES = {"title": "Title", "creator": "Author", "contributor": "Contributor", "description": "Description", "publisher": "Publisher",
          "date": "Date", "subject": "Subject", "language": "Language", "rights": "Rights"}
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml", ""})
_DEEPEST = 2                                          # levels of the contents that name a chapter
_SCRAMBLED_FONTS = ("obfuscation", "mangling")


class BookParser:
    """EPUB 2 and 3, without copy protection."""

    types: Mapping[str, str] = {"epub": "epub"}
    about: str = "EPUB books: chapter, as the table of contents names it"
    libraries: tuple[str, ...] = ("lxml.etree",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the spine's pages in order; a page belongs to the last chapter that the contents began."""
        package = open_package(path, name, limits)
        book = _open_book(package)
        _refuse_protected(package, book)
        written = Manuscript(name, limits)
        chapter = ""
        for member in book.spine:
            chapter = _write_page(package, member, book, chapter, written)
        return written.build(title=written.properties(_properties(book.root)))


@dataclass(frozen=True, slots=True)
class _Book:
    """The package document: its root, the pages to read in order, and member -> [(element id, chapter, level)]."""

    root: Element
    spine: tuple[str, ...]
    contents: Mapping[str, list[tuple[str, str, int]]]


def _open_book(package: Package) -> _Book:
    member = _root_member(package)
    root = package.xml(member)
    manifest = {item.get("id", ""): item for item in descendants(child(root, "manifest"), "item")}
    navigation = [item for item in manifest.values() if "nav" in item.get("properties", "").split()]
    spine_element = child(root, "spine")
    references = [manifest[key] for entry in children(spine_element, "itemref") if (key := entry.get("idref", "")) in manifest]
    pages = [resolve(member, item.get("href", "")) for item in references or manifest.values() if item not in navigation
             and item.get("media-type", "").lower() in _PAGES]
    contents = _contents(package, member, navigation, manifest, spine_element)
    return _Book(root, tuple(page for page in dict.fromkeys(pages) if package.find(page) is not None), contents)


def _root_member(package: Package) -> str:
    container = package.xml_or_none("META-INF/container.xml")
    for entry in descendants(container, "rootfile"):
        path = attribute(entry, "full-path").lstrip("/")
        if package.find(path) is not None:
            return path
    found = [member for member in package.names() if member.lower().endswith(".opf")]
    if not found:
        raise UnreadableFile(f"“{package.name}” has no book inside", fix="check what kind of file it is")
    return found[0]


def _contents(
    package: Package, member: str, navigation: list[Element], manifest: Mapping[str, Element], spine: Element | None
) -> Mapping[str, list[tuple[str, str, int]]]:
    """Where chapters begin: from the EPUB 3 navigation page, else from the NCX file of EPUB 2."""
    for item in navigation:
        page = resolve(member, item.get("href", ""))
        if package.find(page) is not None and (found := _collected(page, _nav_entries(_page(package, page)))):
            return found
    named = manifest.get(spine.get("toc", "")) if spine is not None else None
    files = [named] if named is not None else []
    files += [item for item in manifest.values() if item.get("media-type") == "application/x-dtbncx+xml"]
    for item in files:
        page = resolve(member, item.get("href", ""))
        if found := _collected(page, _ncx_entries(child(package.xml_or_none(page), "navMap"))):
            return found
    return {}


def _collected(page: str, entries: Iterator[tuple[str, str, int]]) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = {}
    for target, title, level in entries:
        found.setdefault(resolve(page, target), []).append((target.partition("#")[2], title, level))
    return found


def _nav_entries(root: Element) -> Iterator[tuple[str, str, int]]:
    menus = list(descendants(root, "nav"))
    chosen = next((menu for menu in menus if "toc" in attribute(menu, "type").split() or menu.get("role") == "doc-toc"), None)
    listing = next(descendants(chosen if chosen is not None else next(iter(menus), None), "ol"), None)
    yield from _listed(listing, "", 1)


def _listed(listing: Element | None, above: str, level: int) -> Iterator[tuple[str, str, int]]:
    for item in children(listing, "li"):
        label = next(children(item, "a", "span"), None)
        title = _under(above, visible_text(label) if label is not None else "")
        if label is not None and label.get("href"):
            yield label.get("href", ""), title, level
        if level < _DEEPEST:
            yield from _listed(next(children(item, "ol"), None), title, level + 1)


def _ncx_entries(holder: Element | None, above: str = "", level: int = 1) -> Iterator[tuple[str, str, int]]:
    for point in children(holder, "navPoint"):
        title = _under(above, one_line(all_text(child(point, "navLabel"))))
        content = child(point, "content")
        if content is not None and content.get("src"):
            yield content.get("src", ""), title, level
        if level < _DEEPEST:
            yield from _ncx_entries(point, title, level + 1)


def _under(above: str, title: str) -> str:
    return " › ".join(part for part in (above, shortened(title)) if part)


def _write_page(package: Package, member: str, book: _Book, chapter: str, written: Manuscript) -> str:
    """Write one page of the spine; return the chapter that its end belongs to."""
    root = _page(package, member)
    marks = book.contents.get(member, [])
    body = next(descendants(root, "body"), root)
    page = _PageOfBook(written, marks, chapter, _unlisted(body, member))
    writer = HtmlWriter(written, place=page.place, passing=page.pass_id, before=page.arrive, outlined=not book.contents)
    page.begin()
    writer.write(body)
    return page.chapter


class _PageOfBook:
    """Tells the chapter at each point of a page: contents entries take effect where their element begins."""

    def __init__(self, written: Manuscript, marks: list[tuple[str, str, int]], chapter: str, unlisted: Locator) -> None:
        self.chapter = chapter
        self._written = written
        self._marks = {key: (title, level) for key, title, level in reversed(marks)}
        self._unlisted = unlisted

    def begin(self) -> None:
        """Enter the chapter that begins with the page itself."""
        self.pass_id("")

    def arrive(self, key: str) -> bool:
        """Say whether a chapter begins at the element with this id."""
        return key in self._marks

    def pass_id(self, key: str) -> None:
        """Enter the chapter that begins at the element with this id, if one does."""
        if key in self._marks:
            self.chapter, level = self._marks[key]
            self._written.mark_next(self.chapter.rpartition(" › ")[2], level)

    def place(self) -> Locator:
        """The chapter here; before the first one, what the page itself is called."""
        return Locator(Place.CHAPTER, self.chapter) if self.chapter else self._unlisted


def _unlisted(body: Element, member: str) -> Locator:
    heading = next(descendants(body, "h1", "h2", "h3", "h4", "h5", "h6"), None)
    title = shortened(visible_text(heading)) if heading is not None else ""
    return Locator(Place.CHAPTER, title) if title else Locator(Place.PART, PurePosixPath(member).name)


def _page(package: Package, member: str) -> Element:
    """A page's root: as XML, which books are meant to be, or as browsers would read it."""
    data = package.read(member)
    try:
        return parse_xml(with_known_entities(data), f"“{package.name}” ({member})", lenient=False)
    except UnreadableFile:
        return read_html(data, package.name)


def _refuse_protected(package: Package, book: _Book) -> None:
    """Copy-protected books list their pages as encrypted; scrambled fonts do no harm."""
    for entry in descendants(package.xml_or_none("META-INF/encryption.xml"), "EncryptedData"):
        method = child(entry, "EncryptionMethod")
        algorithm = attribute(method, "Algorithm").lower() if method is not None else ""
        uris = [resolve("", attribute(reference, "URI")) for reference in descendants(entry, "CipherReference")]
        if not any(word in algorithm for word in _SCRAMBLED_FONTS) and not set(book.spine).isdisjoint(uris):
            raise PasswordProtected(f"“{package.name}” is copy-protected", fix="add a copy without protection")


def _properties(root: Element) -> list[tuple[str, str]]:
    metadata = child(root, "metadata")
    found = []
    for entry in descendants(metadata, *_NAMES):
        value = one_line(all_text(entry))
        if "<" in value:
            value = visible_text(read_html(value.encode(), ""))
        if value:
            found.append((_NAMES[local(entry)], value))
    return found


PARSER = BookParser()
