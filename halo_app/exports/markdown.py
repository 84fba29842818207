"""Write an output as Markdown: numbered citations in the text, each quoted with its place at the end."""

from __future__ import annotations

from collections.abc import Sequence

from halo_app.domain.artifact import Section
from halo_app.domain.conversation import Citation
from halo_app.domain.marking import markdown_of, plain
from halo_app.domain.numbering import numbered


class Markdown:
    """Offered as `EXPORTER`."""

    suffix = "md"
    media_type = "text/markdown"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the document in UTF-8. Text of the sources is escaped: nothing in it becomes markup, link or picture."""
        numbers = numbered(sections)
        body = markdown_of(sections, lambda sentence: "".join(f"[^{numbers[one]}]" for one in sentence.citations))
        notes = "\n".join(f"[^{number}]: {_note(citation)}" for citation, number in numbers.items())
        return f"# {plain(title)}\n\n{body}\n{notes}".rstrip().encode("utf-8", "replace") + b"\n"


def _note(citation: Citation) -> str:
    place = f", {citation.locator}" if citation.locator else ""
    return f"{plain(citation.source + place)}: “{plain(citation.quote)}”"


EXPORTER = Markdown()
