"""A voice of piper on its way into the data folder: it has to speak before it is let in."""

from __future__ import annotations

import re
import shutil
import time
import wave
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ttsqueue.engines.engine import Voice
from ttsqueue.engines.piper import PiperEngine, check_installed
from ttsqueue.engines.piper_voice_file import SPEAKER_MARK, SUFFIX, PiperVoiceFile, description_of, read_voice_file
from ttsqueue.errors import EngineError

SENTENCES = {
    "de": "So klinge ich, wenn ich dir ein Buch vorlese.",
    "en": "This is how I sound when I read a book to you.",
    "es": "Así sueno cuando te leo un libro.",
    "fr": "Voici ma voix quand je vous lis un livre.",
    "it": "Questa è la mia voce quando ti leggo un libro.",
    "nl": "Zo klink ik als ik je een boek voorlees.",
    "pl": "Tak brzmię, kiedy czytam ci książkę.",
    "pt": "É assim que eu soo quando leio um livro para você.",
}
_ANY_LANGUAGE = "1, 2, 3, 4, 5, 6, 7, 8, 9, 10."
_LONGEST_CARD = 100_000
_LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class NewVoice:
    """A voice that has been added, and what it said."""

    voice: Voice
    speakers: int
    licence: str
    """What its files say about it; empty when they say nothing."""
    sample: Path
    seconds: float
    """Of sound in `sample`."""
    times_real_time: float


async def add_voice(model: Path, folder: Path, sample: Path | None) -> NewVoice:
    """Try a copy of it, then put that into `folder`, whole or not at all. EngineError with what is wrong."""
    check_installed()
    file = read_voice_file(model)
    if model.suffix != SUFFIX or not file.name.isprintable() or SPEAKER_MARK in file.name:
        raise _refused(f"{model.name} is no name for a voice: it must end in {SUFFIX} and have no {SPEAKER_MARK}.")
    target = folder / model.name
    if target.exists():
        raise _refused(f"There is a voice {file.name} already. Remove it first: ttsqueue voices remove {file.name}")
    sample = sample or target.with_suffix(".wav")
    with TemporaryDirectory(prefix=".new-", dir=folder) as draft:
        copy = Path(draft) / model.name
        shutil.copyfile(model, copy)
        shutil.copyfile(description_of(model), description_of(copy))
        seconds, took = await _say_something(file, copy.parent, sample)
        description_of(copy).replace(description_of(target))
        copy.replace(target)  # last: from here on it is a voice
    voice = next(file.voices())
    return NewVoice(voice, max(len(file.speakers), 1), _licence(file), sample, seconds, seconds / took)


async def _say_something(file: PiperVoiceFile, folder: Path, sample: Path) -> tuple[float, float]:
    """Seconds of sound, and seconds that it took once the model was loaded."""
    engine, text = PiperEngine(folder), SENTENCES.get(file.language.partition("-")[0], _ANY_LANGUAGE)
    try:
        await _sound(engine, file.name, "1.")
        begun = time.monotonic()
        pcm = await _sound(engine, file.name, text)
        took = time.monotonic() - begun
    finally:
        await engine.aclose()
    if not any(pcm):
        raise _refused(f"{file.model.name} is no voice: it says nothing.")
    _write_wav(sample, pcm)
    return len(pcm) / 2 / engine.sample_rate, took


async def _sound(engine: PiperEngine, voice: str, text: str) -> bytes:
    async with aclosing(engine.speak(text, voice, 1.0)) as speech:
        return b"".join([pcm async for pcm in speech])


def _write_wav(path: Path, pcm: bytes) -> None:
    try:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(PiperEngine.sample_rate)
            file.writeframes(pcm)
    except OSError as error:
        raise _refused(f"{path} cannot be written: {error.strerror}.") from None


def _licence(file: PiperVoiceFile) -> str:
    """What the description says, else the lines of a MODEL_CARD that speak of a licence."""
    if file.licence:
        return file.licence[:_LONGEST_NOTE]
    for card in (file.model.with_name(f"{file.name}.MODEL_CARD"), file.model.with_name("MODEL_CARD")):
        if card.is_file():
            with card.open("r", encoding="utf-8", errors="replace") as text:
                lines = text.read(_LONGEST_CARD).splitlines()
            told = [line.strip("-*# \t") for line in lines if re.search(r"licen[cs]e", line, re.IGNORECASE)]
            return re.sub(r"^licen[cs]e\W+", "", "; ".join(told), flags=re.IGNORECASE)[:_LONGEST_NOTE]
    return ""


def _refused(sentence: str) -> EngineError:
    return EngineError(sentence, code="NO_VOICE", retryable=False)
