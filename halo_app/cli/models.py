"""`halo models`: the models in use; `list | register | remove`: those that memories can belong to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from halo_app.cli.frame import group, opened, show

if TYPE_CHECKING:
    from halo_app.domain.registry import RegisteredModel
    from halo_app.domain.user import Principal
    from halo_app.memory_ports import Models

SPECIALITIES = ("What it is good at; may be given several times: text generation, vision-language, image generation, image control, "
                "identity preservation, face recognition, embedding or transcription.")
NAME = Annotated[str, typer.Argument(metavar="NAME", help="The model's name, as memories name it.")]


def register(root: typer.Typer) -> None:
    models = group("The models in use; with a command, the models that memories can belong to.")
    models.info.no_args_is_help = False

    @models.callback(invoke_without_command=True)
    def in_use(context: typer.Context) -> None:
        """The models in use; with a command, the models that memories can belong to."""
        if context.invoked_subcommand is None:
            from halo_app.cli.model import show_in_use
            show_in_use()

    @models.command("list")
    def listed() -> None:
        """List the registered models."""
        with _registry() as (registry, _):
            found = registry.all()
        _show(found)

    @models.command("register")
    def registered(
        name: NAME,
        speciality: Annotated[list[str], typer.Option("--speciality", metavar="S", help=SPECIALITIES)],
        description: Annotated[str, typer.Option("--description", metavar="TEXT")] = "",
    ) -> None:
        """Register a model."""
        from halo_app.services.memory_forms import read_model
        with _registry() as (registry, who):
            made = registry.register(who, read_model(name, speciality, description))
        _show([made])

    @models.command()
    def remove(name: NAME) -> None:
        """Remove a model from the registry; its memories stay."""
        with _registry() as (registry, who):
            registry.remove(who, name)
        show({"removed": name, "models": []}, f"{name} removed.")

    root.add_typer(models, name="models")


@contextmanager
def _registry() -> Iterator[tuple[Models, Principal]]:
    from halo_app.services.account import disabled
    with opened() as app:
        if app.memory is None or app.models is None:
            raise disabled()
        yield app.models, app.memory.who


def _show(models: list[RegisteredModel]) -> None:
    lines = [f"{model.name}  {', '.join(model.specialities)}" for model in models] or ["No models registered."]
    show({"models": [_plain(model) for model in models]}, "\n".join(lines))


def _plain(model: RegisteredModel) -> dict[str, Any]:
    return {"name": model.name, "specialities": [str(one) for one in model.specialities], "description": model.description,
            "created_at": model.created_at.isoformat() if model.created_at else None}
