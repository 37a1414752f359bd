"""Fetching a voice of the piper project with piper's own downloader, in a process of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from asyncio.subprocess import DEVNULL, PIPE
from contextlib import suppress
from pathlib import Path

from ttsqueue.engines.piper import check_installed
from ttsqueue.engines.piper_voice_file import SUFFIX
from ttsqueue.errors import EngineError

_NAME = re.compile(r"[a-z]{2,3}_[A-Z]{2,3}-\w+-(x_low|low|medium|high)")
_NETWORK = ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Of our environment it sees these alone, in either case."""


async def fetch_voice(name: str, folder: Path) -> Path:
    """The .onnx file, in `folder`. EngineError with one sentence when it does not come."""
    check_installed()
    check_name(name)
    program = (sys.executable, "-P", "-s", "-m", "piper.download_voices", name, "--download-dir", str(folder))
    environment = {key: value for key, value in os.environ.items() if key.upper() in _NETWORK}
    process = await asyncio.create_subprocess_exec(
        *program, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE, env=environment, start_new_session=True
    )
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    model = folder / f"{name}{SUFFIX}"
    if process.returncode or not model.is_file():
        raise _failed(f"{name} cannot be fetched: {_reason(said.decode(errors='replace'))}.")
    return model


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
