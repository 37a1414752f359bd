"""/api/tts/events: live states of jobs, over WebSocket and as server-sent events; /api/tts/tickets: a way in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket

from ttsqueue.api.live import Live
from ttsqueue.api.live.event_stream import LAST_ID, MEDIA_TYPE, EventStream
from ttsqueue.api.live.websocket import serve_websocket
from ttsqueue.api.schemas.events import TicketOut
from ttsqueue.api.schemas.problem import refusals
from ttsqueue.api.site import TheCaller, TheSite

router = APIRouter(prefix="/api/tts", tags=["live"])


def the_live(connection: HTTPConnection) -> Live:
    live: Live = connection.app.state.site.live
    return live


TheLive = Annotated[Live, Depends(the_live)]

_EVENT = {
    "type": "object",
    "required": ["data"],
    "properties": {
        "data": {"type": "string", "contentMediaType": "application/json"},
        "event": {"enum": ["message", "end"]},
        "id": {"type": "string"},
    },
    "additionalProperties": False,
}
"""One event of the stream: OpenAPI 3.1 has no better place for it than the stream's schema."""

_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": 'Each `data` line is one message, JSON: `{"type":"job","job":{...},"position":0}` with the '
        "current state of every job first, then the newest after each change, at most 10 a second for one job; "
        '`{"type":"deleted","jobId":"..."}`; `{"type":"heartbeat"}` every 15 seconds. After the final state of the one '
        "job that is watched comes `event: end`.",
        "content": {MEDIA_TYPE: {"schema": _EVENT}},
    },
    204: {"description": "The job that was watched is in its final state: do not come back (`Last-Event-ID: end`)."},
}


@router.get("/events", response_class=Response, responses={**_STREAM, **refusals(400, 403, 404, 429)})
async def get_events(
    request: Request,
    site: TheSite,
    live: TheLive,
    job_id: Annotated[
        str | None, Query(alias="jobId", description="One job. Left out: all that you may see, the active ones first.")
    ] = None,
    ticket: Annotated[str | None, Query(description="From POST /api/tts/tickets; instead of header or cookie.")] = None,
    last_event_id: Annotated[str | None, Header(description="Sent by EventSource.")] = None,
) -> Response:
    """Server-sent events. The same address takes WebSockets, with the same messages."""
    live.check_origin(request)
    caller = await live.caller(request, site.identify, ticket)
    if last_event_id == LAST_ID:
        return Response(status_code=204)
    return EventStream(live, caller, job_id)


@router.websocket("/events")
async def open_events(websocket: WebSocket, site: TheSite, live: TheLive) -> None:
    await serve_websocket(websocket, live, site.identify)


@router.post("/tickets", response_model=TicketOut, responses=refusals(403))
async def make_ticket(caller: TheCaller, live: TheLive) -> JSONResponse:
    """A ticket for one connection to /api/tts/events from where no header can be sent."""
    return JSONResponse({"ticket": live.tickets.make(caller)}, headers={"Cache-Control": "no-store"})
