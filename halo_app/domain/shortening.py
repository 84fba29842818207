"""Cut a text to one line that fits."""

from __future__ import annotations


def shortened(text: str, limit: int) -> str:
    """Return the text on one line; one of more than `limit` characters ends at a word, with an ellipsis, within the limit."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    at = line.rfind(" ", 0, limit)
    return f"{line[:at].rstrip(' ,;:–-') if at > limit // 2 else line[:limit - 1].rstrip()}…"
