"""Turn errors into words for the reader, in one place; a traceback goes to the log and never to the page."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

from halo_app.errors import HaloError
from halo_app.ui import state
from halo_app.ui.safe import plain

P = ParamSpec("P")
R = TypeVar("R")
_log = logging.getLogger(__name__)


def worded(error: BaseException) -> str:
    """Return what happened and what to do, as one or two sentences."""
    if isinstance(error, HaloError):
        return sentences(error.message, error.fix)
    return f"Something unexpected happened, and nothing was shown as an answer. Try again; the details are in {_log_place()}."


def sentences(*parts: str) -> str:
    """Return the parts that say something, each as a sentence."""
    return " ".join(_sentence(part) for part in parts if part)


def guarded(function: Callable[P, R]) -> Callable[P, R | None]:
    """Draw the words of whatever the function raises, and carry on with the page."""
    return _telling(function, lambda words: st.error(plain(words)))


def caught(function: Callable[P, R]) -> Callable[P, R | None]:
    """The same for callbacks, which run before the page is drawn: the page says it on top."""
    return _telling(function, state.report_fault)


def draw_reported() -> None:
    """Say what went wrong in the last callback, once."""
    if words := state.reported_fault():
        st.error(plain(words))


def _telling(function: Callable[P, R], tell: Callable[[str], object]) -> Callable[P, R | None]:
    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return function(*args, **kwargs)
        except Exception as error:  # noqa: BLE001  a face: every failure is worded here
            _note(error)
            tell(worded(error))
            return None

    return run


def _note(error: Exception) -> None:
    if not isinstance(error, HaloError):
        _log.error("a page failed", exc_info=error)


def _log_place() -> str:
    try:
        return str(state.app().account.places()["log"])
    except Exception:  # noqa: BLE001  the app itself may be what failed
        return "halo.log in the data directory"


def _sentence(text: str) -> str:
    if "." not in text.partition(" ")[0]:  # a host or a file keeps its own spelling
        text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "?")) else f"{text}."
