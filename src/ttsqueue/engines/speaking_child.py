"""What every process that speaks does: it takes requests from its parent and answers in frames.

It ends by itself when its stdin or stdout closes. This file imports nothing but the standard library, so that a child
starts at once and stays small.

    request   one line of JSON; with "size", that many bytes of text in UTF-8 follow, which are to be spoken
    answer    frames of kind (1 byte), length (4 bytes, big-endian) and body
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from typing import Any, Protocol

FRAME = struct.Struct(">cI")
SOUND = b"S"
"""PCM; any number of frames."""
END = b"E"
"""The utterance is complete; empty."""
TOLD = b"T"
"""JSON: the answer to a request without text."""
REFUSED = b"R"
"""A sentence for a person; the child stays usable."""
TEXT_REFUSED = b"N"
"""The same, of this text: another one may be spoken."""

_FRAME_BYTES = 64 * 1024


class Refusal(Exception):
    """What cannot be done, as a sentence for a person."""

    kind = REFUSED


class TextRefusal(Refusal):
    """Which text cannot be spoken, and why."""

    kind = TEXT_REFUSED


class Speaker(Protocol):
    """The library, in its child. Both raise Refusal."""

    def tell(self, request: dict[str, Any]) -> object: ...

    def speak(self, text: bytes, request: dict[str, Any], on_sound: Callable[[bytes], None]) -> None: ...


class Answer:
    """Frames to the parent. A slow parent blocks the write, and with it the speech."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._sound = bytearray()

    def sound(self, pcm: bytes) -> None:
        self._sound += pcm
        if len(self._sound) >= _FRAME_BYTES:
            self.flush()

    def flush(self) -> None:
        if self._sound:
            self.send(SOUND, bytes(self._sound))
            self._sound.clear()

    def send(self, kind: bytes, body: bytes = b"") -> None:
        rest = memoryview(FRAME.pack(kind, len(body)) + body)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            os._exit(0)  # the parent is gone; an exception cannot leave a ctypes callback


def answer_requests(open_speaker: Callable[[], Speaker], address_space: int) -> None:
    """Until the parent closes our stdin. `address_space` in bytes is all that this process may map."""
    _be_modest(address_space)
    # Nothing the library prints may get between the frames.
    answer = Answer(os.dup(sys.stdout.fileno()))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        speaker = open_speaker()
    except Refusal as refusal:
        answer.send(REFUSED, str(refusal).encode())
        return
    while line := sys.stdin.buffer.readline():
        _answer(speaker, answer, json.loads(line))


def _answer(speaker: Speaker, answer: Answer, request: dict[str, Any]) -> None:
    size = request.get("size")
    try:
        if size is None:
            answer.send(TOLD, json.dumps(speaker.tell(request)).encode())
            return
        speaker.speak(sys.stdin.buffer.read(size), request, answer.sound)
    except Refusal as refusal:
        answer.send(refusal.kind, str(refusal).encode())
    else:
        answer.flush()
        answer.send(END)


def _be_modest(address_space: int) -> None:
    os.nice(10)
    # The parent gets these signals too and ends us when it has handed its job back.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):  # macOS refuses a limit on the address space
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
