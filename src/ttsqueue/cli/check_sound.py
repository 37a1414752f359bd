"""Doctor: does a voice really speak, and can its sound really be encoded?"""

from __future__ import annotations

from array import array
from pathlib import Path
from tempfile import TemporaryDirectory

from ttsqueue.app import make_engines, make_provider, make_servers
from ttsqueue.audio import AudioFormat, Encoder
from ttsqueue.cli.check_tts_servers import PATIENCE
from ttsqueue.cli.finding import Finding, fail, ok
from ttsqueue.cli.wording import counted
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.errors import TTSQueueError
from ttsqueue.provider import QueueProvider
from ttsqueue.settings import Settings

RATE = 22_050
"""Samples per second."""
SENTENCE = "All is well."


async def check_speech(settings: Settings) -> Finding:
    """Let the default voice say a sentence."""
    try:
        provider = make_provider(settings)
        engines = make_engines(settings, make_servers(settings, provider), PATIENCE)
        voices = VoiceCatalogue(engines, settings.default_voice)
    except TTSQueueError as error:
        return fail("speech", str(error))
    try:
        return await _say(voices, provider)
    except TTSQueueError as error:
        return fail("speech", str(error))
    finally:
        await voices.aclose()
        await provider.aclose()


async def _say(voices: VoiceCatalogue, provider: QueueProvider) -> Finding:
    number = len(await voices.voices())
    voice = await voices.resolve("default", "en")
    engine = voices.engine_of(voice)
    if engine.name != EspeakEngine.name:  # a server is called in its turn, which the store knows
        await provider.open()
    samples = sum([len(piece) // 2 async for piece in engine.speak(SENTENCE, voice.name, 1.0)])
    if not samples:
        return fail("speech", f"{voice.id} made no sound; install its engine again.")
    return ok("speech", f"{counted(number, 'voice')}; {voice.id} speaks.")


async def check_encoder(folder: Path) -> Finding:
    """Encode a second of sound where books are made."""
    tone = array("h", [(place % 100) * 200 - 10_000 for place in range(RATE)]).tobytes()
    try:
        with TemporaryDirectory(dir=folder) as temporary:
            target = Path(temporary) / "tone.m4a"
            async with Encoder(Path(temporary)) as encoder, encoder.chapter(target, AudioFormat.M4B, RATE) as chapter:
                await chapter.write(tone)
                sound = await chapter.finish()
    except (TTSQueueError, OSError) as error:
        return fail("encoder", f"No sound can be encoded: {error}")
    return ok("encoder", f"{sound.duration:.1f} s of sound were encoded.")
