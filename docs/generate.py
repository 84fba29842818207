"""Write the generated parts of the documents, or with --check say which are out of date."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
MARKS = "<!-- generated: {name} -->\n{content}\n<!-- /generated -->"
FOUND = re.compile(r"<!-- generated: ([a-z-]+) -->\n.*?<!-- /generated -->", re.DOTALL)


def defaults() -> Iterator[tuple[str, str]]:
    """Yield (dotted path, default as text) of every setting, in order."""
    from halo_app.settings import Settings

    for section, value in Settings(data_dir=Path("data")).model_dump().items():
        for name, default in value.items() if isinstance(value, dict) else [("", value)]:
            yield (f"{section}.{name}" if name else section), _text(default)


def _text(default: Any) -> str:
    if default is None:
        return ""
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    return str(default).lower() if isinstance(default, bool) else str(default)


def env_example() -> str:
    """Return .env.example: every variable with its default, commented out, so that a copy changes nothing."""
    from halo_app.settings import VARIABLES

    known = dict(defaults())
    lines = ["# Every variable of HALO with its default. Copy this file to .env and uncomment what you change.", ""]
    for variable in VARIABLES:
        lines += [f"# {variable.meaning}", f"#{variable.name}={known.get(variable.path, '')}", ""]
    return "\n".join(lines)


def settings_table() -> str:
    """Return one row per setting: its variable, its place in config.json, its default and its meaning."""
    from halo_app.settings import VARIABLES

    rows = ["| variable | config.json | default | meaning |", "|---|---|---|---|"]
    known = dict(defaults())
    for variable in VARIABLES:
        default = known.get(variable.path, "")
        shown = f"`{default}`" if default else "-"
        rows.append(f"| `{variable.name}` | `{variable.path}` | {shown} | {_cell(variable.meaning)} |")
    named = {variable.path for variable in VARIABLES}
    rows += [f"| - | `{path}` | `{default}` | {_meaning(path)} |" for path, default in known.items() if path not in named]
    return "\n".join(rows)


def _meaning(path: str) -> str:
    from halo_app.settings import Settings

    section, name = path.split(".")
    return Settings.model_fields[section].annotation.model_fields[name].description or ""


def formats_table() -> str:
    """Return one row per format with its suffixes and what is read of it, as the parsers offer them."""
    import halo_app.parsing
    from halo_app.discovery import offers

    suffixes: dict[str, list[str]] = {}
    about: dict[str, str] = {}
    for parser in offers(halo_app.parsing, "PARSER").values():
        for suffix, name in parser.types.items():
            suffixes.setdefault(name, []).append(f"`.{suffix}`")
            about[name] = parser.about
    rows = [f"| {name} | {' '.join(sorted(found))} | {_cell(about[name])} |" for name, found in sorted(suffixes.items())]
    return "\n".join(["| format | suffixes | what is read, and its places |", "|---|---|---|", *rows])


def command_line() -> str:
    """Return every command with its arguments and options."""
    import typer

    from halo_app.cli.frame import commands

    group = typer.main.get_command(commands())
    return "\n\n".join(_commands(group, group.make_context("halo", [], resilient_parsing=True), "halo"))


def _commands(command: Any, context: Any, name: str) -> Iterator[str]:
    if hasattr(command, "commands"):
        for inner_name in sorted(command.commands):
            inner = command.commands[inner_name]
            yield from _commands(inner, type(context)(inner, info_name=inner_name, parent=context), f"{name} {inner_name}")
        return
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f"### `{name}`", "", (command.help or "").strip(), "", f"`{name} {usage}`"]
    records = [parameter.get_help_record(context) for parameter in command.get_params(context) if parameter.name != "help"]
    options = [record for record in records if record]
    if options:
        lines += ["", "| option | meaning |", "|---|---|", *(f"| `{_cell(flags)}` | {_cell(meaning)} |" for flags, meaning in options)]
    yield "\n".join(lines)


def permission_matrix() -> str:
    """Return one row per action with what each role may do with its own things, those of users it was granted, and others'."""
    from halo_app.domain.permissions import MATRIX, Action

    rows = ["| | " + " | ".join(role.title() for role in MATRIX) + " |", "|---|" + "---|" * len(MATRIX)]
    rows += [f"| {action} | " + " | ".join(_rulings(MATRIX[role][action]) for role in MATRIX) + " |" for action in Action]
    return "\n".join(rows)


def _rulings(found: tuple[Any, ...]) -> str:
    from halo_app.domain.permissions import Relation, Ruling

    by_ruling: dict[Any, list[str]] = {}
    for relation, ruling in zip(Relation, found, strict=True):
        by_ruling.setdefault(ruling, []).append(relation)
    if len(by_ruling.get(Ruling.ALLOWED, [])) == len(Relation):
        return "yes"
    words = [", ".join(by_ruling.get(Ruling.ALLOWED, []))]
    if Ruling.WITH_REASON in by_ruling:
        words.append(f"with a stated reason: {', '.join(by_ruling[Ruling.WITH_REASON])}")
    return "; ".join(filter(None, words)) or "-"


def memory_fields() -> str:
    """Return one row per field of each kind of memory, with what is expected of it, as the forms say it themselves."""
    from halo_app.services import memory_forms as forms

    parts = {"**every kind**": forms.RecordForm, "of a message": forms.MessageForm, "of a segment": forms.SegmentForm,
             "of `provenance`": forms.ProvenanceForm}
    kinds = {f"`{form.model_fields['kind'].annotation.__args__[0]}`": form for form in forms.RecordForm.__subclasses__()}
    rows = ["| of | field | expected | default |", "|---|---|---|---|"]
    for title, form in {**kinds, **parts}.items():
        for name, field in form.model_fields.items():
            inherited = form in kinds.values() and name in forms.RecordForm.model_fields
            given = form is forms.RecordForm and name in forms.GIVEN | {"confidence"}
            if name == "kind" or given or (inherited and not (name == "confidence" and "fact" in title)):
                continue
            rows.append(f"| {title} | `{field.alias or name}` | {_cell(forms.expectation(field))} | {_default(field)} |")
    return "\n".join(rows)


def _default(field: Any) -> str:
    if field.is_required():
        return "must be given"
    default = field.get_default(call_default_factory=True)
    return f"`{default}`" if isinstance(default, bool | float | str) and default != "" else "none"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


PARTS: dict[str, Callable[[], str]] = {"settings": settings_table, "formats": formats_table, "commands": command_line,
                                       "permissions": permission_matrix, "memory-fields": memory_fields}


def documents() -> dict[Path, str]:
    """Return every document that has generated parts, as it should read now."""
    found = {ROOT / ".env.example": env_example()}
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = path.read_text(encoding="utf-8")
        if FOUND.search(text):
            found[path] = FOUND.sub(lambda mark: MARKS.format(name=mark[1], content=PARTS[mark[1]]()), text)
    return found


def main(arguments: list[str]) -> int:
    """Return 1 when --check finds a document out of date."""
    stale = [path for path, text in documents().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} {'is out of date' if '--check' in arguments else 'written'}\n")
        if "--check" not in arguments:
            path.write_text(documents()[path], encoding="utf-8")
    if stale and "--check" in arguments:
        sys.stderr.write("run ./run.sh docs\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
