"""Pieces of costly sound outlive the worker that had them spoken."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from ttsqueue.engines.engine import Voice
from ttsqueue.jobs import JobStatus
from ttsqueue.worker import spoken_pieces
from ttsqueue.worker.narrator import PIECES
from ttsqueue.worker.spoken_pieces import SpokenPieces, piece_name

from .at_work import Studio, final
from .samples import book_of, text
from .tone_engine import ToneEngine, poison


async def test_after_a_failure_in_the_middle_of_a_chapter_what_was_spoken_is_not_spoken_again(
    studio: Studio, tone: ToneEngine
) -> None:
    tone.is_costly, tone.fault = True, poison("jam")
    chapter = text(1, 30) + " Then came jam and nothing else. " + text(2, 30)
    job_id = await studio.queue.add_job(book_of([chapter], max_attempts=1))
    async with studio.narrating(chapters=1):
        assert (await final(studio.queue, job_id)).status is JobStatus.FAILED
        before = list(tone.spoken)
        tone.fault = lambda piece: None
        tone.spoken.clear()
        await studio.queue.retry_job(job_id)
        assert (await final(studio.queue, job_id)).status is JobStatus.COMPLETED
    assert len(before) > 1
    assert not set(before[:-1]) & set(tone.spoken)


async def test_what_one_user_had_spoken_is_spoken_again_for_another(studio: Studio, tone: ToneEngine) -> None:
    tone.is_costly = True
    first = book_of([text(1)])
    other = replace(first, user_id="33333333-3333-4333-8333-333333333333")
    async with studio.narrating(chapters=1):
        for job in (first, other):
            await final(studio.queue, await studio.queue.add_job(job))
    assert len(tone.spoken) == 2 * len(set(tone.spoken))


def test_the_same_text_in_any_other_way_is_another_piece() -> None:
    bella = Voice("openai", "bella", "en", model="small")
    names = {
        piece_name("user", bella, 24_000, 1.0, "Fog."),
        piece_name("other user", bella, 24_000, 1.0, "Fog."),
        piece_name("user", replace(bella, engine="coqui"), 24_000, 1.0, "Fog."),
        piece_name("user", replace(bella, name="nova"), 24_000, 1.0, "Fog."),
        piece_name("user", replace(bella, model="large"), 24_000, 1.0, "Fog."),
        piece_name("user", replace(bella, language="de"), 24_000, 1.0, "Fog."),
        piece_name("user", bella, 22_050, 1.0, "Fog."),
        piece_name("user", bella, 24_000, 1.1, "Fog."),
        piece_name("user", bella, 24_000, 1.0, "Fog!"),
    }
    assert len(names) == 9
    assert piece_name("user", replace(bella, label="Bella"), 24_000, 1, "Fog.") in names


async def test_engines_that_are_fast_keep_nothing(studio: Studio, tone: ToneEngine) -> None:
    async with studio.narrating(chapters=1):
        await final(studio.queue, await studio.queue.add_job(book_of([text(1)])))
    assert tone.spoken
    assert not (studio.storage.folder / PIECES).exists()


async def test_a_damaged_piece_is_not_there(tmp_path: Path) -> None:
    pieces = SpokenPieces(tmp_path / "pieces")
    assert await pieces.find("a") is None
    await pieces.keep("a", b"sound")
    assert await pieces.find("a") == b"sound"
    (tmp_path / "pieces" / "a").write_bytes((tmp_path / "pieces" / "a").read_bytes()[:-1])
    assert await pieces.find("a") is None


async def test_what_was_not_asked_for_for_longest_goes_first(tmp_path: Path) -> None:
    pieces = SpokenPieces(tmp_path)
    for age, name in ((30, "old"), (20, "older"), (10, "new")):
        await pieces.keep(name, bytes(68))
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    assert await pieces.find("old") is not None
    pieces.most_bytes = 250
    await pieces.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


async def test_a_book_that_is_longer_than_the_bound_does_not_pass_it(tmp_path: Path) -> None:
    pieces = SpokenPieces(tmp_path, most_bytes=16_000)
    for number in range(100):
        await pieces.keep(f"{number}", bytes(1000))
        assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 16_000 + 2 * 1032
    assert await pieces.find("99") is not None


async def test_of_an_edited_book_only_what_is_new_is_spoken(studio: Studio, tone: ToneEngine) -> None:
    tone.is_costly = True
    first = book_of([text(1, 20), text(2, 20), text(3, 20)])
    edited = replace(
        first, chapters=(*first.chapters[:1], replace(first.chapters[1], text=text(7, 20)), first.chapters[2])
    )
    async with studio.narrating(chapters=1):
        await final(studio.queue, await studio.queue.add_job(first))
        tone.spoken.clear()
        job = await final(studio.queue, await studio.queue.add_job(edited))
    assert job.status is JobStatus.COMPLETED
    assert "".join(tone.spoken) == text(7, 20)


async def test_another_speed_is_another_sound(studio: Studio, tone: ToneEngine) -> None:
    tone.is_costly = True
    first = book_of([text(1)])
    async with studio.narrating(chapters=1):
        for speed in (1.0, 1.5):
            job = replace(first, voice_settings=replace(first.voice_settings, speed=speed))
            await final(studio.queue, await studio.queue.add_job(job))
    assert len(tone.spoken) == 2 * len(set(tone.spoken))


async def test_a_piece_that_nobody_asked_for_for_a_week_goes(tmp_path: Path) -> None:
    pieces = SpokenPieces(tmp_path)
    await pieces.keep("a", b"sound")
    long_ago = time.time() - spoken_pieces.LONGEST_KEPT - 60
    os.utime(tmp_path / "a", (long_ago, long_ago))
    await pieces.sweep()
    assert list(tmp_path.iterdir()) == []


async def test_a_folder_that_cannot_be_made_only_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "pieces").write_text("in the way")
    await SpokenPieces(tmp_path / "pieces").keep("a", b"sound")
    assert await SpokenPieces(tmp_path / "pieces").find("a") is None
