"""Read mails as they travel (EML): decoded header, the best body, attachments and mails inside."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from pathlib import Path

from halo_app.domain.source import Parsed
from halo_app.errors import EmptyFile, UnreadableFile
from halo_app.parsing.html_text import decoded
from halo_app.parsing.mail_text import Attachment, Mail, read_mail
from halo_app.parsing.manuscript import one_line
from halo_app.parsing.tnef import Wrapped, unwrap
from halo_app.plugins import Limits

_SHOWN = ("Subject", "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Date")
_WRAPPED = ("application/ms-tnef", "application/vnd.ms-tnef")
_ENCODED_WORD = re.compile(r"=\?[\w.*-]+\?[BbQq]\?[^?]*\?=")
_SIXTEEN_BIT = re.compile(r"charset\s*=\s*\"?utf-?16(?:le|be)?\"?", re.IGNORECASE)
_KINDS = {"text/plain": "txt", "text/html": "html", "text/csv": "csv", "text/calendar": "ics", "application/pdf": "pdf",
          "message/rfc822": "eml", "application/json": "json", "text/xml": "xml", "application/xml": "xml", "text/rtf": "rtf",
          "application/rtf": "rtf", "text/markdown": "md", "image/png": "png", "image/jpeg": "jpg"}


class MailParser:
    """EML files: one mail as it was sent or received."""

    types: Mapping[str, str] = {"eml": "eml", "mht": "mht", "mhtml": "mht"}
    about: str = "Mails: header, body, and the name of each attachment with the place in it"
    libraries: tuple[str, ...] = ("email.parser", "lxml.etree")

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return header, body and attachments; raises UnreadableFile when there is no header at all."""
        data = _in_bytes(path.read_bytes())
        if not data.strip():
            raise EmptyFile(f"“{name}” is empty", fix="add a file with text in it")
        message = message_from_bytes(data)
        if not message.keys():
            raise UnreadableFile(f"“{name}” has no mail header", fix="give it its true suffix")
        return read_mail(taken_apart(message), name, limits)


def _in_bytes(data: bytes) -> bytes:
    """Return a mail as it travels: programs that save it as UTF-16 text make it something else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
        data = _SIXTEEN_BIT.sub("charset=utf-8", text).encode("utf-8")
    return data.lstrip(b"\r\n\xef\xbb\xbf")


def taken_apart(message: Message, depth: int = 0) -> Mail:
    """Return a parsed mail as its header, bodies and attachments."""
    written: dict[str, str] = {}
    for key, value in message.raw_items():                  # raw: bytes that no header should hold are still there
        written.setdefault(key.lower(), str(value))
    headers = [(name, text) for name in _SHOWN if (text := header_text(written.get(name.lower(), "")))]
    plain: list[str] = []
    wrapped: list[Wrapped] = []
    page, charset = b"", ""
    attachments: list[Attachment] = []
    for part in _leaves(message, depth):
        kind = part.get_content_type()
        if kind in _WRAPPED or _file_name(part).lower() == "winmail.dat":
            inner = unwrap(_bytes(part))
            attachments += [Attachment(name, data) for name, data in inner.files]
            wrapped.append(inner)
        elif kind == "message/rfc822" or _is_attachment(part):
            attachments.append(_attachment(part, depth))
        elif kind == "text/html":
            page, charset = page + _bytes(part), charset or str(part.get_content_charset() or "")
        else:
            plain.append(_text(part))
    texts = [text for text in plain if text.strip()]
    if not texts and not page:                              # the message itself may be inside the wrapping
        texts = [inner.plain for inner in wrapped if inner.plain.strip()]
        page = b"".join(inner.page for inner in wrapped)
    return Mail(headers, "\n\n".join(texts), page, charset, attachments)


def header_text(value: object) -> str:
    """Return a header's text with encoded words decoded; what is broken in it stays as it was written."""
    raw = str(value)
    if not _ENCODED_WORD.search(raw):
        return one_line(_eight_bit(raw))
    pieces = []
    try:
        for piece, charset in decode_header(raw):
            known = "" if charset in (None, "unknown-8bit") else str(charset)
            pieces.append(piece if isinstance(piece, str) else decoded(piece, known))
    except (HeaderParseError, ValueError):
        return one_line(raw)
    return one_line("".join(pieces))


def _eight_bit(raw: str) -> str:
    """Bytes that no header should hold come as surrogates: read them as the text they most likely are."""
    data = raw.encode("utf-8", "surrogateescape")
    return decoded(data) if any("\udc80" <= letter <= "\udcff" for letter in raw) else raw


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    """The parts that are no containers, in order; a mail inside a mail is one part."""
    if message.get_content_type() != "message/rfc822" and message.is_multipart() and depth < 20:
        for part in message.get_payload():
            if isinstance(part, Message):
                yield from _leaves(part, depth + 1)
    else:
        yield message


def _is_attachment(part: Message) -> bool:
    kind = part.get_content_type()
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    if disposition.startswith("attachment") or not kind.startswith(("text/", "message/")):
        return True
    named = bool(_file_name(part)) and kind not in ("text/plain", "text/html", "text/enriched")
    return named or kind in ("text/calendar", "text/csv")


def _attachment(part: Message, depth: int) -> Attachment:
    name = _file_name(part)
    inner = part.get_payload()
    if part.get_content_type() == "message/rfc822" and isinstance(inner, list) and inner and isinstance(inner[0], Message):
        mail = taken_apart(inner[0], depth + 1)
        return Attachment(name or f"{mail.subject or 'mail'}.eml", mail=mail)
    suffix = _KINDS.get(part.get_content_type(), "")
    return Attachment(name or (f"without a name.{suffix}" if suffix else ""), _bytes(part))


def _file_name(part: Message) -> str:
    for header, key in (("Content-Disposition", "filename"), ("Content-Type", "name")):
        value = part.get_param(key, None, header)
        if value:
            return header_text(collapse_rfc2231_value(value))
    return ""


def _bytes(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _text(part: Message) -> str:
    text = decoded(_bytes(part), str(part.get_content_charset() or ""))
    if str(part.get_param("format") or "").lower() == "flowed":
        return _unflowed(text, delete_space=str(part.get_param("delsp") or "").lower() == "yes")
    return text


def _unflowed(text: str, *, delete_space: bool) -> str:
    """Join the soft line ends of format=flowed (RFC 3676)."""
    lines: list[str] = []
    open_depth: int | None = None
    for line in text.replace("\r\n", "\n").split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:].removeprefix(" ") if line[depth:].startswith(" ") else line[depth:]
        if open_depth == depth and content != "-- ":
            lines[-1] += content
        else:
            lines.append("> " * bool(depth) + content if depth else content)
        open_depth = depth if content.endswith(" ") and content != "-- " else None
        if open_depth is not None and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


PARSER = MailParser()
