"""Commands go out together, and their answers come back in one piece."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

Command = tuple[Any, ...]


class Wire:
    """One connection, made when it is needed and again after it broke. One caller at a time.

    redis-py's own pipelines take as long for a call as the server does.
    """

    def __init__(self, client: Redis, longest_answer: float) -> None:
        self._client = client
        self._longest_answer = longest_answer
        self._connection: Any = None

    async def ask(self, *commands: Command) -> list[Any]:
        """The answers, undecoded; a refusal stands in its place. RedisError, OSError: nobody knows what was done."""
        try:
            async with asyncio.timeout(self._longest_answer):
                connection = await self._connected()
                await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
                return [await _answer(connection) for _ in commands]
        except BaseException:
            await self._hang_up()
            raise

    async def aclose(self) -> None:
        await self._hang_up()
        await self._client.aclose()

    async def _connected(self) -> Any:
        if self._connection is None:
            self._connection = await self._client.connection_pool.get_connection()  # type: ignore[no-untyped-call]
        return self._connection

    async def _hang_up(self) -> None:
        """An answer that comes too late must not be taken for that of the next command."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.disconnect(nowait=True)
            await self._client.connection_pool.release(connection)


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
