"""Speaks for `PiperEngine` in a process of its own: piper is GPL, inference may take all the memory, and killing the
process is the one way to stop it in the middle of a sentence.

    request   {"voice": path of the .onnx, "stamp": of its files, "speaker": number or null, "speed": 1.0} with text
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ttsqueue.engines.speaking_child import Refusal, TextRefusal, answer_requests

if TYPE_CHECKING:
    from piper import PiperVoice

SAMPLE_RATE = 22_050
"""That of nearly all piper voices; the others are resampled, so that every chapter of a book fits every other."""

_ADDRESS_SPACE = 8 * 1024**3
_RAW_PHONEMES = ("[[", "[ [")
"""Piper would read what stands in double brackets as phonemes; in a book it is text."""


class Piper:
    """What the parent may ask for. Keeps the model of the last voice."""

    def __init__(self) -> None:
        self._known = ("", "")
        """The path of the model, and the stamp of its files."""
        self._voice: PiperVoice | None = None

    def tell(self, request: dict[str, Any]) -> object:
        raise Refusal(f"There is nothing to tell about {request}.")

    def speak(self, text: bytes, request: dict[str, Any], on_sound: Callable[[bytes], None]) -> None:
        from piper import SynthesisConfig

        from ttsqueue.engines.sound_fitting import fitted  # here: every command starts quicker without PyAV

        path = request["voice"]
        voice = self._loaded(path, request["stamp"])
        scale = voice.config.length_scale / request["speed"]
        wish = SynthesisConfig(speaker_id=request["speaker"], length_scale=scale)
        try:
            for sentence in voice.synthesize(text.decode().replace(*_RAW_PHONEMES), wish):
                on_sound(fitted(sentence.audio_int16_bytes, sentence.sample_rate, SAMPLE_RATE))
        except Exception as error:
            raise TextRefusal(f"The piper voice {Path(path).stem} cannot speak this: {_reason(error)}.") from error

    def _loaded(self, path: str, stamp: str) -> PiperVoice:
        if self._voice is None or self._known != (path, stamp):
            self._voice = None
            try:
                self._voice = _load(path)
            except Exception as error:  # whatever a model and its description may be made of
                raise Refusal(f"The piper voice {Path(path).stem} cannot be loaded: {_reason(error)}.") from error
            self._known = (path, stamp)
        return self._voice


def _load(path: str) -> PiperVoice:
    """Like PiperVoice.load, on one core: the worker speaks as many chapters at once as there are cores."""
    from onnxruntime import InferenceSession, SessionOptions
    from piper import PiperConfig, PiperVoice

    config = PiperConfig.from_dict(json.loads(Path(f"{path}.json").read_text("utf-8")))
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the longest sentence took
    return PiperVoice(InferenceSession(path, options, providers=["CPUExecutionProvider"]), config)


def _reason(error: Exception) -> str:
    said = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__} {said}".strip().rstrip(".")[:200]


if __name__ == "__main__":
    answer_requests(Piper, _ADDRESS_SPACE)
