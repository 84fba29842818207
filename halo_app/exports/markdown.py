"""Write an output as Markdown: numbered citations in the text, each quoted with its place at the end."""

from __future__ import annotations

import re
from collections.abc import Sequence

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation
from halo_app.domain.numbering import numbered

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#!])")


class Markdown:
    """Offered as `EXPORTER`."""

    suffix = "md"
    media_type = "text/markdown"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the document in UTF-8. Text of the sources is escaped: nothing in it becomes markup, link or picture."""
        numbers = numbered(sections)
        lines = [f"# {_plain(title)}", ""]
        for section in sections:
            lines += [f"## {_plain(section.title)}", ""]
            for sentence in section.sentences:
                marks = "".join(f"[^{numbers[citation]}]" for citation in sentence.citations)
                lines += [f"{_plain(sentence.text)}{marks}", ""]
        lines += [f"[^{number}]: {_note(citation)}" for citation, number in numbers.items()]
        return ("\n".join(lines).rstrip() + "\n").encode()


def _note(citation: Citation) -> str:
    place = f", {citation.locator}" if citation.locator else ""
    return f"{_plain(citation.source + place)}: “{_plain(citation.quote)}”"


def _plain(text: str) -> str:
    line = _SPECIAL.sub(r"\\\1", " ".join(text.split()))
    line = re.sub(r"^(\d+)([.)])", r"\1\\\2", re.sub(r"^([-+=~])", r"\\\1", line))
    return line.replace("!\\[", "!\u200b\\[").replace("://", ":\u200b//")      # some viewers link bare addresses


EXPORTER = Markdown()
