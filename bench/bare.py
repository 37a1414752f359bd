"""The bare limit: speech, loudness and encoding of every chapter on all cores; no queue, no reading, no joining."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from bench.sample_book import chapters
from ttsqueue.audio import AudioFormat, Encoder
from ttsqueue.books.sentences import pieces
from ttsqueue.engines.espeak import EspeakEngine


async def speak(texts: list[tuple[int, str]], folder: Path, engine: EspeakEngine) -> None:
    async with Encoder(folder) as encoder:
        while texts:
            number, text = texts.pop(0)
            target = folder / f"{number}.m4a"
            async with encoder.chapter(target, AudioFormat.M4B, engine.sample_rate) as sound:
                for piece in pieces(text, "en", engine.max_characters):
                    async for pcm in engine.speak(piece, "en-us", 1.0):
                        await sound.write(pcm)
                await sound.finish()


async def main(folder: Path, words: int) -> None:
    engine = EspeakEngine()
    texts = list(enumerate(chapters(words)))
    await asyncio.gather(*(speak(texts, folder, engine) for _ in range(os.cpu_count() or 1)))
    await engine.aclose()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
