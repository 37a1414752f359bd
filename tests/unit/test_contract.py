"""Jobs as JSON, in the guide's names."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.contract import (
    iso,
    job_to_json,
    result_from_json,
    result_to_json,
    stats_to_json,
)
from ttsqueue.jobs import Job, JobStatus, JobType
from ttsqueue.listing import QueueStats
from ttsqueue.result import ChapterSound, JobResult

NOON = datetime(2025, 10, 21, 12, 0, 0, 123456, tzinfo=UTC)

JOB = Job(
    id="j",
    work_id="w",
    user_id="u",
    job_type=JobType.SAMPLE,
    status=JobStatus.PROCESSING,
    priority=5,
    total_chapters=15,
    attempts=1,
    max_attempts=3,
    claims=2,
    created_at=NOON,
    updated_at=NOON,
    run_at=NOON,
    title="The Title",
    voice_id="espeak:en",
    progress_percent=47,
    progress_message="Processing chapter 8 of 15",
    current_chapter=8,
    eta_seconds=90.5,
    started_at=NOON + timedelta(minutes=1),
    error_message="Gave up.",
    error_code="ENGINE_FAILED",
    last_error="The server hung up.",
)

SOUND = ChapterSound("ch1", "One", "file-1", 0.0, 61.5, silent=True)


def test_a_job_has_the_names_of_the_guide() -> None:
    assert job_to_json(JOB) == {
        "id": "j",
        "workId": "w",
        "userId": "u",
        "jobType": "sample",
        "title": "The Title",
        "status": "processing",
        "priority": 5,
        "progressPercent": 47,
        "progressMessage": "Processing chapter 8 of 15",
        "currentChapter": 8,
        "totalChapters": 15,
        "attempts": 1,
        "maxAttempts": 3,
        "errorMessage": "Gave up.",
        "errorCode": "ENGINE_FAILED",
        "lastError": "The server hung up.",
        "createdAt": "2025-10-21T12:00:00.123Z",
        "startedAt": "2025-10-21T12:01:00.123Z",
        "completedAt": None,
        "runAt": "2025-10-21T12:00:00.123Z",
        "etaSeconds": 90.5,
        "voiceId": "espeak:en",
        "result": None,
    }


def test_a_result_has_the_names_of_the_guide() -> None:
    result = JobResult(("file-1",), 61.5, "book", (SOUND,), NOON)
    assert result_to_json(result) == {
        "audioFileIds": ["file-1"],
        "totalDuration": 61.5,
        "completedAt": "2025-10-21T12:00:00.123Z",
        "audiobookFileId": "book",
        "chapters": [
            {
                "chapterId": "ch1",
                "title": "One",
                "audioFileId": "file-1",
                "start": 0.0,
                "duration": 61.5,
                "silent": True,
                "substitutions": [],
            }
        ],
    }


def test_stats_have_the_four_keys_of_the_guide_and_two_more() -> None:
    stats = stats_to_json(QueueStats(12, 3, 487, 5, 7, 4))
    assert stats == {"pending": 12, "processing": 3, "completed": 487, "failed": 5, "cancelled": 7, "delayed": 4}


@given(st.datetimes(timezones=st.just(timezone(timedelta(hours=5, minutes=30)))))
def test_times_are_in_utc_with_milliseconds_and_end_in_z(moment: datetime) -> None:
    if moment.year in (1, 9999):
        return  # the edges of what Python can convert
    text = iso(moment)
    assert text is not None
    assert len(text) == len("2025-10-21T12:00:00.123Z")
    assert text.endswith("Z")
    assert timedelta(0) <= moment - datetime.fromisoformat(text) < timedelta(milliseconds=1)


names = st.text(max_size=20)
results = st.builds(
    JobResult,
    st.lists(names, max_size=3).map(tuple),
    st.floats(0, 1e6),
    st.none() | names,
    st.lists(
        st.builds(ChapterSound, names, names, names, st.floats(0, 1e6), st.floats(0, 1e6), st.booleans()), max_size=3
    ).map(tuple),
    st.none()
    | st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
        lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    ),
)


@given(results)
def test_a_result_survives_being_stored(result: JobResult) -> None:
    assert result_from_json(json.loads(json.dumps(result_to_json(result)))) == result


def test_a_result_in_the_words_of_the_guide_alone_is_read() -> None:
    data = {"audioFileIds": ["a", "b"], "totalDuration": 12.5, "completedAt": "2025-10-21T12:00:00Z"}
    read = result_from_json(data)
    assert (read.audio_file_ids, read.total_duration, read.chapters) == (("a", "b"), 12.5, ())
    assert read.completed_at == datetime(2025, 10, 21, 12, tzinfo=UTC)
