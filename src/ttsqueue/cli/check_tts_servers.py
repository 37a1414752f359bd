"""Doctor: does each TTS server speak? One that knows no such voice, model or language may answer 500 for ever."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from ttsqueue.app import make_provider, make_servers, remote_engines
from ttsqueue.cli.finding import Finding, ok, warn
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.engines.suspicion import HARMLESS
from ttsqueue.errors import EngineError, TTSQueueError
from ttsqueue.servers.pool import ServerPool
from ttsqueue.settings import Settings

PATIENCE = Timeouts(connect=5.0, silence=45.0, call=45.0, waiting=3.0)
"""Nobody waits for minutes before doctor says what it found; a server may have to load its model first."""
_LONGEST = 60.0
"""Seconds for all of it: a server may be busy for others."""


async def check_tts_servers(settings: Settings) -> list[Finding]:
    """Each says one letter in its first voice; one that costs, too: a wrong key would be found by a book."""
    try:
        provider = make_provider(settings)
        places = make_servers(settings, provider).servers
        if not places:
            return []
        await provider.open()
    except TTSQueueError:
        return []  # the check of the store says it
    try:
        return await asyncio.gather(*(_check(ServerPool([place]), place[0].name) for place in places))
    finally:
        await provider.aclose()


async def _check(pool: ServerPool, name: str) -> Finding:
    subject = f"TTS server {name}"
    (engine,) = remote_engines(pool, PATIENCE)
    try:
        async with asyncio.timeout(_LONGEST):
            return await _say(engine, subject)
    except TimeoutError:
        return warn(subject, f"It said nothing for {_LONGEST:.0f} s: it is busy, or it hangs.")
    except EngineError as error:
        return warn(subject, str(error))
    finally:
        await engine.aclose()


async def _say(engine: RemoteSpeech, subject: str) -> Finding:
    voices = await engine.voices()
    if not voices:
        return warn(subject, "It has no voices; name those that it knows in servers.toml.")
    async with aclosing(engine.speak(HARMLESS, voices[0].name, 1.0)) as speech:
        async for _ in speech:
            pass
    return ok(subject, f"{voices[0].id} speaks.")
