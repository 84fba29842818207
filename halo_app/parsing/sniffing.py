"""Tell from its bytes what a file really is, whatever its name says."""

from __future__ import annotations

import zipfile
from pathlib import Path

HEAD_BYTES = 8192
DAMAGED_ARCHIVE = "a cut or damaged archive"

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"GIF8", "gif"),
    (b"ID3", "mp3"), (b"OggS", "ogg"), (b"fLaC", "flac"), (b"{\\rtf", "rtf"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"PK\x03\x04", "zip"), (b"PK\x05\x06", "zip"),
)
_FOREIGN = (
    (b"MZ", "a program"), (b"\x7fELF", "a program"), (b"\xcf\xfa\xed\xfe", "a program"), (b"\xca\xfe\xba\xbe", "a program"),
    (b"\x1f\x8b", "a compressed archive"), (b"7z\xbc\xaf\x27\x1c", "a compressed archive"), (b"Rar!", "a compressed archive"),
    (b"BZh", "a compressed archive"), (b"\xfd7zXZ", "a compressed archive"), (b"\x28\xb5\x2f\xfd", "a compressed archive"),
    (b"SQLite format 3\x00", "a database"), (b"wOFF", "a font"), (b"\x00\x01\x00\x00\x00", "a font"), (b"OTTO", "a font"),
    (b"\x1aE\xdf\xa3", "a film"), (b"\x00asm", "a program"),
)
_OPEN_DOCUMENT = {
    "application/epub+zip": "epub", "application/vnd.oasis.opendocument.text": "odt",
    "application/vnd.oasis.opendocument.presentation": "odp", "application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("PowerPoint Document", "ppt"),
    ("Workbook", "xls"), ("__properties_version1.0", "msg"), ("Book", "xls"),
)
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(path: Path) -> str:
    """Return the usual suffix of what the bytes are (`pdf`, `docx`, `png`), `text`, or `` when they tell nothing.

    Kinds that HALO never reads come as words for people: `a program`, `a compressed archive`. Encrypted office
    documents are `encrypted`. The text formats are not told apart here: they are all `text`.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return _inside_zip(path) if kind == "zip" else _inside_ole(path) if kind == "ole" else kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head[:4] == b"RIFF":
        return {b"WAVE": "wav", b"WEBP": "webp"}.get(head[8:12], "")
    if head[:2] == b"BM" and head[6:10] == b"\x00" * 4:
        return "bmp"
    if head[4:8] == b"ftyp":
        return "m4a" if head[8:11] in (b"M4A", b"M4B") else "mp4"
    for magic, words in _FOREIGN:
        if head.startswith(magic) and not (magic == b"MZ" and looks_like_text(head)):
            return words
    if head[:1] == b"\xff" and len(head) > 1 and head[1] & 0xE6 == 0xE2:
        return "mp3"       # an MPEG audio frame, layer III
    return "text" if looks_like_text(head) else ""


def looks_like_text(head: bytes) -> bool:
    """Say whether the first bytes of a file are text in some encoding: no NUL outside UTF-16, hardly any control bytes."""
    if head.startswith(_BOMS):
        return True
    if b"\x00" in head:
        return False
    control = sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head)
    return control <= len(head) // 100


def _inside_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                kind = _OPEN_DOCUMENT.get(archive.read("mimetype").decode("ascii", "replace").strip().removesuffix("-template"))
                if kind:
                    return kind
            if {"content.xml", "META-INF/manifest.xml"} <= names:
                return _by_manifest(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return DAMAGED_ARCHIVE
    names = {name.replace("\\", "/") for name in names}           # some programs write Windows paths
    for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if "[Content_Types].xml" in names and any(name.startswith(folder) for name in names):
            return kind
    return "epub" if "META-INF/container.xml" in names else "zip"


def _by_manifest(archive: zipfile.ZipFile) -> str:
    """An OpenDocument without its `mimetype` part still says in its manifest what it is."""
    manifest = archive.open("META-INF/manifest.xml").read(HEAD_BYTES).decode("utf-8", "replace")
    found = (kind for media_type, kind in _OPEN_DOCUMENT.items() if media_type in manifest)
    return next(found, "zip")


def _inside_ole(path: Path) -> str:
    data = path.read_bytes()
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") + b"\x00\x00" in data:
            return kind
    return ""
