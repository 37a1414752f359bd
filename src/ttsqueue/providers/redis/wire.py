"""Commands go out together, and their answers come back in one piece."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from ttsqueue.providers.redis.faults import is_from_a_replica
from ttsqueue.providers.redis.lines import Lines

Command = tuple[Any, ...]

SLOWEST = 64_000
"""Bytes a second that the slowest line carries. Of what is sent nothing is heard before all of it is there."""


_HARDLY = 0.01
"""Of the silence. To set the limit anew is dear beside a call that takes a millisecond."""


class Wire:
    """One connection, made when it is needed and again after it broke. One caller at a time.

    redis-py's own pipelines take as long for a call as the server does.
    """

    def __init__(self, client: Redis, longest_silence: float, lines: Lines) -> None:
        """Seconds without a byte after which the server counts as away, however long the whole answer takes."""
        self._client = client
        self._longest_silence = longest_silence
        self._lines = lines
        self._is_left = False
        lines.join(self._leave)
        self._connection: Any = None
        self._limit: asyncio.Timeout | None = None

    async def ask(self, *commands: Command) -> list[Any]:
        """The answers, undecoded; a refusal stands in its place. RedisError, OSError: nobody knows what was done."""
        try:
            async with asyncio.timeout(self._longest_silence) as self._limit:
                answers = await self._exchange(commands)
        except BaseException:
            await self._hang_up()
            raise
        if any(map(is_from_a_replica, answers)):
            self._lines.leave()
        return answers

    async def _exchange(self, commands: Sequence[Command]) -> list[Any]:
        try:
            connection = await self._connected()
            packed = connection.pack_commands(commands)
            self._go_on(sending=sum(map(len, packed)) / SLOWEST)
            await connection.send_packed_command(packed, check_health=False)
            return [await _answer(connection) for _ in commands]
        finally:
            self._limit = None

    def rename(self, name: str) -> None:
        """What the connection is called in the server's list of them, from the next one on, which is made at once."""
        self._client.connection_pool.connection_kwargs["client_name"] = name
        if self._connection is not None and self._connection.client_name != name:
            self._connection.client_name, self._is_left = name, True

    async def aclose(self) -> None:
        await self._hang_up()
        await self._client.aclose()

    async def _connected(self) -> Any:
        if self._is_left:
            await self._hang_up()
        if self._connection is None:
            self._connection = await self._client.connection_pool.get_connection()  # type: ignore[no-untyped-call]
            _listen(self._connection, self._go_on)
        return self._connection

    def _go_on(self, sending: float = 0) -> None:
        """For another silence, behind so many seconds of sending; never shorter than before."""
        limit = self._limit
        if limit is not None and not limit.expired():
            longer = asyncio.get_running_loop().time() + sending + self._longest_silence
            if longer - (limit.when() or 0.0) > self._longest_silence * _HARDLY:
                limit.reschedule(longer)

    def _leave(self) -> None:
        """What is under way breaks off: it may be a wait for news that never come."""
        self._is_left = True
        if self._limit is not None and not self._limit.expired():
            self._limit.reschedule(asyncio.get_running_loop().time())

    async def _hang_up(self) -> None:
        """An answer that comes too late must not be taken for that of the next command."""
        connection, self._connection, self._is_left = self._connection, None, False
        if connection is not None:
            await connection.disconnect(nowait=True)
            await self._client.connection_pool.release(connection)


def _listen(connection: Any, heard: Callable[[], None]) -> None:
    """Be told of all that comes in: redis-py itself tells of whole answers, and one may be a whole book."""
    reader = connection._reader  # noqa: SLF001 - the one way to it
    take_in = reader.feed_data

    def feed_data(data: bytes) -> None:
        heard()
        take_in(data)

    reader.feed_data = feed_data


async def _answer(connection: Any) -> Any:
    try:
        return await connection.read_response(disable_decoding=True)
    except ResponseError as refusal:
        return refusal


def together(answers: Sequence[Any]) -> Any:
    """The one answer to one command. ResponseError if it was refused."""
    (answer,) = answers
    if isinstance(answer, ResponseError):
        raise answer
    return answer
