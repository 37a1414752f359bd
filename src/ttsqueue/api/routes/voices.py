"""GET /api/tts/voices: who can speak."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse

from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.schemas.voices import VoicesOut
from ttsqueue.api.site import TheSite, the_caller
from ttsqueue.engines.catalogue import DEFAULT, VoiceCatalogue
from ttsqueue.engines.engine import Voice
from ttsqueue.engines.languages import canonical_tag
from ttsqueue.errors import UnknownVoice

router = APIRouter(prefix="/api/tts/voices", tags=["voices"])


@router.get("", response_model=VoicesOut, responses=refusals(400), dependencies=[Depends(the_caller)])
async def get_voices(
    site: TheSite,
    language: Annotated[str, Query(description="Only voices of this language: `de`, `en-GB`.")] = "",
) -> JSONResponse:
    """Every voice that can be used now, and the one that `default` stands for."""
    wanted = canonical_tag(language)
    voices = [_voice(voice) for voice in await site.app.voices.voices() if _speaks(voice, wanted)]
    return JSONResponse({"voices": voices, "default": await _default(site.app.voices, wanted)})


async def _default(voices: VoiceCatalogue, language: str) -> str | None:
    try:
        return (await voices.resolve(DEFAULT, language)).id
    except UnknownVoice:
        return None


def _speaks(voice: Voice, wanted: str) -> bool:
    spoken = voice.language
    return not wanted or not spoken or f"{spoken}-".lower().startswith(f"{wanted}-".lower())


def _voice(voice: Voice) -> dict[str, Any]:
    return {
        "id": voice.id,
        "engine": voice.engine,
        "name": voice.name,
        "language": voice.language,
        "label": voice.label,
    }
