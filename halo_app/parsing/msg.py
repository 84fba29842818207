"""Read Outlook messages (MSG): header, body in whatever form it was kept, attachments and messages inside."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_string
from pathlib import Path

from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.compressed_rtf import decompress
from halo_app.parsing.eml import header_text
from halo_app.parsing.mail_text import Attachment, Mail, read_mail
from halo_app.parsing.manuscript import one_line
from halo_app.parsing.ole import CompoundFile, code_page
from halo_app.parsing.rtf_reader import BODY, RtfReader
from halo_app.plugins import Limits

_SUBJECT, _BODY, _HTML, _RTF, _TRANSPORT = 0x0037, 0x1000, 0x1013, 0x1009, 0x007D
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP = 0x0C1A, 0x0C1F, 0x5D01
_TO, _CC, _BCC, _SENT, _DELIVERED = 0x0E04, 0x0E03, 0x0E02, 0x0039, 0x0E06
_INTERNET_PAGE, _MESSAGE_PAGE = 0x3FDE, 0x3FFD
_DATA, _LONG_NAME, _SHORT_NAME, _SHOWN_NAME = 0x3701, 0x3707, 0x3704, 0x3001
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_DEEPEST = 5


class OutlookParser:
    """MSG files: one message as Outlook saves it."""

    types: Mapping[str, str] = {"msg": "msg"}
    about: str = "Outlook messages: header, body, and the name of each attachment with the place in it"
    libraries: tuple[str, ...] = ("olefile", "email.parser", "lxml.etree")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return header, body and attachments; raises UnreadableFile when it is no message."""
        file = CompoundFile(path, name)
        if not file.has("__properties_version1.0"):
            raise UnreadableFile(f"“{name}” is not an Outlook message", fix="give it its true suffix")
        return read_mail(_message(file, "", 32, 0), name, limits)


class _Properties:
    """The properties of one storage: its small ones in a table, its long ones in streams."""

    def __init__(self, file: CompoundFile, folder: str, header_bytes: int) -> None:
        self._file = file
        self._folder = folder
        data = file.read(f"{folder}__properties_version1.0")[header_bytes:]
        self._small = {struct.unpack_from("<H", data, at + 2)[0]: data[at + 8:at + 16] for at in range(0, len(data) - 15, 16)}
        self.page = code_page(self.number(_MESSAGE_PAGE) or self.number(_INTERNET_PAGE) or 1252)

    def number(self, key: int) -> int:
        return int.from_bytes(self._small.get(key, b"")[:4], "little")

    def moment(self, key: int) -> str:
        """A date as `2024-12-22 08:23 UTC`, or ""."""
        ticks = int.from_bytes(self._small.get(key, b""), "little")
        return (_EPOCH + timedelta(microseconds=ticks // 10)).strftime("%Y-%m-%d %H:%M UTC") if 0 < ticks < 1 << 61 else ""

    def text(self, key: int) -> str:
        wide = self._file.read(f"{self._folder}__substg1.0_{key:04X}001F")
        if wide:
            return wide.decode("utf-16-le", "replace").rstrip("\x00")
        return self._file.read(f"{self._folder}__substg1.0_{key:04X}001E").decode(self.page, "replace").rstrip("\x00")

    def data(self, key: int) -> bytes:
        return self._file.read(f"{self._folder}__substg1.0_{key:04X}0102")


def _message(file: CompoundFile, folder: str, header_bytes: int, depth: int) -> Mail:
    found = _Properties(file, folder, header_bytes)
    page = found.data(_HTML) or found.text(_HTML).encode()
    page_charset = code_page(found.number(_INTERNET_PAGE)) if found.number(_INTERNET_PAGE) else ""
    plain = found.text(_BODY)
    if not plain.strip() and not page.strip():
        plain = _from_rtf(found.data(_RTF))
    below = [name[len(folder):] for name in file.streams if name.startswith(f"{folder}__attach_version1.0_")]
    folders = sorted({name.partition("/")[0] for name in below})
    attachments = [_attachment(file, f"{folder}{inner}/", depth) for inner in folders]
    return Mail(_headers(found), plain, page, page_charset, [attachment for attachment in attachments if attachment])


def _headers(found: _Properties) -> list[tuple[str, str]]:
    """The header people see; where Outlook keeps only names, the addresses that were transported."""
    carried = message_from_string(found.text(_TRANSPORT).removeprefix("Microsoft Mail Internet Headers Version 2.0").lstrip("\r\n"))
    address = found.text(_SENDER_SMTP) or found.text(_SENDER_ADDRESS)
    sender = header_text(found.text(_SENDER))
    if "@" in address and address not in sender:
        sender = f"{sender} <{address}>".strip()
    kept = {"Subject": header_text(found.text(_SUBJECT)), "From": sender, "To": found.text(_TO), "Cc": found.text(_CC),
            "Bcc": found.text(_BCC), "Date": found.moment(_SENT) or found.moment(_DELIVERED)}
    for label in ("From", "To", "Cc", "Date"):
        if not kept[label] or (label in ("To", "Cc") and "@" not in kept[label]):
            kept[label] = carried.get(label) or kept[label]
    return [(label, text) for label, value in kept.items() if (text := header_text(value))]


def _attachment(file: CompoundFile, folder: str, depth: int) -> Attachment | None:
    found = _Properties(file, folder, 8)
    name = one_line(found.text(_LONG_NAME) or found.text(_SHORT_NAME) or found.text(_SHOWN_NAME))
    inside = f"{folder}__substg1.0_3701000D/"
    if file.has(f"{inside}__properties_version1.0"):
        if depth >= _DEEPEST:
            return None
        mail = _message(file, inside, 24, depth + 1)
        return Attachment(name or f"{mail.subject or 'message'}.msg", mail=mail)
    data = found.data(_DATA)
    return Attachment(name, data) if data else None


def _from_rtf(data: bytes) -> str:
    rtf = decompress(data)
    blocks = RtfReader(rtf).blocks() if rtf else ()
    return "\n\n".join(block.text or " | ".join(block.cells) for block in blocks if block.stream == BODY)


PARSER = OutlookParser()
