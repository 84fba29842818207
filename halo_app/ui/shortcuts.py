"""Every keyboard shortcut of the pages, in one table: what draws a control takes its keys from here, and Account lists them all."""

from __future__ import annotations

from dataclasses import dataclass

PLAIN = frozenset({"Escape", "Enter", "Space", "Tab", "Left", "Right", "Up", "Down", "Home", "End"})
"""Keys that may stand alone: each moves within the part that has the focus, as it does everywhere else."""

TYPED = frozenset({"?", "[", "]"})
"""Signs that work alone wherever nothing is typed: no field has the focus. The list of shortcuts switches them off."""

_SHOWN = {"Mod": ("Ctrl", "⌘"), "Alt": ("Alt", "⌥"), "Shift": ("Shift", "⇧"), "Escape": ("Esc", "Esc"),
          "Left": ("←", "←"), "Right": ("→", "→"), "Up": ("↑", "↑"), "Down": ("↓", "↓")}


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`keys` holds one or several ways, as Streamlit spells them: `Mod` is Ctrl, on a Mac Command."""

    name: str                  # how the code asks for it
    keys: tuple[str, ...]
    does: str                  # for the reader, as a command: "Start a new chat"
    where: str                 # the page, or the part of it: "Chat", "Everywhere"


TABLE: tuple[Shortcut, ...] = (
    # Not Mod+K: Chrome and Firefox search with Ctrl+K, and Firefox with Command+K on a Mac.
    Shortcut("palette", ("Alt+K",), "Go to anything, or do something", "Everywhere"),
    Shortcut("shortcuts", ("?",), "List all shortcuts", "Everywhere"),
    Shortcut("new-chat", ("Alt+Shift+N",), "Start a new chat", "Chat"),
    Shortcut("send", ("Enter",), "Send the question", "Chat, in the question"),
    Shortcut("rename-chat", ("F2",), "Rename the chat", "The list of chats, on a chat"),
    Shortcut("step-chats", ("Up", "Down", "Home", "End"), "Go to another chat", "The list of chats, on a chat"),
    Shortcut("evidence-on", ("]",), "Open the next citation", "Wherever evidence is open"),
    Shortcut("evidence-back", ("[",), "Open the citation before", "Wherever evidence is open"),
    Shortcut("next-citation", ("Right", "Down"), "Open the next citation", "Chat, on a citation"),
    Shortcut("previous-citation", ("Left", "Up"), "Open the citation before", "Chat, on a citation"),
    Shortcut("close-evidence", ("Escape",), "Close the evidence", "Chat, on a citation or in the evidence"),
    Shortcut("search-inside", ("Alt+Shift+F",), "Search inside the source", "Sources, in an open source"),
    Shortcut("next-place", ("Enter",), "Go to the next place", "Sources, in the search inside a source"),
    Shortcut("map-cells", ("Left", "Right", "Up", "Down"), "Go to the next cell", "Sources, in a table"),
    Shortcut("note-bold", ("Alt+Shift+S",), "Make the words bold", "Notes, in the text"),
    Shortcut("note-italic", ("Alt+Shift+E",), "Make the words italic", "Notes, in the text"),
    Shortcut("note-heading", ("Alt+Shift+H",), "Make the line a heading", "Notes, in the text"),
    Shortcut("note-list", ("Alt+Shift+L",), "Make the lines a list", "Notes, in the text"),
    Shortcut("note-quote", ("Alt+Shift+Q",), "Make the lines a quote", "Notes, in the text"),
    Shortcut("note-cite", ("Alt+Shift+K",), "Cite a source", "Notes, in the text"),
    Shortcut("note-link", ("Alt+Shift+W",), "Link to a note", "Notes, in the text"),
    Shortcut("map-step", ("Left", "Right", "Up", "Down"), "Go to the nearest memory that way", "Account, on the map of memories"),
    Shortcut("map-open", ("Enter",), "Open the memory", "Account, on the map of memories"),
)


def keys(name: str) -> str:
    """Return the first way of a shortcut, for the control that it presses. Raises KeyError when it is not in the table."""
    for one in TABLE:
        if one.name == name:
            return one.keys[0]
    raise KeyError(f"no shortcut is called {name!r}: add it to the table in halo_app/ui/shortcuts.py")


def spoken(way: str, *, mac: bool = False) -> str:
    """Return keys as they stand on the keyboard: `Ctrl + K`, on a Mac `⌘ K`."""
    parts = [_SHOWN.get(part, (part, part))[mac] for part in way.split("+")]
    return (" " if mac else " + ").join(parts)
