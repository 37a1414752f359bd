"""One call to a TTS server: a wish goes out, bytes come back or CallFailed is raised."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import anyio.lowlevel
import httpx

from ttsqueue.engines.dialect import Wish
from ttsqueue.engines.http_answer import in_words, is_out_of_quota, is_sound, reason_of, retry_after
from ttsqueue.engines.server_errors import (
    BadSound,
    CallFailed,
    NotSound,
    Refused,
    RefusedText,
    ServerAway,
    ServerBusy,
    ServerSlow,
)

_OF_THE_TEXT = (httpx.codes.BAD_REQUEST, httpx.codes.REQUEST_ENTITY_TOO_LARGE, httpx.codes.UNPROCESSABLE_ENTITY)

_LONGEST_REFUSAL = 4096
"""Bytes of a refusal that are read."""
_LONGEST_REASON = 1.0
"""Seconds in which they must come."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds."""

    connect: float = 10.0
    silence: float = 120.0
    """Between two bytes of an answer; many servers send the first when they have made the last."""
    call: float = 180.0
    waiting: float = 120.0
    """For servers that are away; after that the job goes back, with its attempt, and another may go on."""
    doubt: float = 3.0
    """Before a text is asked for again at which a server failed while it spoke another; then three times as long."""


USUAL = Timeouts()


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes that are said to be sound."""

    content: bytes
    content_type: str


class RemoteCalls:
    """Connections to TTS servers. Redirects are not followed, and no proxy of the environment is asked."""

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._client = httpx.AsyncClient(follow_redirects=False, trust_env=False)

    async def get_ready(self) -> None:
        """What the first call would begin with, and come late for its turn: httpx imports its network then."""
        await anyio.lowlevel.checkpoint()

    async def ask(
        self, wish: Wish, most_bytes: int, hidden: Sequence[str] = (), longest: float | None = None
    ) -> Answer:
        """Cancelling hangs up. `hidden` are words that no reason may show; `longest` is how many seconds the call may
        take, when this server is known to be slow. Raises CallFailed.
        """
        limit = httpx.Timeout(longest or self._timeouts.silence, connect=self._timeouts.connect, pool=None)
        try:
            async with asyncio.timeout(longest or self._timeouts.call):
                return await self._ask(wish, most_bytes, hidden, limit)
        except (TimeoutError, httpx.ReadTimeout) as error:
            raise ServerSlow(in_words(error)) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServerAway(in_words(error)) from None

    async def aclose(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _ask(self, wish: Wish, most_bytes: int, hidden: Sequence[str], limit: httpx.Timeout) -> Answer:
        request = self._client.stream(
            wish.method,
            wish.address,
            params=wish.parameters or None,
            headers={"Accept-Encoding": "identity", **wish.headers},
            json=wish.body,
            timeout=limit,
        )
        async with request as answer:
            if answer.status_code != httpx.codes.OK:
                raise await _failure(answer, hidden)
            if not is_sound(answer.headers):
                raise NotSound("it answers with something that is not sound")
            return Answer(await _content(answer, most_bytes), answer.headers.get("content-type", "").lower())


async def _content(answer: httpx.Response, most_bytes: int) -> bytes:
    content = bytearray()
    async for chunk in answer.aiter_bytes():
        content += chunk
        if len(content) > most_bytes:
            raise BadSound("the sound does not end")
    return bytes(content)


async def _failure(answer: httpx.Response, hidden: Sequence[str]) -> CallFailed:
    status = answer.status_code
    wish = retry_after(answer.headers.get("retry-after"), answer.headers.get("date"))
    if status == httpx.codes.TOO_MANY_REQUESTS:
        said = await _beginning(answer)
        if is_out_of_quota(said):
            return Refused(_reason(answer, said, hidden))
        return ServerBusy("it has too much to do", wish)
    if status == httpx.codes.SERVICE_UNAVAILABLE and wish is not None:
        return ServerBusy("it wants to be asked later", wish)
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        return ServerAway(f"HTTP {status}")
    if answer.is_redirect:
        return Refused("it sends us elsewhere; correct its url in servers.toml")
    kind = RefusedText if status in _OF_THE_TEXT else Refused
    return kind(_reason(answer, await _beginning(answer), hidden))


def _reason(answer: httpx.Response, said: bytes, hidden: Sequence[str]) -> str:
    content_type = answer.headers.get("content-type", "").lower()
    return reason_of(answer.status_code, said, hidden, content_type).rstrip(".")


async def _beginning(answer: httpx.Response) -> bytes:
    """Of what it says; the status alone will do when it does not come to an end."""
    body = b""
    with suppress(httpx.HTTPError, TimeoutError):
        async with asyncio.timeout(_LONGEST_REASON):
            async for chunk in answer.aiter_raw(_LONGEST_REFUSAL):
                body += chunk
                if len(body) >= _LONGEST_REFUSAL:
                    break
    return body
