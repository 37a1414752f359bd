"""Books in voices of piper whose model cannot speak everything."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.engines.piper_voices import make_voice, make_voice_without
from ttsqueue.book import VoiceSettings
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.jobs import Job, JobStatus

from .at_work import Studio
from .samples import book_of, text
from .tone_engine import ToneEngine

VISION = "It was a vision of leisure."


@pytest.fixture
async def piper(tmp_path: Path) -> AsyncIterator[PiperEngine]:
    make_voice_without("ʒ", tmp_path / "voices", "coarse")
    engine = PiperEngine(tmp_path / "voices")
    yield engine
    await engine.aclose()


async def spoken(studio: Studio, piper: PiperEngine, **changes: object) -> Job:
    studio.engines.append(piper)
    chapter = f"{text(1, 2)} {VISION} {text(2, 2)}"
    return await studio.speak(book_of([chapter], voice_settings=VoiceSettings("piper:coarse")), chapters=1, **changes)


async def test_a_sentence_that_the_model_cannot_speak_fails_the_book_and_is_quoted(
    studio: Studio, piper: PiperEngine
) -> None:
    job = await spoken(studio, piper)
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "REFUSED")
    assert job.error_message is not None
    assert job.error_message.startswith("piper:coarse cannot speak this (")
    assert f'"{VISION}"' in job.error_message


async def test_with_a_fallback_another_voice_speaks_that_sentence(
    studio: Studio, piper: PiperEngine, tone: ToneEngine
) -> None:
    job = await spoken(studio, piper, fallback="tone")
    assert (job.status, job.attempts) == (JobStatus.COMPLETED, 1)
    assert [piece.strip() for piece in tone.spoken] == [VISION]
    assert job.result is not None
    assert [one.text for one in job.result.chapters[0].substitutions] == [VISION]


async def test_a_model_that_cannot_be_loaded_fails_the_book_at_once_and_without_a_quote(
    studio: Studio, piper: PiperEngine, tmp_path: Path
) -> None:
    model = make_voice(tmp_path / "voices", "coarse")
    model.write_bytes(model.read_bytes()[:300])
    job = await spoken(studio, piper, fallback="tone")
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "ENGINE_REFUSED")
    assert job.error_message is not None
    assert job.error_message.startswith("The piper voice coarse cannot be loaded")
