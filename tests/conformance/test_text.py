"""Texts come back letter by letter, whatever language and length they have."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ttsqueue.book import BookInfo, Chapter, Payload, VoiceSettings
from ttsqueue.jobs import JobType, Progress
from ttsqueue.outcome import Complete, Fail, Requeue
from ttsqueue.provider import QueueProvider
from ttsqueue.queue import TTSQueue
from ttsqueue.result import ChapterSound, FinishedChapter, JobResult
from ttsqueue.text import storable

from .samples import AT_ONCE, add_many, claim_one, claimed, new_job

TONGUES = {
    "greek": "Μῆνιν ἄειδε θεὰ",
    "hebrew": "בְּרֵאשִׁית בָּרָא",
    "arabic": "كان يا ما كان",
    "devanagari": "एक समय की बात है",
    "chinese": "很久很久以前有一座山。",
    "emoji": "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳",
    "combining": "e\u0301 is not \u00e9",
    "separators": "a\u2028b\u2029c\u0085d\u00a0e\ufefff",
    "lines": "one\r\ntwo\nthree\rfour\ttab",
    "controls": "bell\x07 escape\x1b delete\x7f\x01",
    "quotes": """'single' "double" \\back `tick` %s {x} $1 :name ?""",
    "markup": "<b>&amp;</b> <!-- --> </script>",
    "astral": "\U0001f600\U0010fffd\uffff\ufffe",
    "spaces": "  around  ",
    "null_words": "null None undefined \\u0000 \\x00",
}

texts = st.text().map(storable)


@pytest.mark.parametrize("tongue", TONGUES)
async def test_every_text_of_a_job_comes_back(provider: QueueProvider, tongue: str) -> None:
    text = TONGUES[tongue]
    book = BookInfo(title=text, author=text, language="de-CH", audio_format="opus", cover_file_id=text)
    job = await provider.add(replace(new_job(), chapters=(Chapter(text, text, text),), book=book))
    assert await provider.payload(job.id) == Payload((Chapter(text, text, text),), VoiceSettings(), book)
    assert (await provider.get(job.id)).title == text
    (record,) = await provider.chapters(job.id)
    assert (record.chapter_id, record.title, record.characters) == (text, text, len(text))


@pytest.mark.parametrize("tongue", TONGUES)
async def test_every_text_of_a_worker_comes_back(provider: QueueProvider, tongue: str) -> None:
    text = TONGUES[tongue]
    await add_many(provider, 1)
    claim = await claim_one(provider, worker=text)
    assert claim.job.worker_id == text
    assert await provider.claims_of(text) == [claim]
    assert (await provider.freeze_voice(claim.lease, text)).voice_id == text
    assert (await provider.update_progress(claim.lease, Progress(message=text))).progress_message == text
    await provider.save_chapter(claim.lease, FinishedChapter(0, text, 1.0, sound={text: 1.0}))
    finished = (await provider.chapters(claim.job.id))[0].finished
    assert finished == FinishedChapter(0, text, 1.0, sound={text: 1.0})
    job = await provider.settle(claim.lease, Requeue("retried", text, AT_ONCE))
    assert job.last_error == text
    job = await provider.settle((await claim_one(provider)).lease, Fail(text, text))
    assert (job.error_message, job.error_code) == (text, text)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chapters=st.lists(st.builds(Chapter, texts, texts, texts), min_size=1, max_size=4), title=texts)
async def test_any_text_comes_back(provider: QueueProvider, chapters: list[Chapter], title: str) -> None:
    job = await provider.add(replace(new_job(), chapters=tuple(chapters), book=BookInfo(title=title)))
    assert await provider.payload(job.id) == Payload(tuple(chapters), book=BookInfo(title=title))
    assert (await provider.get(job.id)).title == title


async def test_every_field_of_a_new_job_comes_back(provider: QueueProvider) -> None:
    book = new_job(
        1,
        job_type=JobType.SINGLE_CHAPTER,
        voice_settings=VoiceSettings("openai:alloy", 1.25),
        book=BookInfo("The Title", "The Author", "en-GB", "flac", "cover-1"),
        priority=7,
        max_attempts=5,
    )
    job = await provider.add(book)
    assert (job.work_id, job.user_id, job.job_type) == (book.work_id, book.user_id, JobType.SINGLE_CHAPTER)
    assert (job.priority, job.max_attempts, job.total_chapters, job.title) == (7, 5, 1, "The Title")
    assert await provider.payload(job.id) == book.payload


@pytest.mark.parametrize("cover", [None, "", "cover-1"])
async def test_a_book_with_and_without_a_cover_comes_back(provider: QueueProvider, cover: str | None) -> None:
    job = await provider.add(new_job(book=BookInfo(cover_file_id=cover)))
    assert (await provider.payload(job.id)).book.cover_file_id == (cover or None)


async def test_every_field_of_a_result_comes_back(provider: QueueProvider) -> None:
    sounds = (
        ChapterSound("ch1", "Eins", "audio-1", 0.0, 12.345678, silent=False),
        ChapterSound("ch2", "", "audio-2", 12.345678, 0.5, silent=True),
    )
    result = JobResult(("audio-1", "audio-2"), 12.845678, "book.m4b", sounds)
    claim = await claimed(provider)
    await provider.settle(claim.lease, Complete(result))
    stored = (await provider.get(claim.job.id)).result
    assert stored is not None
    assert replace(stored, completed_at=None) == result


async def test_a_result_without_an_audiobook_comes_back(provider: QueueProvider) -> None:
    claim = await claimed(provider)
    await provider.settle(claim.lease, Complete(JobResult((), 0.0)))
    stored = (await provider.get(claim.job.id)).result
    assert stored is not None
    assert replace(stored, completed_at=None) == JobResult((), 0.0)


async def test_a_book_of_2_megabytes_comes_back(provider: QueueProvider) -> None:
    text = "Es war einmal ein König, der hatte eine Tochter. " * 2_000
    chapters = tuple(Chapter(f"ch{index}", text, f"Kapitel {index}") for index in range(21))
    assert sum(len(chapter.text) for chapter in chapters) > 2_000_000
    job = await provider.add(replace(new_job(), chapters=chapters))
    assert (await provider.payload(job.id)).chapters == chapters
    assert [record.characters for record in await provider.chapters(job.id)] == [len(text)] * 21


async def test_a_book_of_1000_chapters_comes_back_in_order(provider: QueueProvider) -> None:
    job = await provider.add(new_job(1000))
    assert job.total_chapters == 1000
    assert [record.chapter_id for record in await provider.chapters(job.id)] == [f"ch{n}" for n in range(1, 1001)]


async def test_what_an_application_reports_may_hold_letters_that_no_store_takes(provider: QueueProvider) -> None:
    queue = TTSQueue(provider)
    await add_many(provider, 1)
    job = await queue.claim_next_job()
    assert job is not None
    failed = await queue.fail_job(job.id, "No \0 voice\ud800.", should_retry=False)
    assert failed.error_message == "No  voice."
