"""Subtitles (WebVTT, SubRip): what is said, with the time it is said at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from halo_app.domain.locator import Locator, Place
from halo_app.domain.source import Parsed
from halo_app.errors import UnreadableFile
from halo_app.parsing.building import TextBuilder
from halo_app.parsing.encodings import decode
from halo_app.plugins import Limits

_TIMING = re.compile(r"\s*(?:(\d+):)?(\d{1,2}):(\d{2})[.,]\d{1,3}\s*-->\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}")
_UNPARTED = re.compile(r"\n(?=\d+[ \t]*\n[ \t]*\d{1,2}:\d{2}:\d{2}[.,]\d{1,3}[ \t]*-->)")     # the blank line is missing
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>")
_TAG = re.compile(r"</?(?:v|c|b|i|u|s|ruby|rt|lang|font)(?:[.\s][^>]*)?>|<\d[\d:.]*>|\{\\[^}]*\}", re.IGNORECASE)


@dataclass(frozen=True)
class Subtitles:
    """Subtitle files: times are places."""

    types: Mapping[str, str] = field(default_factory=lambda: {"vtt": "vtt", "srt": "srt"})
    about: str = "what is said, speakers and notes; places are times"
    libraries: tuple[str, ...] = ("charset_normalizer",)

    def parse(self, path: Path, name: str, limits: Limits) -> Parsed:
        text, _ = decode(path.read_bytes(), name)
        builder = TextBuilder(name, limits)
        text = _UNPARTED.sub("\n\n", text.strip("\n"))
        blocks = [block.split("\n") for block in re.split(r"\n[ \t]*\n+", text)]
        title = ""
        cues = 0
        for lines in blocks:
            timed = next((index for index, line in enumerate(lines[:2]) if _TIMING.match(line)), None)
            if timed is not None:
                cues += 1
                _add_cue(builder, lines[timed], lines[timed + 1:])
            elif lines[0].startswith("WEBVTT"):
                title = lines[0][6:].strip(" \t-")
                builder.property("title", title)
            elif lines[0].startswith("NOTE"):
                builder.add("\n".join([lines[0][4:].strip(), *lines[1:]]), Locator(Place.PART, "note"))
        if not cues:
            raise UnreadableFile(f"“{name}” holds no subtitles: no line says when something is said", fix="check the original")
        return builder.build(title=title)


def _add_cue(builder: TextBuilder, timing: str, lines: list[str]) -> None:
    match = _TIMING.match(timing)
    assert match is not None
    hours, minutes, seconds = int(match.group(1) or 0), int(match.group(2)), int(match.group(3))
    said = "\n".join(unescape(_TAG.sub("", _VOICE.sub(r"\1: ", line))) for line in lines)
    builder.add(said, Locator(Place.TIME, f"{hours:02}:{minutes:02}:{seconds:02}"))


PARSER = Subtitles()
