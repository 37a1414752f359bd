"""A book from its texts to its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest

from tests.audio.test_cover import png
from ttsqueue.books.sentences import pieces
from ttsqueue.covers import readable_cover, store_cover
from ttsqueue.jobs import JobStatus, JobType, NewJob
from ttsqueue.queue import TTSQueue

from .at_work import Studio, final, finished_chapters, reached
from .samples import book, book_of, in_format, text
from .sound import pictures, seconds, tags
from .tone_engine import WORD, ToneEngine, poison


async def test_a_book_is_really_spoken(speaking: Studio) -> None:
    job = await speaking.speak(book(3))
    assert (job.status, job.progress_percent, job.voice_id) == (JobStatus.COMPLETED, 100, "espeak:en-us")
    result = job.result
    assert result is not None
    assert result.audiobook_file_id is not None
    audiobook = speaking.path(result.audiobook_file_id)
    assert abs(seconds(audiobook) - result.total_duration) < 0.1
    assert result.total_duration > 15
    for chapter in result.chapters:
        assert abs(seconds(speaking.path(chapter.audio_file_id)) - chapter.duration) < 0.1
    assert tags(audiobook)["title"] == "The Clock Keeper"
    assert tags(audiobook)["artist"] == "A. Keeper"


@pytest.mark.parametrize("audio_format", ["m4b", "mp3", "opus", "flac", "wav"])
async def test_the_result_tells_the_truth_about_its_files(studio: Studio, audio_format: str) -> None:
    job = await studio.speak(in_format(book(3), audio_format))
    result = job.result
    assert result is not None
    assert result.audiobook_file_id is not None
    assert result.audiobook_file_id.endswith("." + audio_format)
    assert [chapter.chapter_id for chapter in result.chapters] == ["ch1", "ch2", "ch3"]
    assert [chapter.title for chapter in result.chapters] == ["Chapter 1", "Chapter 2", "Chapter 3"]
    assert result.audio_file_ids == tuple(chapter.audio_file_id for chapter in result.chapters)
    assert abs(seconds(studio.path(result.audiobook_file_id)) - result.total_duration) < 0.1
    position = 0.0
    for chapter in result.chapters:
        assert abs(chapter.start - position) < 0.1
        position += chapter.duration
    assert await studio.files(job) == {*result.audio_file_ids, result.audiobook_file_id}
    assert studio.drafts() == []


async def test_every_word_is_spoken_once_and_in_order(studio: Studio, tone: ToneEngine) -> None:
    texts = [text(number, sentences=40) for number in range(1, 5)]
    job = await studio.speak(book_of(texts), chapters=1)
    assert "".join(tone.spoken) == "".join(texts)
    assert job.result is not None
    for chapter, spoken in zip(job.result.chapters, texts, strict=True):
        assert abs(chapter.duration - len(spoken.split()) * WORD) < 0.15


LEAKS: dict[str, Callable[[list[str]], list[str]]] = {
    "first lost": lambda whole: whole[1:],
    "last lost": lambda whole: whole[:-1],
    "one twice": lambda whole: [whole[0], *whole],
    "swapped": lambda whole: whole[::-1],
    "other words": lambda whole: [whole[0].replace("clock", "watch"), *whole[1:]],
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS.keys())
async def test_a_book_that_lost_words_on_the_way_fails_and_says_so(
    studio: Studio, monkeypatch: pytest.MonkeyPatch, leak: Callable[[list[str]], list[str]]
) -> None:
    def leaky(text: str, language: str, limit: int) -> list[str]:
        return leak(list(pieces(text, language, limit)))

    monkeypatch.setattr("ttsqueue.worker.chapter_speech.pieces", leaky)
    job = await studio.speak(book(1, sentences=20))
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "LOST_TEXT")
    assert await finished_chapters(studio.queue, job.id) == {}


async def test_chapters_of_a_book_are_spoken_side_by_side(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.002
    await studio.speak(book(6), chapters=3)
    assert tone.most_at_work == 3


async def test_books_share_the_places_and_take_turns(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.002
    queue = studio.queue
    long_id = await queue.add_job(book(20))
    short_id = await queue.add_job(book(1))
    async with studio.narrating(chapters=2, slots=2):
        await final(queue, short_id)
        await final(queue, long_id)
    (short,) = await queue.get_chapters(short_id)
    before = [
        chapter
        for chapter in await queue.get_chapters(long_id)
        if chapter.finished_at and short.finished_at and chapter.finished_at < short.finished_at
    ]
    assert len(before) < 10
    assert tone.most_at_work == 2


async def test_a_sample_is_the_beginning_up_to_a_sentence_end(studio: Studio, tone: ToneEngine) -> None:
    texts = [text(number, sentences=40) for number in (1, 2, 3)]
    job = await studio.speak(book_of(texts, job_type=JobType.SAMPLE))
    spoken = "".join(tone.spoken)
    assert texts[0].startswith(spoken)
    assert 800 < len(spoken) <= 1000
    assert spoken.rstrip().endswith(".")
    assert job.result is not None
    assert job.result.audiobook_file_id is None
    assert [chapter.chapter_id for chapter in job.result.chapters] == ["ch1"]
    assert job.result.total_duration == job.result.chapters[0].duration


async def test_a_sample_goes_past_a_short_beginning(studio: Studio, tone: ToneEngine) -> None:
    job = await studio.speak(book_of(["* * *", "The Clock Keeper.", text(1, 40)], job_type=JobType.SAMPLE), chapters=1)
    spoken = "".join(tone.spoken)
    assert spoken.startswith("The Clock Keeper.On day 1 ")
    assert 500 < len(spoken) <= 1000
    assert job.result is not None
    first, second = job.result.chapters
    assert (first.chapter_id, second.chapter_id) == ("ch2", "ch3")
    assert second.start == pytest.approx(first.duration)


async def test_a_sample_of_short_chapters_is_no_longer_than_another(studio: Studio, tone: ToneEngine) -> None:
    await studio.speak(book(9, sentences=5, job_type=JobType.SAMPLE), chapters=1)
    assert 500 < len("".join(tone.spoken)) <= 1000


async def test_a_single_chapter_makes_no_audiobook(studio: Studio) -> None:
    job = await studio.speak(book(1, job_type=JobType.SINGLE_CHAPTER))
    assert job.result is not None
    assert job.result.audiobook_file_id is None
    assert len(job.result.audio_file_ids) == 1
    assert await studio.files(job) == set(job.result.audio_file_ids)


async def test_a_chapter_without_words_is_kept_and_marked(studio: Studio, tone: ToneEngine) -> None:
    job = await studio.speak(book_of([text(1), "* * *", "", text(2)]))
    assert job.result is not None
    assert [chapter.silent for chapter in job.result.chapters] == [False, True, True, False]
    assert all(0 < chapter.duration < 2 for chapter in job.result.chapters if chapter.silent)
    assert not any("*" in piece for piece in tone.spoken)


async def test_the_voice_is_frozen_at_the_first_attempt(studio: Studio, tone: ToneEngine) -> None:
    tone.fault = poison("never")
    job_id = await studio.queue.add_job(book_of([text(1), "never " * 5], max_attempts=2))
    async with studio.narrating(chapters=1):
        failed = await final(studio.queue, job_id)
    assert failed.voice_id == "tone:high"
    tone.fault = lambda piece: None
    tone.offer = [replace(tone.offer[0], name="new", language="en"), *tone.offer]
    await studio.queue.retry_job(job_id)
    async with studio.narrating(chapters=1):
        job = await final(studio.queue, job_id)
    assert (job.status, job.voice_id) == (JobStatus.COMPLETED, "tone:high")


async def test_an_unknown_voice_fails_at_once(queue: TTSQueue, studio: Studio) -> None:
    wish = book()
    job = await studio.speak(replace(wish, voice_settings=replace(wish.voice_settings, voice_id="tone:nobody")))
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "unknown_voice")
    assert job.error_message is not None
    assert "tone:nobody" in job.error_message


async def test_progress_moves_inside_a_chapter_and_tells_the_time_left(studio: Studio, tone: ToneEngine) -> None:
    tone.pause = 0.004
    job_id = await studio.queue.add_job(book_of([text(1, 5), text(2, 80), text(3, 5)]))
    async with studio.narrating(chapters=1):
        job = await reached(studio.queue, job_id, lambda job: job.eta_seconds is not None and job.current_chapter == 2)
        assert job.progress_message == "Processing chapter 2 of 3"
        assert job.eta_seconds is not None
        assert 1 < job.eta_seconds < 20
        first = job.progress_percent
        later = await reached(studio.queue, job_id, lambda job: job.progress_percent > first)
        assert later.current_chapter == 2
        assert (await final(studio.queue, job_id)).progress_percent == 100


async def with_cover(studio: Studio, wish: NewJob, work_id: str) -> NewJob:
    """The book with a picture that lies in storage under this work."""
    cover = await store_cover(await readable_cover(png(60, 90)), work_id, studio.storage)
    return replace(wish, book=replace(wish.book, cover_file_id=cover))


async def test_the_cover_of_the_work_is_on_the_audiobook(studio: Studio) -> None:
    wish = book(1)
    job = await studio.speak(await with_cover(studio, wish, wish.work_id))
    assert job.result is not None
    assert job.result.audiobook_file_id is not None
    assert pictures(studio.path(job.result.audiobook_file_id)) == 1


async def test_a_job_that_names_somebody_elses_file_as_its_cover_does_not_get_it(studio: Studio) -> None:
    job = await studio.speak(await with_cover(studio, book(1), str(uuid4())))
    assert job.status is JobStatus.COMPLETED
    assert job.result is not None
    assert job.result.audiobook_file_id is not None
    assert pictures(studio.path(job.result.audiobook_file_id)) == 0


async def test_a_cover_that_is_gone_keeps_no_book_from_being_made(studio: Studio) -> None:
    plain = book(1)
    wish = await with_cover(studio, plain, plain.work_id)
    await studio.storage.delete_covers(wish.work_id)
    assert (await studio.speak(wish)).status is JobStatus.COMPLETED


async def test_a_book_without_title_and_language_is_spoken(studio: Studio) -> None:
    wish = book(1)
    job = await studio.speak(replace(wish, book=replace(wish.book, title="", author="", language="")))
    assert job.status is JobStatus.COMPLETED
