"""How the pages look to whoever works here: kept in the data directory, in force from the next page on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from halo_app.domain.audit import Act
from halo_app.errors import BadInput, HaloError
from halo_app.services.acting import Acts, telling, unheard
from halo_app.services.retention import Overlay
from halo_app.settings import Appearance

SECTION = "appearance"


@dataclass(frozen=True)
class AppearanceService:
    """`given` is the look as the settings had it at the start; what was chosen since stands in the overlay."""

    given: Appearance
    overlay: Overlay
    user_id: str
    acts: Acts = unheard

    def now(self) -> Appearance:
        """Return the look that holds now; what cannot be read looks as it did at the start, for no page may fail by it."""
        try:
            return self._valid(self.overlay.section(SECTION))
        except HaloError:
            return self.given

    def change(self, **chosen: str) -> Appearance:
        """Choose theme or density, from now on and after restarts. Raises BadInput, BadSetting, StoreUnavailable."""
        with telling(self.acts, Act(self.user_id, "settings.change", self.user_id, SECTION)):
            changed = self._valid({**self.overlay.section(SECTION), **chosen})
            self.overlay.change(SECTION, chosen)
        return changed

    def _valid(self, values: Mapping[str, object]) -> Appearance:
        try:
            return Appearance.model_validate({**self.given.model_dump(), **values})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = ".".join(str(part) for part in first["loc"])
            wanted = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
            raise BadInput(f"appearance: {name}={first['input']!r} is not known", fix=wanted) from None
