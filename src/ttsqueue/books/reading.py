"""Reading a book in a process of its own, because its file may mean harm."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import stat
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO

from ttsqueue.books.book import Book
from ttsqueue.books.limits import MEGABYTE, ReadingLimits
from ttsqueue.books.wire import Refusal, decode
from ttsqueue.errors import BookError

_log = logging.getLogger(__name__)
_DEFAULT_LIMITS = ReadingLimits()
_CHUNK = 1024 * 1024
# What Python itself needs to start where it was not installed by the system; nothing else is passed on.
_KEPT_VARIABLES = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME")
_BROKEN = "This book could not be read: it is damaged, or built in a way that no reader expects."
_LINE_OVERHEAD = 2_000
_TIME_IS_UP = (-signal.SIGALRM, -signal.SIGXCPU)
_TOO_SLOW = "This book took longer than {:g} s to read and was given up; it may be damaged or far too large."


async def read_book(path: Path, limits: ReadingLimits = _DEFAULT_LIMITS) -> Book:
    """The chapters, title, author, language and cover of a book file.

    The file is parsed in a confined child process, which is gone when this returns, raises or is cancelled.
    Raises BookError with a sentence for the reader when there is no book in the file.
    """
    with _open(path, limits) as file:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-X", "utf8", "-m", "ttsqueue.books.child",
            path.suffix.lower(), json.dumps(asdict(limits)),
            stdin=file, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=_environment(), cwd="/", start_new_session=True,
        )  # fmt: skip
    try:
        async with asyncio.timeout(limits.timeout):
            data = await _output(process, limits)
            code = await process.wait()
    except TimeoutError:
        raise BookError(_TOO_SLOW.format(limits.timeout)) from None
    finally:
        await asyncio.shield(_end(process))
    if code in _TIME_IS_UP:
        raise BookError(_TOO_SLOW.format(limits.timeout))
    return _named(await asyncio.to_thread(decode, data), path)


def _open(path: Path, limits: ReadingLimits) -> IO[bytes]:
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise BookError(f"{path.name} is not a file.")
        if about.st_size == 0:
            raise BookError(f"The file {path.name} is empty.")
        if about.st_size > limits.file_size:
            raise BookError(f"{path.name} is larger than {limits.file_size // MEGABYTE} MB; it is refused.")
        return path.open("rb")
    except FileNotFoundError:
        raise BookError(f"There is no file {path.name}.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise BookError(f"The file {path.name} cannot be opened: {reason}.") from None


def _environment() -> dict[str, str]:
    modules = os.pathsep.join(str(Path(folder).resolve()) for folder in sys.path if folder)
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {"PYTHONPATH": modules, "PYTHONDONTWRITEBYTECODE": "1", **kept}


async def _output(process: asyncio.subprocess.Process, limits: ReadingLimits) -> bytes:
    # JSON writes a quotation mark or line end with two bytes, base64 three bytes of a cover with four.
    most = 2 * (limits.text_size + limits.cover_size) + limits.chapters * _LINE_OVERHEAD
    data = bytearray()
    while process.stdout and (chunk := await process.stdout.read(_CHUNK)):
        data += chunk
        if len(data) > most:
            raise BookError(_BROKEN)
    return bytes(data)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kills and reaps the child; what it still had to say is thrown away, or wait() would not return."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    while process.stdout and await process.stdout.read(_CHUNK):
        pass
    await process.wait()


def _named(answer: Book | Refusal | None, path: Path) -> Book:
    """The book, with the file's name where it has no title of its own."""
    if isinstance(answer, Book):
        title = answer.title or path.stem
        chapters = (chapter if chapter.title else replace(chapter, title=title) for chapter in answer.chapters)
        return replace(answer, title=title, chapters=tuple(chapters))
    if answer and answer.traceback:
        _log.warning("The reader failed on %s:\n%s", path.name, answer.traceback)
    raise BookError(answer.message if answer and answer.message else _BROKEN)
