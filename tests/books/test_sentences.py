"""Pieces for the engine: whole sentences, nothing lost, nothing too long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.books.sentences import pieces

PROSE = st.lists(
    st.sampled_from(
        ["Hello there. ", "Dr. Who, ", "is it? ", "\n\n", "word ", "…", "ü\u0301", "👩‍👩‍👧", "。", "\ud800", "\x00"]
    )
).map("".join)


@given(st.one_of(st.text(), PROSE), st.sampled_from(["en", "de-AT", "ja", "", "xx", "zh_CN"]), st.integers(1, 60))
def test_the_pieces_join_to_the_text_and_none_is_too_long(text: str, language: str, limit: int) -> None:
    found = list(pieces(text, language, limit))
    assert "".join(found) == text
    assert all(0 < len(piece) <= limit for piece in found)


def test_sentences_stay_whole_and_abbreviations_do_not_end_them() -> None:
    text = "Dr. Smith came at 5 p.m. yesterday. He sat down."
    assert list(pieces(text, "en", 40)) == ["Dr. Smith came at 5 p.m. yesterday. ", "He sat down."]


def test_short_sentences_are_gathered_up_to_the_limit() -> None:
    assert list(pieces("One. Two. Three. Four. ", "en", 11)) == ["One. Two. ", "Three. ", "Four. "]


def test_a_piece_ends_at_a_paragraph_that_is_near_the_limit() -> None:
    text = "The first paragraph ends here.\n\nThe second one begins. It goes on."
    assert list(pieces(text, "en", 60))[0] == "The first paragraph ends here.\n\n"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("one two three, four five six seven eight", "one two three, "),
        ("one two three four five six seven eight", "one two three four "),
        ("x" * 40, "x" * 20),
        ("x" * 19 + "e\u0301" + "x" * 10, "x" * 19),
    ],
)
def test_a_long_sentence_is_cut_after_a_clause_else_a_word_else_a_sign(text: str, first: str) -> None:
    assert next(iter(pieces(text, "en", 20))) == first


@pytest.mark.parametrize("unit", ["word ", "x", "e\u0301", "Hi there. ", "\n\n", "，字"])
def test_five_million_characters_take_seconds_at_most_and_start_at_once(unit: str) -> None:
    text = unit * (5_000_000 // len(unit))
    start = time.perf_counter()
    cutting = pieces(text, "en", 3000)
    first = next(cutting)
    assert time.perf_counter() - start < 1
    assert len(first) + sum(map(len, cutting)) == len(text)
    assert time.perf_counter() - start < 20
