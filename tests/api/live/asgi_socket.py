"""A WebSocket without a server: what the application sends to somebody who connects."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message


async def connect(
    app: ASGIApp, headers: Mapping[str, str] | None = None, path: str = "/", query: str = ""
) -> list[Message]:
    """Connect, say nothing, and return all that was sent until the application ended."""
    sent: list[Message] = []
    named = {"host": "127.0.0.1:8642", **(headers or {})}
    scope = {
        "type": "websocket",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in named.items()],
        "extensions": {"websocket.http.response": {}},
    }

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent
