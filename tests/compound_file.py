"""Writes compound files, the container of older Office documents and Outlook messages ([MS-CFB], version 3)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from struct import pack

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT_SECTOR, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


class _Entry:
    def __init__(self, name: str, kind: int, data: bytes = b"") -> None:
        self.name, self.kind, self.data = name, kind, data
        self.children: list[_Entry] = []
        self.right = self.child = _NONE
        self.start, self.number = _END, 0

    def packed(self) -> bytes:
        name = self.name.encode("utf-16-le") + b"\x00\x00"
        head = name.ljust(64, b"\x00") + pack("<HBBIII", len(name), self.kind, 1, _NONE, self.right, self.child)
        return head + bytes(16) + pack("<I", 0) + bytes(16) + pack("<IQ", self.start, len(self.data))


def write_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """Write a file with these streams; slashes in their names make storages."""
    root = _Entry("Root Entry", 5)
    for name, data in streams.items():
        folder = root
        *storages, last = name.split("/")
        for storage in storages:
            found = next((entry for entry in folder.children if entry.name == storage), None)
            if found is None:
                found = _Entry(storage, 1)
                folder.children.append(found)
            folder = found
        folder.children.append(_Entry(last, 2, data))
    entries = _numbered(root)
    sectors: list[bytes] = []
    chain: dict[int, int] = {}
    mini_chain = _place_small(root, entries)
    for entry in entries:
        if entry is root or len(entry.data) >= _CUTOFF:
            entry.start = _place(entry.data, sectors, chain)
    mini_table = b"".join(pack("<I", link) for link in mini_chain)
    mini_start = _place(mini_table, sectors, chain, fill=b"\xff")
    directory = b"".join(entry.packed() for entry in entries)
    directory_start = _place(directory + _Entry("", 0).packed() * (-len(entries) % 4), sectors, chain)
    return _write(path, sectors, chain, directory_start, mini_start, len(mini_table))


def _numbered(root: _Entry) -> list[_Entry]:
    """All entries in the order of the directory, siblings linked in the order of their names."""
    entries = [root]
    for entry in entries:
        entry.children.sort(key=lambda child: (len(child.name), child.name.upper()))
        for child in entry.children:
            child.number = len(entries)
            entries.append(child)
        for child, following in zip(entry.children, entry.children[1:], strict=False):
            child.right = following.number
        if entry.children:
            entry.child = entry.children[0].number
    return entries


def _place_small(root: _Entry, entries: list[_Entry]) -> list[int]:
    links: list[int] = []
    for entry in entries[1:]:
        if entry.kind == 2 and 0 < len(entry.data) < _CUTOFF:
            count = -(-len(entry.data) // _MINI)
            entry.start = len(links)
            links += [*range(len(links) + 1, len(links) + count), _END]
            root.data += entry.data.ljust(count * _MINI, b"\x00")
    return links


def _place(data: bytes, sectors: list[bytes], chain: dict[int, int], *, fill: bytes = b"\x00") -> int:
    if not data:
        return _END
    first = len(sectors)
    for at in range(0, len(data), _SECTOR):
        chain[len(sectors)] = len(sectors) + 1
        sectors.append(data[at:at + _SECTOR].ljust(_SECTOR, fill))
    chain[len(sectors) - 1] = _END
    return first


def _write(path: Path, sectors: list[bytes], chain: dict[int, int], directory: int, mini: int, mini_bytes: int) -> Path:
    tables = 1
    while (len(sectors) + tables) * 4 > tables * _SECTOR:
        tables += 1
    places = list(range(len(sectors), len(sectors) + tables))
    links = [chain.get(index, _FREE) for index in range(len(sectors))] + [_FAT_SECTOR] * tables
    table = b"".join(pack("<I", link) for link in links).ljust(tables * _SECTOR, b"\xff")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += pack("<IIIIIIIIII", 0, tables, directory, 0, _CUTOFF, mini, -(-mini_bytes // _SECTOR), _END, 0, places[0])
    header += b"".join(pack("<I", place) for place in places[1:])
    path.write_bytes(header.ljust(_SECTOR, b"\xff") + b"".join(sectors) + table)
    return path
