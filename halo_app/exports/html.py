"""Write an output as one HTML file without scripts or outside addresses: citations are links to their quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation, Sentence
from halo_app.domain.numbering import numbered

_STYLE = ("body{max-width:42rem;margin:3rem auto;padding:0 1rem;font:1.05rem/1.6 Georgia,serif;color:#1d1d1f;background:#fff}"
          "h1,h2{line-height:1.25;font-family:system-ui,sans-serif}sup a{text-decoration:none}"
          "ol{font-size:.9rem}q{color:#444}"
          "@media (prefers-color-scheme:dark){body{color:#e8e8ea;background:#161618}q{color:#bbb}a{color:#8ab4f8}}")
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


class Html:
    """Offered as `EXPORTER`."""

    suffix = "html"
    media_type = "text/html"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the page in UTF-8; it reads alone, opens nothing and runs nothing."""
        numbers = numbered(sections)
        body = "".join(_part(section, numbers) for section in sections)
        notes = "".join(_note(citation, number) for citation, number in numbers.items())
        sources = f"<section><h2>Sources</h2><ol>{notes}</ol></section>" if notes else ""
        return (f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
                '<meta name="viewport" content="width=device-width,initial-scale=1">'
                f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>{body}{sources}</body></html>\n").encode()


def _part(section: Section, numbers: Mapping[Citation, int]) -> str:
    return f"<section><h2>{escape(section.title)}</h2>{''.join(_paragraph(one, numbers) for one in section.sentences)}</section>"


def _paragraph(sentence: Sentence, numbers: Mapping[Citation, int]) -> str:
    marks = "".join(f'<sup><a href="#quote-{numbers[citation]}">{numbers[citation]}</a></sup>' for citation in sentence.citations)
    return f"<p>{escape(sentence.text)}{marks}</p>"


def _note(citation: Citation, number: int) -> str:
    place = f", {citation.locator}" if citation.locator else ""
    return f'<li id="quote-{number}">{escape(citation.source + place)}: <q>{escape(citation.quote)}</q></li>'


EXPORTER = Html()
