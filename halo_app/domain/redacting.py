"""Take what was made from an erased source or memory out of a stored record, and leave its reader's own words alone.

A record is a JSON object as it lies in its file. What HALO took from the source goes: citations of it, the sentences that
rest on them, and every stretch of an answer that repeats it. What a person typed stays, also when they typed it off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from halo_app.domain.erasure import Target, Whose

ERASED = "[erased]"
REASON = "its source was erased"
_NAMES = ("source_id", "memory_id", "public_id", "id")
_OWN = ("title", "name", "id", "user_id", "notebook_id", "schema", "role", "created_at", "updated_at",
        "verdict", "kind", "mode", "template")
_NOT_TYPED = ("others", "attached")

Clean = Callable[[str], str]


def texts_in(tree: Any) -> Iterator[str]:
    """Yield every string of a JSON value, the keys of objects, too."""
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, Mapping):
        for key, value in tree.items():
            yield key
            yield from texts_in(value)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from texts_in(value)


def told(tree: Mapping[str, Any], target: Target, *, made: bool) -> Iterator[tuple[Whose, str]]:
    """Yield every text of a record with whose it is; `made` says that HALO wrote the record, its title apart."""
    if target.is_person:
        whose = Whose.TARGETS if tree.get("user_id") == target.user_id else Whose.OTHERS
        yield from ((whose, text) for text in texts_in(tree))
    else:
        yield from _told(tree, target, Whose.MADE if made and tree.get("user_id") == target.user_id else Whose.OTHERS)


def redacted(tree: dict[str, Any], target: Target, clean: Clean) -> dict[str, Any]:
    """Return the record without what was taken from the target; equal to what was given when nothing was.

    `clean` takes out of a text what it repeats of the target.
    """
    names: list[str] = []
    _quoted(tree, target, names)

    def cleaned(text: str) -> str:
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, ERASED)
        return clean(text)

    changed = _redacted(tree, target, cleaned)
    assert isinstance(changed, dict)
    return changed


def _told(tree: Any, target: Target, whose: Whose) -> Iterator[tuple[Whose, str]]:
    if isinstance(tree, str):
        yield whose, tree
    elif isinstance(tree, Mapping):
        if _is_of(tree, target) or _rests_on(tree, target):
            whose = Whose.TARGETS
        for key, value in tree.items():
            own = whose is Whose.MADE and (_is_own(key, tree) or _is_typed(key, tree))
            yield from _told(value, target, Whose.OTHERS if own else whose)
    elif isinstance(tree, list | tuple):
        for value in tree:
            yield from _told(value, target, whose)


def _quoted(tree: Any, target: Target, names: list[str]) -> None:
    """Gather what stands word for word elsewhere in the record: quotes, sentences that rest on them, the source's name."""
    if isinstance(tree, Mapping):
        if _rests_on(tree, target) or _is_of(tree, target):
            names += [text for key in ("quote", "text") if len(text := str(tree.get(key) or "")) > 3]
            if target.name and target.name not in names:
                names.append(target.name)
        for value in tree.values():
            _quoted(value, target, names)
    elif isinstance(tree, list | tuple):
        for value in tree:
            _quoted(value, target, names)


def _redacted(tree: Any, target: Target, clean: Clean) -> Any:
    if isinstance(tree, str):
        return clean(tree)
    if isinstance(tree, list | tuple):
        return [_redacted(value, target, clean) for value in tree if not (isinstance(value, Mapping) and _is_of(value, target))]
    if not isinstance(tree, Mapping):
        return tree
    kept = {key: value for key, value in tree.items()
            if key not in target.ids and not (isinstance(value, Mapping) and _is_of(value, target))}
    if _rests_on(tree, target) and "text" in tree:
        kept["text"] = ERASED
        kept |= {"verdict": "unsupported", "reason": REASON} if "verdict" in tree else {}
    kept |= {key: ERASED for key in ("label", "detail", "title") if key in tree and _is_told_of(tree, target)}
    return {key: value if _is_own(key, tree) or _is_typed(key, tree) else _redacted(value, target, clean)
            for key, value in kept.items()}


def _is_own(key: str, tree: Mapping[str, Any]) -> bool:
    """Tell whether a field was not written by HALO; it titles the sections of outputs itself."""
    return key in _OWN and not (key == "title" and ("sentences" in tree or "layout" in tree))


def _is_typed(key: str, tree: Mapping[str, Any]) -> bool:
    """Tell whether a field of a message is what a person typed; the other versions of it hold answers, too."""
    return tree.get("role") == "user" and key not in _NOT_TYPED


def _is_of(tree: Mapping[str, Any], target: Target) -> bool:
    """Tell whether an object is a citation of the target, or the memory itself."""
    return any(isinstance(tree.get(name), str) and tree[name] in target.ids for name in _NAMES)


def _is_told_of(tree: Mapping[str, Any], target: Target) -> bool:
    """Tell whether an entry or a section of an output calls something by words of the target: one of its sentences cites it."""
    if "layout" not in tree and not ("label" in tree or "detail" in tree):
        return False
    return any(_rests_on(one, target) for one in _objects(tree))


def _objects(tree: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(tree, Mapping):
        yield tree
    for value in tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list | tuple) else ():
        yield from _objects(value)


def _rests_on(tree: Mapping[str, Any], target: Target) -> bool:
    """Tell whether a sentence cites the target."""
    cited = tree.get("citations")
    return "content" not in tree and "title" not in tree and isinstance(cited, list) and any(
        isinstance(one, Mapping) and _is_of(one, target) for one in cited)
