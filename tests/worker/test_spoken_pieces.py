"""Pieces of costly sound outlive the worker that had them spoken."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

from ttsqueue.jobs import JobStatus
from ttsqueue.worker import spoken_pieces
from ttsqueue.worker.chapter_speech import PIECES
from ttsqueue.worker.spoken_pieces import SpokenPieces

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
    pieces = SpokenPieces(tmp_path, most_bytes=250)
    for age, name in ((30, "old"), (20, "older"), (10, "new")):
        await pieces.keep(name, bytes(68))
        os.utime(tmp_path / name, (time.time() - age, time.time() - age))
    assert await pieces.find("old") is not None
    await pieces.sweep()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]


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
