"""What happened to a book, in the words of its page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ttsqueue.jobs import JobStatus
from ttsqueue.records import ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.web.pasted import pasted_book
from ttsqueue.web.timeline import timeline_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def after(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_finished_chapters_stand_between_the_changes_of_state() -> None:
    history = [
        StateChange(NOON, JobStatus.PENDING),
        StateChange(after(1), JobStatus.PROCESSING, "claimed by study"),
        StateChange(after(4), JobStatus.COMPLETED, "completed"),
    ]
    chapters = [
        ChapterRecord(index, f"ch{index}", "", 10, FinishedChapter(index, "sound", 1.0), after(3 - index))
        for index in range(2)
    ]
    steps = timeline_of(history, [*chapters, ChapterRecord(2, "ch2", "", 10)])
    assert [step.words for step in steps] == [
        "Handed in",
        "Taken up, claimed by study",
        "Chapter 2 spoken",
        "Chapter 1 spoken",
        "Done",
    ]


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("retried", "Waits to be tried again, after an error"),
        ("handed_back", "Waits again: the worker gave it back"),
        ("lost", "Waits again: the worker was lost"),
        ("retried by hand", "Waits again, on request"),
        ("for a reason of tomorrow", "Waits again"),
    ],
)
def test_a_book_that_waits_again_says_why(reason: str, words: str) -> None:
    (step,) = timeline_of([StateChange(NOON, JobStatus.PENDING, reason)], [])
    assert step.words == words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("# Fog\n\nIt was foggy.", "Fog"),
        ("Fog\n\nIt was foggy.", "Fog"),
        ("It was foggy.", "It was foggy."),
        (
            "The keeper climbed the stairs each evening and counted them.",
            "The keeper climbed the stairs each evening and…",
        ),
        ("A" * 60, "A" * 50 + "…"),
    ],
)
def test_pasted_text_without_a_title_is_named_by_its_beginning(text: str, title: str) -> None:
    assert pasted_book(text).title == title
