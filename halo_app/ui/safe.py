"""Make other people's text harmless where Markdown is drawn: no remote pictures, no markup, only web links."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"!(?=\s*\[)")
_ENTITY = re.compile(r"&(?=#|[a-zA-Z])")
_TARGET = re.compile(r"(\]\(\s*<?\s*)([^)\s>]*)")
_REFERENCE = re.compile(r"^(\s{0,3}\[[^\]\n]+\]):(?=\s)", re.MULTILINE)
_DIRECTIVE = re.compile(r":(?=material/|red|orange|yellow|green|blue|violet|gray|grey|rainbow|primary|small|badge|streamlit)")
_WEB = re.compile(r"https?://", re.IGNORECASE)
ZERO_WIDTH = "\u200b"


def markdown(text: str) -> str:
    """Return Markdown that keeps its emphasis, lists and web links, and cannot fetch, run or disguise anything.

    A zero-width space parts `![` (a backslash would still fetch the picture), `<` is shown as a character, links that are
    not http or https lose their target, reference definitions and Streamlit's own `:material/…:` directives stay as words.
    """
    text = _ENTITY.sub("&amp;", text).replace("<", "&lt;")
    text = _PICTURE.sub("!" + ZERO_WIDTH, text)
    text = _REFERENCE.sub(rf"\1{ZERO_WIDTH}:", text)
    text = _DIRECTIVE.sub(":" + ZERO_WIDTH, text)
    return _TARGET.sub(lambda found: found[0] if _WEB.match(found[2]) else f"]{ZERO_WIDTH}({found[2]}", text)


def plain(text: str) -> str:
    """Return Markdown that shows `text` exactly, every mark of it as a character."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~$:<>&])", lambda found: f"&#{ord(found[1])};", text)
