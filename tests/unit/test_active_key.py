"""When are two jobs the same job?"""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.active_key import active_key
from ttsqueue.jobs import JobType

USER, WORK = str(UUID(int=1)), str(UUID(int=2))

jobs = st.tuples(
    st.sampled_from([USER, WORK, ""]),
    st.sampled_from([USER, WORK, ""]),
    st.sampled_from(JobType),
    st.lists(st.text(alphabet='ab,"[]\\ 1', max_size=4), max_size=4),
)


@given(jobs, jobs)
def test_two_keys_are_equal_exactly_when_the_jobs_are(
    one: tuple[str, str, JobType, list[str]], other: tuple[str, str, JobType, list[str]]
) -> None:
    assert (active_key(*one) == active_key(*other)) == (one == other)


def test_chapter_ids_do_not_run_into_each_other() -> None:
    assert active_key(USER, WORK, JobType.FULL_BOOK, ["ab", "c"]) != active_key(
        USER, WORK, JobType.FULL_BOOK, ["a", "bc"]
    )


def test_the_order_of_chapters_counts() -> None:
    assert active_key(USER, WORK, JobType.FULL_BOOK, ["a", "b"]) != active_key(
        USER, WORK, JobType.FULL_BOOK, ["b", "a"]
    )


def test_user_and_work_are_not_mixed_up() -> None:
    assert active_key(USER, WORK, JobType.SAMPLE, ["a"]) != active_key(WORK, USER, JobType.SAMPLE, ["a"])


def test_ids_may_come_from_a_generator() -> None:
    ids = ["ch1", "ch2"]
    assert active_key(USER, WORK, JobType.SAMPLE, iter(ids)) == active_key(USER, WORK, JobType.SAMPLE, ids)


@given(st.text())
def test_the_key_is_short_and_plain_whatever_the_id(chapter_id: str) -> None:
    key = active_key(USER, WORK, JobType.SINGLE_CHAPTER, [chapter_id])
    assert len(key) == 64
    assert key.isascii()


def test_the_key_stays_the_same_over_the_versions() -> None:
    """It is stored: another key for the same job would let a second one in after an upgrade."""
    key = active_key(USER, WORK, JobType.FULL_BOOK, ["ch1", "ch2"])
    assert key == "6ab8411913a4d3ae6c1aa304b8f3db9a21e3c0a558c80415fd05d990f67f1d97"
