"""A voice of your own: a class like this one, named in a setting.

PYTHONPATH=examples TTSQUEUE_ENGINES=own_engine:Morse ttsqueue speak book.epub --voice morse:slow
"""

import math
import struct
from collections.abc import AsyncGenerator

from ttsqueue.engines.engine import Voice

DOTS = {"slow": 0.12, "fast": 0.06}
SIGNS = (
    "a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- "
    "n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--.."
)
CODE = {sign[0]: sign[1:] for sign in SIGNS.split()}


class Morse:
    name = "morse"
    sample_rate = 8000
    max_characters = 500  # of one call of `speak`
    is_costly = False  # it is made faster than it could be kept on a disk

    async def voices(self) -> list[Voice]:
        return [Voice(self.name, name, "en", f"Morse code, {name}") for name in DOTS]

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        dot = DOTS[voice] / speed
        for letter in text.lower():
            for sign in CODE.get(letter, " "):
                yield self._tone(dot * {".": 1, "-": 3}.get(sign, 2), 0 if sign == " " else 8000)
                yield self._tone(dot, 0)
            yield self._tone(dot * 2, 0)

    async def aclose(self) -> None:
        """There is nothing to close."""

    def _tone(self, seconds: float, loudness: int) -> bytes:
        wave = (loudness * math.sin(at * 0.47) for at in range(int(seconds * self.sample_rate)))
        return b"".join(struct.pack("<h", int(sample)) for sample in wave)
