"""Recordings: their tags. Nothing that is said in them is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.building import TextBuilder
from halo_app.plugins import Limits

_NAMED = ("title", "artist", "album", "albumartist", "composer", "genre", "year", "track", "disc", "comment")


@dataclass(frozen=True)
class Audio:
    """Recordings: tags are properties."""

    types: Mapping[str, str] = field(default_factory=lambda: {
        "mp3": "mp3", "wav": "wav", "m4a": "m4a", "m4b": "m4a", "mp4": "m4a",
        "ogg": "ogg", "oga": "ogg", "opus": "ogg", "flac": "flac",
    })
    about: str = "title, artist, album, comments, lyrics and other tags as properties; not transcribed"
    libraries: tuple[str, ...] = ("tinytag",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        import tinytag

        try:
            with path.open("rb") as stream:
                tag = tinytag.TinyTag.get(name, file_obj=stream)
        except tinytag.TinyTagException as error:
            raise UnreadableFile(f"“{name}” cannot be read as a recording: {error}", fix="check the original") from error
        builder = TextBuilder(name, limits)
        for key, value in _tags(tag):
            builder.property(key, value)
        length = f" ({int(tag.duration) // 60}:{int(tag.duration) % 60:02} long)" if tag.duration else ""
        remark = f"not transcribed{length}: only its tags can be searched"
        return builder.build(title=tag.title or "", remarks=[remark], may_be_empty=True)


def _tags(tag: Any) -> Iterator[tuple[str, str]]:
    for key in _NAMED:
        value = getattr(tag, key)
        if value not in (None, "", 0):
            yield key, str(value)
    for key, values in sorted(tag.other.items()):
        for value in values:
            if isinstance(value, str):
                yield key, value


PARSER = Audio()
