"""The documents on administration, monitoring and maintenance name commands, settings and places that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from halo_app.cli.frame import commands
from halo_app.domain.permissions import MATRIX, Action
from halo_app.settings import VARIABLES, Retention

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["administration.md", "monitoring.md", "maintenance.md", "privacy.md"]
LINES = [(page, line.strip()) for page in PAGES for line in (DOCS / page).read_text(encoding="utf-8").splitlines()
         if line.startswith("./run.sh cli ")]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_every_command_line_is_understood(page: str, line: str) -> None:
    words = [word for word in shlex.split(line.removeprefix("./run.sh cli "), comments=True) if word != "--json"]
    if "--data-dir" in words:
        at = words.index("--data-dir")
        del words[at:at + 2]
    command = typer.main.get_command(commands())
    while hasattr(command, "commands"):
        command = command.commands[words.pop(0)]
    command.make_context(line, words)            # raises for what it does not know


@pytest.mark.parametrize("page", PAGES)
def test_every_command_variable_and_document_that_is_named_exists(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    root = typer.main.get_command(commands())
    for named in re.findall(r"`halo ([a-z]+)(?: ([a-z]+))?", text):
        command = root.commands[named[0]]
        assert not hasattr(command, "commands") or not named[1] or named[1] in command.commands, named
    known = {variable.name for variable in VARIABLES}
    assert set(re.findall(r"\b(?:HALO|EMBEDDING|EPHEMERAL)_[A-Z_]+[A-Z]\b", text)) <= known
    for linked in re.findall(r"\]\(([^)#]+\.md)", text):
        assert (DOCS / linked).exists(), linked
    assert set(re.findall(r"\b(\w+_days)=", text)) <= set(Retention.model_fields)


def test_the_permission_matrix_is_printed_whole() -> None:
    text = (DOCS / "administration.md").read_text(encoding="utf-8")
    assert all(f"\n| {action} |" in text for action in Action)
    assert "| | " + " | ".join(role.title() for role in MATRIX) + " |" in text
