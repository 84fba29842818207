"""What a verdict means and why a sentence got it, in plain words."""

from __future__ import annotations

from halo_app.domain.conversation import Sentence, Verdict
from halo_app.ui.words import many


def explained(sentence: Sentence, *, quoted: bool) -> str:
    """Return two or three sentences for the badge: what the word means, and why it stands at this sentence."""
    match sentence.verdict:
        case Verdict.VERIFIED if quoted:
            return f"Verified: this sentence stands word for word in {_places(sentence)}. It was compared with the stored text."
        case Verdict.VERIFIED:
            return (f"Verified: {_places(sentence)} {'says' if len(sentence.citations) == 1 else 'say'} all of this. "
                    "Names, numbers and dates agree; the wording is the model’s.")
        case Verdict.PARTIAL:
            return (f"Partial: {_places(sentence)} {'carries' if len(sentence.citations) == 1 else 'carry'} only a part of this"
                    f"{_because(sentence)}. Open the citation before you rely on it.")
    return (f"Unsupported: none of the passages that were read says this{_because(sentence)}. "
            "It may still be true, but your sources do not prove it.")


def _places(sentence: Sentence) -> str:
    named = list(dict.fromkeys(f"{one.source}, {one.locator}" if one.locator else one.source for one in sentence.citations))
    return named[0] if len(named) == 1 else many(len(named), "passage") if named else "a passage"


def _because(sentence: Sentence) -> str:
    why = sentence.reason.strip().rstrip(".")
    return "" if not why or why == "no passage says this" else f": {why}"
