"""Speaks for `EspeakEngine` in a process of its own: two threads in libespeak-ng crash the process.

Run by its path and without site-packages, so that a child starts in 20 ms and stays small; therefore
this file imports nothing but the standard library. It ends by itself when its stdin or stdout closes.

    request   one line of JSON: {"voice": identifier, "rate": words per minute, "size": bytes}, then the
              text in UTF-8; or {"list": true}
    answer    frames of kind (1 byte), length (4 bytes, big-endian) and body
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

FRAME = struct.Struct(">cI")
SOUND = b"S"
"""PCM; any number of frames."""
END = b"E"
"""The utterance is complete; empty."""
VOICES = b"V"
"""JSON: a list of [identifier, languages, label]."""
REFUSED = b"R"
"""A sentence for a person; the child stays usable."""

SAMPLE_RATE = 22050
_FRAME_BYTES = 64 * 1024
_ADDRESS_SPACE = 1024**3

# From espeak-ng's speak_lib.h.
_SYNCHRONOUS = 2
_DO_NOT_EXIT = 0x8000
_RATE = 1
_UTF8 = 1
_END_PAUSE = 0x1000
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("reserved", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


class Library:
    """libespeak-ng, one utterance at a time. Raises OSError when it cannot be loaded."""

    def __init__(self, path: str) -> None:
        self._library = ctypes.CDLL(path)
        # "." because espeak-ng cuts its data path at 160 characters; the parent chose our folder.
        rate = self._library.espeak_Initialize(_SYNCHRONOUS, 1000, b".", _DO_NOT_EXIT)
        if rate != SAMPLE_RATE:
            raise OSError(f"espeak-ng could not read its voices (result {rate})")

        self._on_sound: Callable[[bytes], object] = len
        self._callback = _CALLBACK(self._hear)  # the library keeps only a pointer to it
        self._library.espeak_SetSynthCallback(self._callback)
        self._library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))

    def voices(self) -> Iterator[tuple[str, list[str], str]]:
        """Identifier, languages and label of each voice that can be heard: some lack their dictionary."""
        listed = self._library.espeak_ListVoices(None)
        index = 0
        while listed[index]:
            voice = listed[index].contents
            identifier, label = voice.identifier.decode(), voice.name.decode().strip()
            if self._makes_sound(identifier):
                yield identifier, _languages(voice.languages), label
            index += 1

    def speak(self, text: bytes, voice: str, rate: int, on_sound: Callable[[bytes], None]) -> bool:
        """False when there is no such voice. Neither SSML nor phoneme input is ever switched on."""
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            return False
        self._on_sound = on_sound
        self._library.espeak_SetParameter(_RATE, rate, 0)
        size = ctypes.c_size_t(len(text) + 1)
        # With the end pause, two pieces sound exactly like one text.
        self._library.espeak_Synth(text, size, 0, 0, 0, _UTF8 | _END_PAUSE, None, None)
        return True

    def _hear(self, samples: int | None, count: int, _events: int) -> int:
        if samples and count > 0:
            self._on_sound(ctypes.string_at(samples, count * 2))
        return 0

    def _makes_sound(self, voice: str) -> bool:
        heard = bytearray()
        return self.speak(b"a 1", voice, 450, heard.extend) and any(heard)


def _languages(address: int) -> list[str]:
    """Entries of one priority byte and a C string each; priority 0 ends the list."""
    found = []
    while ctypes.string_at(address, 1) != b"\0":
        language = ctypes.string_at(address + 1)
        found.append(language.decode())
        address += len(language) + 2
    return found


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


def _answer(library: Library, answer: Answer, request: dict[str, object], text: bytes) -> None:
    if request.get("list"):
        answer.send(VOICES, json.dumps(list(library.voices())).encode())
        return
    known = library.speak(text, str(request["voice"]), int(str(request["rate"])), answer.sound)
    answer.flush()
    if known:
        answer.send(END)
    else:
        answer.send(REFUSED, f"espeak-ng cannot load its voice {request['voice']}.".encode())


def _be_modest() -> None:
    os.nice(10)
    # The parent gets these signals too and ends us when it has handed its job back.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):  # macOS refuses a limit on the address space
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(library_path: str) -> None:
    _be_modest()
    # Nothing the library prints may get between the frames.
    answer = Answer(os.dup(sys.stdout.fileno()))
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        library = Library(library_path)
    except OSError as error:
        answer.send(REFUSED, f"espeak-ng does not start here: {error}.".encode())
        return
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        _answer(library, answer, request, sys.stdin.buffer.read(request.get("size", 0)))


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
