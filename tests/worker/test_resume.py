"""What one attempt has finished, the next one keeps."""

from __future__ import annotations

import pytest

from ttsqueue.jobs import JobStatus

from .at_work import Studio, final, finished_chapters, outcomes
from .samples import book_of, text
from .tone_engine import ToneEngine, poison


async def test_a_failed_attempt_keeps_what_was_finished(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("jam")
    queue = studio.queue
    job_id = await queue.add_job(book_of([text(1), text(2), "jam in the machine", text(4)], max_attempts=1))
    async with studio.narrating(chapters=1):
        failed = await final(queue, job_id)
        kept = await finished_chapters(queue, job_id)
        assert failed.status is JobStatus.FAILED
        assert failed.error_message == "The voice choked on jam."
        assert list(kept) == [0, 1]
        before = {file: studio.path(file).stat().st_mtime_ns for file in kept.values()}
        tone.fault = lambda piece: None
        tone.spoken.clear()
        await queue.retry_job(job_id)
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert "".join(tone.spoken) == "jam in the machine" + text(4)
    assert (await finished_chapters(queue, job_id)).items() >= kept.items()
    assert {file: studio.path(file).stat().st_mtime_ns for file in kept.values()} == before


async def test_chapters_under_way_are_finished_when_another_fails(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("jam")
    tone.pause = 0.005
    queue = studio.queue
    job_id = await queue.add_job(book_of(["jam at once", text(2, 10), text(3), text(4)], max_attempts=1))
    async with studio.narrating(chapters=2):
        await final(queue, job_id)
    assert list(await finished_chapters(queue, job_id)) == [1]
    assert text(3) not in "".join(tone.spoken)


async def test_an_error_that_cannot_get_better_stops_all_chapters_at_once(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("jam", retryable=False)
    tone.pause = 0.01
    queue = studio.queue
    job_id = await queue.add_job(book_of(["jam at once", text(2, 400)]))
    async with studio.narrating(chapters=2):
        job = await final(queue, job_id, within=10)
        assert tone.at_work == 0
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "CHOKED")
    assert await finished_chapters(queue, job_id) == {}
    assert studio.drafts() == []


async def test_a_chapter_that_always_fails_is_given_up(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("jam")
    queue = studio.queue
    texts = [text(1), text(2), "jam for ever", text(4), text(5), text(6)]
    job_id = await queue.add_job(book_of(texts, max_attempts=3))
    async with studio.narrating(chapters=2):
        job = await final(queue, job_id)
    assert job.status is JobStatus.FAILED
    assert job.error_message == "The voice choked on jam."
    assert tone.spoken.count("jam for ever") == 3
    assert await outcomes(queue, job_id) == ["retried", "retried", "failed"]


async def test_a_book_that_moves_forward_is_not_given_up(studio: Studio, tone: ToneEngine) -> None:
    """Every chapter fails twice before it succeeds, so that three attempts would never do for the book."""
    seen: dict[str, int] = {}

    def fault(piece: str) -> None:
        seen[piece] = seen.get(piece, 0) + 1
        if seen[piece] < 3:
            poison(piece[:5])(piece)

    tone.fault = fault
    queue = studio.queue
    job_id = await queue.add_job(book_of([text(number, 2) for number in range(1, 6)], max_attempts=3))
    async with studio.narrating(chapters=1):
        job = await final(queue, job_id, within=60)
    assert job.status is JobStatus.COMPLETED
    assert job.claims > 5


async def test_after_a_failure_the_first_unfinished_chapter_goes_alone(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("jam")
    tone.pause = 0.005
    queue = studio.queue
    job_id = await queue.add_job(book_of(["jam for ever", text(2), text(3), text(4)], max_attempts=2))
    async with studio.narrating(chapters=2):
        await final(queue, job_id)
    assert tone.spoken == ["jam for ever", text(2), "jam for ever"]


@pytest.mark.parametrize("damage", ["missing", "cut off"])
async def test_a_finished_chapter_whose_file_is_damaged_is_spoken_again(
    studio: Studio, tone: ToneEngine, damage: str
) -> None:
    tone.fault = poison("jam")
    queue = studio.queue
    job_id = await queue.add_job(book_of([text(1), text(2), "jam in the machine"], max_attempts=1))
    async with studio.narrating(chapters=1):
        await final(queue, job_id)
        kept = await finished_chapters(queue, job_id)
        victim = studio.path(kept[0])
        if damage == "missing":
            victim.unlink()
        else:
            victim.write_bytes(victim.read_bytes()[:-100])
        tone.fault = lambda piece: None
        tone.spoken.clear()
        await queue.retry_job(job_id)
        job = await final(queue, job_id)
    assert job.status is JobStatus.COMPLETED
    assert sorted(tone.spoken) == sorted([text(1), "jam in the machine"])
    assert job.result is not None
    assert job.result.audio_file_ids[1] == kept[1]
    assert await studio.files(job) == {*job.result.audio_file_ids, job.result.audiobook_file_id}
