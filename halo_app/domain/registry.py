"""The models that memories can belong to, each with what it is good at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Speciality(StrEnum):
    TEXT_GENERATION = "text generation"
    VISION_LANGUAGE = "vision-language"
    IMAGE_GENERATION = "image generation"
    IMAGE_CONTROL = "image control"
    IDENTITY_PRESERVATION = "identity preservation"
    FACE_RECOGNITION = "face recognition"
    EMBEDDING = "embedding"
    TRANSCRIPTION = "transcription"


@dataclass(frozen=True, slots=True)
class RegisteredModel:
    """A model by its name, as memories name it."""

    name: str
    specialities: tuple[Speciality, ...]
    description: str = ""
    created_at: datetime | None = None


KNOWN = (
    RegisteredModel("Qwen2.5-14B-Instruct", (Speciality.TEXT_GENERATION,), "LLM for text generation"),
    RegisteredModel("Qwen2.5-VL-7B-Instruct", (Speciality.VISION_LANGUAGE,), "Vision-language for image understanding"),
    RegisteredModel("RealVisXL_V5.0", (Speciality.IMAGE_GENERATION,), "Ultra-realistic image generation"),
    RegisteredModel("ControlNet/InstantID", (Speciality.IMAGE_CONTROL, Speciality.IDENTITY_PRESERVATION),
                    "Image generation control and identity preservation"),
    RegisteredModel("InsightFace", (Speciality.FACE_RECOGNITION,), "Facial recognition"),
)
