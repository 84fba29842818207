"""Write an output as OPML, the outline that mind map and outlining programs read."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from halo_app.domain.artifact import Layout, Section
from halo_app.domain.conversation import Sentence
from halo_app.domain.flowing import gapped
from halo_app.exports.docx import clean


class Opml:
    """Offered as `EXPORTER`."""

    suffix = "opml"
    media_type = "text/x-opml"

    def write(self, title: str, sections: Sequence[Section]) -> bytes:
        """Return the outline in UTF-8: sections, entries, and sentences with their place as a note."""
        root = Element("opml", version="2.0")
        SubElement(SubElement(root, "head"), "title").text = clean(title)
        body = SubElement(root, "body")
        for section in sections:
            branch = SubElement(body, "outline", text=clean(section.title))
            for sentence in section.sentences:
                _leaf(branch, sentence)
            _items(branch, section)
        written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
        return written


def _items(branch: Element, section: Section) -> None:
    open_at = [(0, branch)]
    for item in section.items:
        level = item.level if section.layout is Layout.TREE else 1
        while len(open_at) > 1 and open_at[-1][0] >= level:
            open_at.pop()
        parent = open_at[-1][1]
        if label := gapped(item):
            parent = SubElement(parent, "outline", text=clean(label))
            open_at.append((level, parent))
        for sentence in (*item.sentences, *(said for cell in item.cells for said in cell)):
            _leaf(parent, sentence)


def _leaf(parent: Element, sentence: Sentence) -> None:
    places = "; ".join(f"{one.source}, {one.locator}" if one.locator else one.source for one in sentence.citations)
    SubElement(parent, "outline", {"text": clean(sentence.text), **({"_note": clean(places)} if places else {})})


EXPORTER = Opml()
