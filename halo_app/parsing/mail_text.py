"""Write mails down, whatever file they came in: header, body, and attachments by the parsers that read their kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import HaloError
from halo_app.parsing.html_text import HtmlWriter, read_html
from halo_app.parsing.inside import include_file
from halo_app.parsing.manuscript import Manuscript, kept_layout, one_line
from halo_app.plugins import Limits

_BODY = Locator(Place.PART, "body")
_MOST_ATTACHMENTS = 200
_STUB = 0.25                          # a plain text this much shorter than the page beside it is not the message


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file, or another mail, inside a mail."""

    name: str
    data: bytes = b""
    mail: Mail | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail taken apart. `headers` are (name, text) in the order to be shown; `page` is its HTML body."""

    headers: Sequence[tuple[str, str]]
    plain: str = ""
    page: bytes = b""
    page_charset: str = ""
    attachments: Sequence[Attachment] = ()

    @property
    def subject(self) -> str:
        return next((text for name, text in self.headers if name == "Subject"), "")


def read_mail(mail: Mail, name: str, limits: Limits, *, depth: int = 0) -> Parsed:
    """Return the mail as text: header, body, then every attachment that can be read; the others are remarked on."""
    written = Manuscript(name, limits)
    for label, text in mail.headers:
        written.line(f"{label}: {text}", Locator(Place.PART, "header", label))
    _write_body(mail, written)
    remarks: list[str] = []
    for attachment in mail.attachments[:_MOST_ATTACHMENTS]:
        remarks += _write_attachment(attachment, limits, depth, written)
    return written.build(title=mail.subject, remarks=remarks)


def _write_body(mail: Mail, written: Manuscript) -> None:
    root = read_html(mail.page, "mail", charset=mail.page_charset) if mail.page.strip() else None
    plain = tidy(mail.plain)
    before = written.length
    if root is not None and len(plain) < _STUB * len(re.sub(rb"<[^>]*>|\s+", b"", mail.page)):
        HtmlWriter(written, place=lambda: _BODY, outlined=False).write(root)
    if written.length == before:
        written.block(plain, _BODY)


def _write_attachment(attachment: Attachment, limits: Limits, depth: int, written: Manuscript) -> list[str]:
    name = one_line(attachment.name).rpartition("/")[2].rpartition("\\")[2] or "without a name"
    place = Locator(Place.PART, f"attachment {name}")
    if attachment.mail is None:
        return include_file(written, attachment.data, name, place, limits)
    if depth >= 3:
        return [f"attachment {name} lies too deep and was not read"]
    try:
        inner = read_mail(attachment.mail, name, limits, depth=depth + 1)
    except HaloError as error:
        return [f"attachment {name} was not read: {error.message}"]
    written.include(inner, place)
    return [f"attachment {name}: {remark}" for remark in inner.remarks]


def tidy(text: str) -> str:
    """Return a mail's plain text with at most one blank line in a row."""
    return re.sub(r"\n{3,}", "\n\n", kept_layout(text)).strip()
