"""Names, numbers and codes that applications were promised before there was a program: they are kept to the letter.

Tests call that promise "the guide".
"""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest

from ttsqueue import TTSQueue, get_priority_for_user, load_settings
from ttsqueue.contract import payload_from_json
from ttsqueue.errors import RateLimited

METHODS = [
    "add_job",
    "get_job",
    "get_user_jobs",
    "cancel_job",
    "claim_next_job",
    "update_progress",
    "complete_job",
    "fail_job",
    "get_queue_stats",
    "reset_stuck_jobs",
    "retry_job",
    "start_worker",
]


@pytest.mark.parametrize("name", METHODS)
def test_the_queue_has_every_method_the_guide_names(name: str) -> None:
    assert inspect.iscoroutinefunction(getattr(TTSQueue, name))


def test_bare_numbers_of_the_two_intervals_are_milliseconds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLL_INTERVAL", "5000")
    monkeypatch.setenv("HEARTBEAT_INTERVAL", "10000")
    settings = load_settings()
    assert settings.poll_interval == timedelta(seconds=5)
    assert settings.heartbeat_interval == timedelta(seconds=10)


def test_the_defaults_are_those_of_the_guide() -> None:
    settings = load_settings()
    assert settings.poll_interval == timedelta(seconds=5)
    assert settings.heartbeat_interval == timedelta(seconds=10)
    assert settings.max_attempts == 3
    assert settings.stuck_after == timedelta(minutes=30)
    assert settings.jobs == 1


def test_rate_limit_is_a_code() -> None:
    assert RateLimited("Slow down.").code == "RATE_LIMIT"


def test_premium_users_get_1_to_3_and_free_ones_5_to_10() -> None:
    urgencies = ("urgent", "normal", "bulk")
    assert [get_priority_for_user(True, urgency) for urgency in urgencies] == [1, 2, 3]  # type: ignore[arg-type]
    assert [get_priority_for_user(False, urgency) for urgency in urgencies] == [5, 5, 10]  # type: ignore[arg-type]
    assert get_priority_for_user(False) == 5


def test_id_and_chapter_id_both_name_a_chapter() -> None:
    payload = payload_from_json(
        {"chapters": [{"id": "ch1", "text": "a", "title": "A"}, {"chapterId": "ch2", "text": "b"}], "voiceSettings": {}}
    )
    assert [chapter.chapter_id for chapter in payload.chapters] == ["ch1", "ch2"]
    assert payload.voice_settings.voice_id == "default"
