"""The table of shortcuts: each is told once, belongs to the pages alone, and is where controls take their keys from."""

from __future__ import annotations

import ast
from itertools import combinations
from pathlib import Path

import pytest
from streamlit.elements.lib.shortcut_utils import normalize_shortcut

from halo_app.settings import PACKAGE
from halo_app.ui import shortcuts
from halo_app.ui.shortcuts import PLAIN, TABLE, TYPED

# What Chrome, Edge, Firefox and Safari do with keys of their own, from their makers' lists; Mod is Ctrl, on a Mac Command.
BROWSERS = frozenset(
    [f"Mod+{key}" for key in "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z 0 1 2 3 4 5 6 7 8 9 + - [ ] , . / ` =".split()]
    + [f"Mod+Shift+{key}" for key in "A B C D E G H I J K L M N O P Q R S T U V W X Y Z 1 2 3 4 5 Delete Tab [ ] , . \\ ` =".split()]
    + [f"Mod+{key}" for key in "Tab PageUp PageDown Home End F4 F5 Left Right Up Down Backspace Delete".split()]
    + [f"Alt+{key}" for key in "A B D E F H S T V X Left Right Up Down Home Enter F4 Space Tab 1 2 3 4 5 6 7 8 9".split()]
    + [f"Alt+Shift+{key}" for key in "A B C D I T Tab".split()]
    + ["F1", "F3", "F5", "F6", "F7", "F9", "F10", "F11", "F12", "Shift+F5", "Shift+F10", "Shift+Escape", "Backspace", "/", "'"]
)
ORDER = ("Mod", "Ctrl", "Cmd", "Alt", "Shift")


def test_each_shortcut_is_told_once_and_says_what_it_does_and_where() -> None:
    names = [one.name for one in TABLE]
    assert len(set(names)) == len(names)
    assert all(one.keys and one.does and one.where for one in TABLE)


@pytest.mark.parametrize(("name", "way"), [(one.name, way) for one in TABLE for way in one.keys])
def test_no_shortcut_is_one_of_the_browsers_own(name: str, way: str) -> None:
    *held, key = way.split("+")
    assert held == sorted(held, key=ORDER.index), f"{name}: write the held keys in the order {ORDER}"
    assert not {"Ctrl", "Cmd"} & set(held), f"{name}: Mod stands for both"
    assert way not in BROWSERS
    assert held or key in PLAIN | TYPED or key.startswith("F"), f"{name}: {key} alone would be taken from whoever types it"


def test_two_shortcuts_never_share_their_keys_in_one_place() -> None:
    pages = {one.name: {part.strip() for part in one.where.split(",")} for one in TABLE}
    for one, other in combinations(TABLE, 2):
        together = pages[one.name] == pages[other.name] or "Everywhere" in pages[one.name] | pages[other.name]
        assert not (together and set(one.keys) & set(other.keys)), f"{one.name} and {other.name}"


def test_controls_take_their_keys_from_the_table() -> None:
    for path in [*PACKAGE.rglob("*.py"), *(PACKAGE.parent / "pages").glob("*.py")]:
        assert _spelled(path) == [], f"{path}: say shortcut=shortcuts.keys(…)"


def test_streamlit_takes_them() -> None:
    for one in TABLE:
        for way in one.keys:
            assert way in TYPED or normalize_shortcut(way)     # those our own scripts listen for


def test_keys_are_shown_as_they_stand_on_the_keyboard() -> None:
    assert shortcuts.spoken("Mod+Shift+Space") == "Ctrl + Shift + Space"
    assert shortcuts.spoken("Mod+Shift+K", mac=True) == "⌘ ⇧ K"
    assert shortcuts.keys("new-chat") == "Alt+Shift+N"
    with pytest.raises(KeyError, match="add it to the table"):
        shortcuts.keys("dance")


def _spelled(path: Path) -> list[int]:
    """Return the lines where a control spells its shortcut itself."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    given = (word for call in calls for word in call.keywords if word.arg == "shortcut")
    return [word.value.lineno for word in given if isinstance(word.value, ast.Constant)]
