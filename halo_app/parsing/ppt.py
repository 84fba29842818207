"""Read presentations of older PowerPoint programs (PPT): slides, notes, properties."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import PasswordProtected, UnreadableFile
from halo_app.parsing.manuscript import Manuscript, flowing, one_line, shortened
from halo_app.parsing.ole import CompoundFile
from halo_app.parsing.ppt_binary import read_slides
from halo_app.plugins import Limits

_ENCRYPTED = 0xF3D1C4DF


class OldPowerPointParser:
    """PPT and PPS files of PowerPoint 97 to 2003."""

    types: Mapping[str, str] = {"ppt": "ppt", "pps": "ppt", "pot": "ppt"}
    about: str = "Older PowerPoint presentations: slide, with its notes"
    libraries: tuple[str, ...] = ("olefile",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        """Return the slides in the order of the show; raises PasswordProtected or UnreadableFile."""
        file = CompoundFile(path, name)
        if not file.has("PowerPoint Document"):
            raise UnreadableFile(f"“{name}” holds no presentation", fix="open and save it again in the program it came from")
        user = file.read("Current User") if file.has("Current User") else b""
        if len(user) >= 16 and struct.unpack_from("<I", user, 12)[0] == _ENCRYPTED:
            raise PasswordProtected(f"“{name}” is protected by a password", fix="remove the password and add the file again")
        slides = read_slides(file.read("PowerPoint Document"))
        written = Manuscript(name, limits)
        for number, slide in enumerate(slides, start=1):
            place = Locator(Place.SLIDE, str(number))
            for position, text in enumerate(map(flowing, slide.texts)):
                if position == 0 and "\n" not in text:
                    written.mark_next(shortened(one_line(text)), 1)
                written.block(text, place)
            for text in slide.notes:
                written.block(flowing(text), Locator(Place.SLIDE, str(number), "notes"))
        title = written.properties(file.properties())
        blank = [number for number, slide in enumerate(slides, start=1) if not slide.texts]
        return written.build(title=title, pages=len(slides) or None, blank_pages=blank)


PARSER = OldPowerPointParser()
