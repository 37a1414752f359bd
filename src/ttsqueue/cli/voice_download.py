"""Fetching a voice of the piper project with piper's own downloader, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ttsqueue.engines import piper_download_child
from ttsqueue.engines.piper import check_installed
from ttsqueue.engines.piper_voice_file import SUFFIX
from ttsqueue.errors import EngineError

_NAME = re.compile(r"[a-z]{2,3}_[A-Z]{2,3}-\w+-(x_low|low|medium|high)")
_NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our environment it sees these alone, in either case."""
_SOURCE = Path(__file__).parents[2]
_LONGEST_SILENCE = 60.0
"""Seconds in which nothing more comes."""
_LOOK_EVERY = 0.5


@dataclass(frozen=True, slots=True)
class FetchedVoice:
    """`model` is the .onnx file. What it needs lies beside it."""

    model: Path
    card: str
    """The address at which its makers tell of it, and of its licence."""


async def fetch_voice(
    name: str, folder: Path, tell: Callable[[int], None], silence: float = _LONGEST_SILENCE
) -> FetchedVoice:
    """Into `folder`, which is empty; `tell` hears how many bytes have come. EngineError when it does not come."""
    check_installed()
    check_name(name)
    async with _child(name, folder) as process:
        coming = asyncio.create_task(process.communicate())
        try:
            await _arrival(coming, name, folder, tell, silence)
            told, said = coming.result()
        finally:
            coming.cancel()
    model = folder / f"{name}{SUFFIX}"
    if process.returncode or not model.is_file():
        raise _failed(f"{name} cannot be fetched: {_reason(said.decode(errors='replace'))}.")
    return FetchedVoice(model, told.decode().strip())


@asynccontextmanager
async def _child(name: str, folder: Path) -> AsyncGenerator[Process, None]:
    program = (sys.executable, "-P", "-s", "-m", piper_download_child.__name__, name, str(folder))
    network = {key: value for key, value in os.environ.items() if key.upper() in _NETWORK}
    process = await asyncio.create_subprocess_exec(
        *program,
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=PIPE,
        env={**network, "PYTHONPATH": str(_SOURCE), "PYTHONUTF8": "1"},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


async def _arrival(
    coming: asyncio.Task[tuple[bytes, bytes]], name: str, folder: Path, tell: Callable[[int], None], silence: float
) -> None:
    """Piper's downloader would wait for ever on a line that says nothing more."""
    size, since = 0, time.monotonic()
    while not coming.done():
        await asyncio.wait({coming}, timeout=_LOOK_EVERY)
        there = sum(path.stat().st_size for path in folder.iterdir())
        if there != size:
            size, since = there, time.monotonic()
            tell(size)
        elif time.monotonic() - since > silence:
            raise _failed(f"{name} cannot be fetched: nothing has come for {silence:g} s; try again later.")


def check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise _failed(f"{name!r} is no name of a piper voice; they look like en_US-lessac-medium.")


def _reason(said: str) -> str:
    """The last line of a trace, without the name of the error and its number."""
    last = said.strip().rpartition("\n")[2]
    words = re.sub(r"^[\w.]+(Error|Exception): |<urlopen error |\[[\w: -]+\] |>$", "", last)
    return words.rstrip(".") or "piper's downloader failed"


def _failed(sentence: str) -> EngineError:
    return EngineError(sentence, code="NO_DOWNLOAD", retryable=False)
