"""What every answer tells browsers: run and embed nothing that is not ours."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "media-src 'self' blob:{sound_origin}",
        "style-src 'self'",
        "script-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)


def security_headers(sound_origin: str | None = None) -> dict[str, str]:
    """`sound_origin` is the object store that sound comes from."""
    return {
        "Content-Security-Policy": _POLICY.format(sound_origin=f" {sound_origin}" if sound_origin else ""),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # addresses of sound carry a signature
        "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class SecurityHeaders:
    """Adds the headers; a route that sets one itself keeps its own."""

    def __init__(self, app: ASGIApp, sound_origin: str | None = None) -> None:
        self._app = app
        self._headers = security_headers(sound_origin)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
