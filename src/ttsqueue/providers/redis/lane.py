"""Calls that wait go to the server together, and their answers come back together: one round trip for all."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import msgpack
from redis.asyncio import Redis
from redis.exceptions import NoScriptError

from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.portion import next_portion
from ttsqueue.providers.redis.connection import LONGEST_SILENCE, client_name
from ttsqueue.providers.redis.faults import explained, is_passing
from ttsqueue.providers.redis.keys import BULL, OURS
from ttsqueue.providers.redis.lines import Lines
from ttsqueue.providers.redis.script import script
from ttsqueue.providers.redis.wire import Command, Wire

Answer = list[Any]
"""What a script returns: a word, and what belongs to it."""

LARGEST_BATCH = 128

PATIENCE = 5.0
"""Seconds for which a server that restarts is waited for."""

_FIRST_NAP, _LONGEST_NAP = 0.02, 0.5

as_argument = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
"""The arguments of a script."""


@dataclass(slots=True)
class _Call:
    script: str
    arguments: dict[str, Any]
    texts: Sequence[str]
    future: asyncio.Future[Answer]
    deadline: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    def command(self, *, in_full: bool = False) -> Command:
        it = script(self.script)
        start = ("EVAL", it.text) if in_full else ("EVALSHA", it.sha)
        return (*start, 2, BULL, OURS, as_argument(self.arguments), *self.texts)

    def answer(self, answer: Any) -> None:
        if self.future.done():
            return
        if isinstance(answer, Exception):
            self.future.set_exception(explained(answer))
        else:
            self.future.set_result(answer)


class Lane:
    """Belongs to the event loop in which it was made."""

    def __init__(self, client: Redis, lines: Lines) -> None:
        self._wire = Wire(client, LONGEST_SILENCE, lines)
        self._waiting: deque[_Call] = deque()
        self._server: asyncio.Task[None] | None = None
        self._pid = os.getpid()
        self._closed = False
        self._name = uuid4().hex
        self._numbers = count()

    def run(self, name: str, arguments: Mapping[str, Any], *texts: str) -> asyncio.Future[Answer]:
        """Queue it at once; the future brings the answer. A caller that goes away does not stop it.

        What is None is left out. When nobody knows whether a call was done, it is made again with `again`.
        """
        if self._closed:
            raise StoreUnavailable("The job store is closed; open it before using it.")
        if os.getpid() != self._pid:
            raise StoreUnavailable("This process was forked after the job store was opened; open a new one in it.")
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        given = {key: value for key, value in arguments.items() if value is not None}
        self._waiting.append(_Call(name, given, texts, future))
        if self._server is None:
            self._server = asyncio.create_task(self._serve())
        return future

    def new_call(self) -> str:
        """A name by which a call is known again when it has to be repeated."""
        return f"{self._name}-{next(self._numbers)}"

    def work_as(self, worker: str) -> None:
        """BullMQ finds the workers of a queue by the names of their connections."""
        self._wire.rename(client_name(worker))

    async def aclose(self) -> None:
        """Wait for the answers to what was asked, then let go of the connection."""
        self._closed = True
        if self._server is not None:
            await asyncio.wait([self._server])
        await self._wire.aclose()

    async def _serve(self) -> None:
        try:
            while self._waiting:
                await self._make(next_portion(self._waiting, _weight, LARGEST_BATCH))
        finally:
            self._server = None

    async def _make(self, calls: list[_Call]) -> None:
        nap = _FIRST_NAP
        while calls:
            calls = await self._try(calls)
            if calls:
                await asyncio.sleep(nap)
                nap = min(nap * 2, _LONGEST_NAP)

    async def _try(self, calls: list[_Call]) -> list[_Call]:
        """Those that must be made again."""
        try:
            answers = await self._send(calls)
        except Exception as error:
            answers = [error] * len(calls)
        again = []
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, Exception) and is_passing(answer) and time.monotonic() < call.deadline:
                call.arguments["again"] = True
                again.append(call)
            else:
                call.answer(answer)
        return again

    async def _send(self, calls: Sequence[_Call]) -> list[Any]:
        answers = await self._asked([call.command() for call in calls])
        unknown = [place for place, answer in enumerate(answers) if isinstance(answer, NoScriptError)]
        if unknown:
            told = await self._asked([calls[place].command(in_full=True) for place in unknown])
            for place, answer in zip(unknown, told, strict=True):
                answers[place] = answer
        return answers

    async def _asked(self, commands: Sequence[Command]) -> list[Any]:
        return [_unpacked(answer) for answer in await self._wire.ask(*commands)]


def _weight(call: _Call) -> int:
    return sum(map(len, call.texts))


def _unpacked(answer: Any) -> Any:
    return msgpack.unpackb(answer, unicode_errors="replace") if isinstance(answer, bytes) else answer
