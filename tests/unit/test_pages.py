"""Every page empty, full and failing: words for the reader, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from halo_app.errors import StoreUnavailable
from halo_app.settings import CHECKOUT
from halo_app.ui import running
from tests import ui_fakes

PAGES = ("chat", "sources", "notes", "studio", "account")
FULL_DISK = StoreUnavailable("the disk is full: 0 bytes are left in the data directory", fix="free some space and try again")


class Broken:
    """A service of which every verb raises the same error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def fail(*args: Any, **kwargs: Any) -> Any:
            raise self._error

        return fail


@pytest.fixture
def use() -> Iterator[Callable[[ui_fakes.FakeApp], ui_fakes.FakeApp]]:
    def put(app: ui_fakes.FakeApp) -> ui_fakes.FakeApp:
        running.use(app)  # type: ignore[arg-type]
        return app

    yield put
    running._apps.clear()


def page(name: str, **state: Any) -> AppTest:
    assert CHECKOUT is not None
    test = AppTest.from_file(str(CHECKOUT / "pages" / f"{name}.py"), default_timeout=30)
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def words(test: AppTest) -> str:
    """Return everything the page says, our own components included."""
    return "\n".join(str(element.proto) for element in test.main) if hasattr(test.main, "__iter__") else str(test)


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_page_says_what_it_is_for(name: str, use: Callable[..., Any]) -> None:
    use(ui_fakes.empty_app())
    test = page(name)
    assert not test.exception
    assert not test.error


@pytest.mark.parametrize("name", PAGES)
def test_a_full_page_draws_without_a_fault(name: str, use: Callable[..., Any]) -> None:
    use(ui_fakes.full_app())
    test = page(name, session="c7")
    assert not test.exception
    assert not test.error
