"""The admin's query field."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.web import query
from ttsqueue.web.query import UnreadableQuery

USER = "00000000-0000-4000-8000-00000000000a"
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def read_query(text: str) -> JobFilter:
    return query.read_query(text, NOW)


def test_nothing_asks_for_everything() -> None:
    assert read_query("  ") == JobFilter()


def test_every_key_is_read() -> None:
    which = read_query(f"state:failed tier:free error:RATE_LIMIT user:{USER} work:{USER} older:1h")
    assert which == JobFilter(
        user_id=USER,
        work_id=USER,
        statuses=frozenset({JobStatus.FAILED}),
        error_code="RATE_LIMIT",
        priorities=frozenset(range(5, 11)),
        created_before=NOW - timedelta(hours=1),
    )


def test_premium_s_priorities_are_those_before_free_ones() -> None:
    assert read_query("tier:premium").priorities == frozenset({1, 2, 3, 4})


def test_states_have_the_words_of_the_pages_and_of_the_api() -> None:
    asked = {JobStatus.PENDING, JobStatus.PROCESSING, JobStatus.COMPLETED}
    assert read_query("state:waiting,processing,DONE").statuses == frozenset(asked)


def test_other_words_belong_to_the_title() -> None:
    which = read_query('state:done Long "the Night: part 2" 10:30')
    assert which.text == "Long the Night: part 2 10:30"


def test_a_quote_in_a_word_is_an_apostrophe() -> None:
    assert read_query("Ada's").text == "Ada's"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("state:broken", "broken is no state; there are waiting, speaking, done, stopped and failed."),
        ("tier:gold", "gold is no tier; there are tier:premium and tier:free."),
        ("user:ada", "ada is no id; user: takes a whole UUID."),
        ("older:soon", "soon is no length of time; write older:90s, older:30min or older:7d."),
        ("stat:failed", "There is no stat: here; there are state, tier, error, user, work, older."),
        ("state: failed", "Write a value behind state: without a space."),
        ("state:,", "Write a value behind state: without a space."),
        ("state:done state:failed", "state: is there twice; write it once, as in state:failed,stopped."),
        ('"open', 'A quotation mark is never closed; write title words as "The Long Night".'),
        (
            "older:99999999999999d",
            "99999999999999d is no length of time; write older:90s, older:30min or older:7d.",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableQuery) as refused:
        read_query(text)
    assert str(refused.value) == sentence


@given(st.text(alphabet=st.sampled_from("abc:\",' \\state0h\x00ü"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UnreadableQuery):
        read_query(text)
