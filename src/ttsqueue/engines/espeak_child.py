"""Speaks for `EspeakEngine` in a process of its own: two threads in libespeak-ng crash the process.

Run without site-packages, so that a child starts at once and stays small; therefore this file imports nothing but the
standard library and its like.

    request   {"voice": identifier, "rate": words per minute} with text, or {"list": true},
              which is answered with a list of [identifier, languages, label]
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ttsqueue.engines.speaking_child import Refusal, answer_requests

SAMPLE_RATE = 22050
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


class Espeak:
    """What the parent may ask for."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def tell(self, _request: dict[str, Any]) -> object:
        return list(self._library.voices())

    def speak(self, text: bytes, request: dict[str, Any], on_sound: Callable[[bytes], None]) -> None:
        if not self._library.speak(text, request["voice"], request["rate"], on_sound):
            raise Refusal(f"espeak-ng cannot load its voice {request['voice']}.")


def _loaded(path: str) -> Espeak:
    try:
        return Espeak(Library(path))
    except OSError as error:
        raise Refusal(f"espeak-ng does not start here: {error}.") from error


if __name__ == "__main__":
    library_path = str(Path(sys.argv[1]).resolve())
    answer_requests(lambda: _loaded(library_path), _ADDRESS_SPACE)
