"""/api/tts/users/{userId}: a user as a whole."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import JSONResponse

from ttsqueue.api.forgetting import forget_user
from ttsqueue.api.schemas.new_job import UUID_FORMAT
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.schemas.users import Forgotten
from ttsqueue.api.site import TheCaller, TheSite
from ttsqueue.api.uuids import canonical_uuid

router = APIRouter(prefix="/api/tts/users", tags=["users"])


@router.delete("/{user_id}", response_model=Forgotten, responses=refusals(403, 422))
async def delete_user(
    user_id: Annotated[str, Path(json_schema_extra=UUID_FORMAT)], site: TheSite, caller: TheCaller
) -> JSONResponse:
    """Cancel and delete all jobs of a user, with their sound. It takes some seconds while a book is being spoken."""
    whose = caller.on_behalf_of(canonical_uuid("userId", user_id))
    return JSONResponse({"success": True, "deleted": await forget_user(site.app, whose, site.live.deleted)})
