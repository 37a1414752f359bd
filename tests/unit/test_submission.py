"""May this become a job?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue import submission
from ttsqueue.book import BookInfo, Chapter, VoiceSettings
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import JobType, NewJob
from ttsqueue.submission import AUDIO_FORMATS, accepted

ONE = Chapter("ch1", "Once upon a time.", "One")
TWO = Chapter("ch2", "And then.", "Two")


def job(**changes: Any) -> NewJob:
    return replace(NewJob(str(uuid4()), str(uuid4()), (ONE, TWO)), **changes)


def test_a_good_job_is_accepted_as_it_is() -> None:
    good = job(voice_settings=VoiceSettings("espeak:en", 1.5), book=BookInfo("T", "A", "en", "mp3", "cover"))
    assert accepted(good) == good


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no_chapters": ({"chapters": ()}, "at least one chapter"),
    "no_words": ({"chapters": (Chapter("a", " \n…—!"), Chapter("b", ""))}, "no chapter holds a word"),
    "only_nul": ({"chapters": (Chapter("a", "\x00\ud800"),)}, "no chapter holds a word"),
    "twin_ids": ({"chapters": (ONE, replace(TWO, chapter_id="ch1"))}, "Two chapters have the id 'ch1'"),
    "twins_by_nul": ({"chapters": (ONE, replace(TWO, chapter_id="ch1\x00"))}, "Two chapters have the id 'ch1'"),
    "no_id": ({"chapters": (ONE, replace(TWO, chapter_id=""))}, "Chapter 2 needs an id"),
    "long_id": ({"chapters": (replace(ONE, chapter_id="x" * 256),)}, "Chapter 1 needs an id"),
    "two_single": ({"job_type": JobType.SINGLE_CHAPTER}, "exactly one chapter, not 2"),
    "priority_0": ({"priority": 0}, "priority must be"),
    "priority_11": ({"priority": 11}, "priority must be"),
    "priority_true": ({"priority": True}, "priority must be"),
    "priority_half": ({"priority": 2.5}, "priority must be"),
    "no_attempts": ({"max_attempts": 0}, "max_attempts must be from 1 to 1000"),
    "many_attempts": ({"max_attempts": 10**30}, "max_attempts must be from 1 to 1000"),
    "long_delay": ({"delay": timedelta.max}, "delayed by at most 3650 days"),
    "naive_time": ({"run_at": datetime(2030, 1, 1)}, "run_at needs a time zone"),  # noqa: DTZ001
    "too_fast": ({"voice_settings": VoiceSettings(speed=99)}, "speed must be between"),
    "too_slow": ({"voice_settings": VoiceSettings(speed=0.49)}, "speed must be between"),
    "speed_nan": ({"voice_settings": VoiceSettings(speed=float("nan"))}, "speed must be between"),
    "speed_inf": ({"voice_settings": VoiceSettings(speed=float("inf"))}, "speed must be between"),
    "speed_true": ({"voice_settings": VoiceSettings(speed=True)}, "speed must be between"),
    "speed_huge": ({"voice_settings": VoiceSettings(speed=10**400)}, "speed must be between"),
    "format": ({"book": BookInfo(audio_format="aiff")}, "format must be one of m4b"),
    "work": ({"work_id": "42"}, "workId must be a UUID"),
    "user": ({"user_id": ""}, "userId must be a UUID"),
    "user_none": ({"user_id": None}, "userId must be a UUID"),
}


@pytest.mark.parametrize("reason", REFUSED)
def test_a_bad_job_is_refused_with_its_reason(reason: str) -> None:
    changes, sentence = REFUSED[reason]
    with pytest.raises(InvalidJob, match=sentence):
        accepted(job(**changes))


def test_a_book_with_too_many_chapters_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "MAX_CHAPTERS", 2)
    assert accepted(job())
    with pytest.raises(InvalidJob, match="at most 2 chapters"):
        accepted(job(chapters=(ONE, TWO, Chapter("ch3", "End."))))


def test_a_book_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(submission, "MAX_CHARACTERS", 26)
    assert accepted(job())
    with pytest.raises(InvalidJob, match="at most 26 characters"):
        accepted(job(chapters=(ONE, TWO, Chapter("ch3", "!"))))


@pytest.mark.parametrize("audio_format", AUDIO_FORMATS)
def test_each_format_is_accepted(audio_format: str) -> None:
    assert accepted(job(book=BookInfo(audio_format=audio_format))).book.audio_format == audio_format


@pytest.mark.parametrize("speed", [0.5, 1, 2.5])
def test_each_speed_in_the_range_is_accepted(speed: float) -> None:
    stored = accepted(job(voice_settings=VoiceSettings(speed=speed))).voice_settings.speed
    assert stored == speed
    assert type(stored) is float


def test_a_chapter_without_words_may_stand_among_others() -> None:
    pause = Chapter("pause", "* * *")
    assert accepted(job(chapters=(ONE, pause))).chapters == (ONE, pause)


def test_words_of_every_script_count() -> None:
    for text in ("夜", "ночь", "ليل", "रात", "7"):
        assert accepted(job(chapters=(Chapter("ch1", text),)))


def test_ids_are_put_into_one_form() -> None:
    """Else a double click with other capitals would be another job."""
    work = UUID("12345678-9abc-def0-1234-56789abcdef0")
    for spelling in (str(work).upper(), work.hex, f"{{{work}}}", work.urn):
        assert accepted(job(work_id=spelling, user_id=spelling)).work_id == str(work)


def test_an_empty_voice_is_the_default_one() -> None:
    assert accepted(job(voice_settings=VoiceSettings(""))).voice_settings.voice_id == "default"


def test_what_a_book_says_about_itself_is_cut_to_size() -> None:
    book = accepted(job(book=BookInfo("t" * 999, "a" * 999, "l" * 999))).book
    assert (len(book.title), len(book.author), len(book.language)) == (500, 500, 35)


hostile = st.text(alphabet=st.sampled_from("a 1é夜\x00\x1b\ud800\udfff\uffff😀"), max_size=12)
anything = st.builds(
    NewJob,
    work_id=st.uuids().map(str) | hostile,
    user_id=st.uuids().map(str) | hostile,
    chapters=st.lists(st.builds(Chapter, hostile, hostile, hostile), max_size=3).map(tuple),
    job_type=st.sampled_from(JobType),
    voice_settings=st.builds(VoiceSettings, hostile, st.floats() | st.integers() | st.booleans()),
    book=st.builds(
        BookInfo, hostile, hostile, hostile, st.sampled_from([*AUDIO_FORMATS, "aiff", ""]), st.none() | hostile
    ),
    priority=st.integers(-2, 12),
    delay=st.timedeltas(),
    run_at=st.none() | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
    max_attempts=st.none() | st.integers(-1, 5),
)
whole = st.builds(
    job,
    chapters=st.lists(hostile, min_size=1, max_size=3).map(
        lambda texts: tuple(Chapter(f"{n}\x00", f"word {text}", text) for n, text in enumerate(texts))
    ),
    voice_settings=st.builds(VoiceSettings, hostile, st.floats(0.5, 2.5)),
    book=st.builds(BookInfo, hostile, hostile, hostile, st.sampled_from(AUDIO_FORMATS), st.none() | hostile),
    delay=st.timedeltas(timedelta(0), timedelta(days=400)),
)


@given(anything)
def test_anything_is_either_accepted_or_refused_with_a_sentence(new: NewJob) -> None:
    try:
        accepted(new)
    except InvalidJob as refusal:
        sentence = str(refusal)
        assert sentence.endswith(".")


@given(whole)
def test_what_was_accepted_is_accepted_again_unchanged(new: NewJob) -> None:
    once = accepted(new)
    assert accepted(once) == once


@given(whole)
def test_nothing_that_a_store_refuses_is_left_in(new: NewJob) -> None:
    payload = accepted(new).payload
    texts = [text for chapter in payload.chapters for text in (chapter.chapter_id, chapter.text, chapter.title)]
    book = payload.book
    texts += [payload.voice_settings.voice_id, book.title, book.author, book.language]
    assert all(is_storable(text) for text in texts)


def is_storable(text: str) -> bool:
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def test_the_name_of_a_cover_is_cleaned_too() -> None:
    cover = accepted(job(book=BookInfo(cover_file_id="co\x00v\ud800er"))).book.cover_file_id
    assert cover is None or is_storable(cover)
