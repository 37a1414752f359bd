"""POST /api/tts/preview: how does this voice sound?"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from ttsqueue.api.preview import Preview, PreviewResponse, checked_speed, previewed_text
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.schemas.voices import PreviewIn
from ttsqueue.api.site import TheCaller, TheSite
from ttsqueue.api.turns import TheTurns

router = APIRouter(prefix="/api/tts/preview", tags=["voices"])

_SOUND: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "WAV: mono, 16 bit; its header does not know its length.",
        "content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", response_class=Response, responses=_SOUND | refusals(400, 413, 415, 422, 429))
async def preview_voice(wanted: PreviewIn, site: TheSite, turns: TheTurns, caller: TheCaller) -> Response:
    """Hear a few sentences at once, without a job."""
    text = previewed_text(wanted.text, wanted.language)
    speed = checked_speed(wanted.speed)
    voice = await site.app.voices.resolve(wanted.voice_id, wanted.language)
    await site.limits.check_preview(caller)
    await site.app.purse.preview(caller.user_id or "", voice.id, len(text))
    language = wanted.language or voice.language
    return PreviewResponse(Preview(text, voice, site.app.voices.engine_of(voice), speed, language), turns)
