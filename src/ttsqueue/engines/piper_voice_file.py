"""A piper voice as it lies on the disk: a model, and the description beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ttsqueue.engines.engine import Voice
from ttsqueue.engines.languages import canonical_tag
from ttsqueue.errors import EngineError

SUFFIX = ".onnx"
SPEAKER_MARK = "#"

_LARGEST_DESCRIPTION = 4_000_000
_RATES = range(8_000, 96_001)
_UNSUITABLE = {"pinyin": "it needs a further model, which piper would download"}


@dataclass(frozen=True, slots=True)
class PiperVoiceFile:
    """One .onnx file that can be a voice. Of several speakers each is one, and the bare name means the first."""

    model: Path
    language: str
    label: str
    speakers: Mapping[str, int] = field(default_factory=dict)
    licence: str = ""
    """What its description says about it, if anything."""
    stamp: str = ""
    """Another one when either file is exchanged."""

    @property
    def name(self) -> str:
        return self.model.name.removesuffix(SUFFIX)

    def voices(self) -> Iterator[Voice]:
        yield Voice("piper", self.name, self.language, self.label, self.stamp)
        for speaker in self.speakers:
            name, label = f"{self.name}{SPEAKER_MARK}{speaker}", f"{self.label}, {speaker}"
            yield Voice("piper", name, self.language, label, self.stamp)


def description_of(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def read_voice_file(model: Path) -> PiperVoiceFile:
    """EngineError with what is wrong with the file or its description. The model itself is not loaded."""
    try:
        if not model.stat().st_size:
            raise _broken(model, "the file is empty")
        stamp = _stamp(model)
        with description_of(model).open("rb") as file:
            text = file.read(_LARGEST_DESCRIPTION + 1)
    except FileNotFoundError as error:
        missing = Path(error.filename or model).name
        raise _broken(model, f"{missing} is missing beside it" if missing != model.name else "it is missing") from None
    except OSError as error:
        raise _broken(model, error.strerror or "it cannot be read") from None
    try:
        told = json.loads(text) if len(text) <= _LARGEST_DESCRIPTION else None
        return replace(_described(model, told), stamp=stamp)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _broken(model, f"{description_of(model).name} is no description of a piper voice") from None


def _stamp(model: Path) -> str:
    """FileNotFoundError."""
    about = [path.stat() for path in (model, description_of(model))]
    return " ".join(f"{each.st_size}-{each.st_mtime_ns}" for each in about)


def _described(model: Path, told: Any) -> PiperVoiceFile:
    """KeyError, TypeError, AttributeError, ValueError when it is something else."""
    audio, spoken, family = told["audio"], told["espeak"]["voice"], told.get("language", {})
    if audio["sample_rate"] not in _RATES or not told["phoneme_id_map"].items() or told["num_symbols"] < 1:
        raise ValueError
    if why := _UNSUITABLE.get(told.get("phoneme_type", "")):
        raise _broken(model, why)
    name = told.get("dataset") or model.name.removesuffix(SUFFIX)
    label = f"{name} ({audio['quality']})" if audio.get("quality") else str(name)
    licence = told.get("license") or told.get("licence") or ""
    tag = canonical_tag(family.get("code") or spoken)
    return PiperVoiceFile(model, tag, label, _speakers(told), str(licence))


def _speakers(told: dict[str, Any]) -> dict[str, int]:
    if told["num_speakers"] <= 1:
        return {}
    named = {name.strip(): number for name, number in told.get("speaker_id_map", {}).items() if name.isprintable()}
    return named or {str(number): number for number in range(told["num_speakers"])}


def _broken(model: Path, why: str) -> EngineError:
    return EngineError(f"{model.name} is no voice: {why}.", code="BROKEN_VOICE", retryable=False)
