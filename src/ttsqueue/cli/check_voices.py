"""Doctor: what each engine has, and which files are no voices and why."""

from __future__ import annotations

from contextlib import aclosing

from ttsqueue.app import make_engines, make_provider, make_servers
from ttsqueue.cli.finding import Finding, ok, warn
from ttsqueue.cli.wording import counted
from ttsqueue.engines.engine import Engine
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.errors import EngineError, TTSQueueError
from ttsqueue.settings import Settings

_WORD = "1"
_HOW = "Add one with: ttsqueue voices add FILE.onnx"


async def check_voices(settings: Settings) -> list[Finding]:
    """Every engine in the order in which `default` asks them; each piper voice has to say a word."""
    try:
        engines = make_engines(settings, make_servers(settings, make_provider(settings)))
    except TTSQueueError:
        return []  # the check of the store says it
    findings = []
    for engine in engines:
        findings.append(await _what_it_has(engine))
        if isinstance(engine, PiperEngine):
            findings += await _broken_voices(engine)
        await engine.aclose()
    return findings


async def _what_it_has(engine: Engine) -> Finding:
    subject = f"engine {engine.name}"
    try:
        number = len(await engine.voices())
    except EngineError as error:
        return warn(subject, str(error))
    if isinstance(engine, PiperEngine) and not number:
        return ok(subject, f"No voices. {_HOW}")
    return ok(subject, f"{counted(number, 'voice')}.") if number else warn(subject, "It has no voices.")


async def _broken_voices(piper: PiperEngine) -> list[Finding]:
    survey = await piper.survey()
    broken = list(survey.broken)
    for file in survey.found:
        try:
            async with aclosing(piper.speak(_WORD, file.name, 1.0)) as speech:
                if not [pcm async for pcm in speech]:
                    broken.append(f"The piper voice {file.name} makes no sound.")
        except EngineError as error:
            if error.code == "ENGINE_MISSING":
                return []
            broken.append(str(error))
    return [warn("voice", f"{sentence} Remove it, or add it anew.") for sentence in broken]
