from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.books.sentences import pieces

ANYTHING = st.text(st.one_of(st.characters(), st.sampled_from(" \n\r.,;!?“”'aé字。\u0301\u200d\ud83d\ude00")))
LANGUAGES = st.sampled_from(["", "en", "en-US", "de", "zh", "ja", "ar", "xx"])


@given(ANYTHING, LANGUAGES, st.integers(1, 40))
def test_nothing_is_lost_and_no_piece_is_too_long(text: str, language: str, limit: int) -> None:
    cut = list(pieces(text, language, limit))
    assert "".join(cut) == text
    assert all(0 < len(piece) <= limit for piece in cut)


@given(st.lists(st.sampled_from(["He came. ", "Mr. Poe left? ", "Yes!\n\n", "“No.” "]), min_size=1))
def test_white_space_stays_with_the_piece_before(sentences: list[str]) -> None:
    for piece in pieces("".join(sentences), "en", 30):
        assert piece[0] == piece.lstrip()[0]


def test_whole_sentences_fill_a_piece() -> None:
    text = "One is here. Two is here. Three is here. Four is here."
    assert list(pieces(text, "en", 30)) == ["One is here. Two is here. ", "Three is here. Four is here."]


def test_an_abbreviation_ends_no_sentence() -> None:
    text = "It was late. She met Dr. Brown at the gate of the old garden."
    assert next(pieces(text, "en", 25)) == "It was late. "


def test_quoted_speech_is_kept_together_when_its_end_lies_past_the_limit() -> None:
    text = "She nodded. “Come in. Sit down by the fire,” he said. Then they sat."
    assert next(pieces(text, "en", 27)) == "She nodded. "


def test_a_piece_ends_with_a_paragraph_that_nearly_fills_it() -> None:
    text = "One is here. Two is here.\n\nThree. Four is here. Five is here."
    assert list(pieces(text, "en", 35)) == ["One is here. Two is here.\n\n", "Three. Four is here. Five is here."]


def test_a_paragraph_end_far_from_the_limit_is_passed_over() -> None:
    text = "One.\n\nTwo is here. Three is here. Four is here."
    assert next(pieces(text, "en", 35)) == "One.\n\nTwo is here. Three is here. "


def test_a_long_sentence_is_cut_after_a_clause_then_after_a_word_then_anywhere() -> None:
    assert next(pieces("when the rain had ended, the boys ran out again", "en", 40)) == "when the rain had ended, "
    assert (
        next(pieces("when the rain had ended the boys ran out again", "en", 40))
        == "when the rain had ended the boys ran "
    )
    assert next(pieces("a" * 100, "en", 40)) == "a" * 40


def test_a_clause_early_in_the_piece_does_not_make_it_tiny() -> None:
    assert len(next(pieces("So, when the rain had ended the boys ran out again", "en", 40))) > 20


def test_a_language_without_spaces_is_cut_at_its_own_full_stops() -> None:
    assert list(pieces("他来了。" * 5, "zh", 10)) == ["他来了。他来了。", "他来了。他来了。", "他来了。"]


@pytest.mark.parametrize("whole", ["e\u0301", "👩\u200d🚀", "👍🏽", "\ud83d\ude00"])
def test_a_character_is_not_torn_from_its_parts(whole: str) -> None:
    for limit in range(10, 20):
        assert all(len(piece) % len(whole) == 0 for piece in pieces(whole * 50, "en", limit))


def test_no_piece_is_only_white_space_even_after_a_full_one() -> None:
    for limit in (10, 11, 12, 13, 14):
        assert all(piece.strip() for piece in pieces("He came in. He left.  \n", "en", limit))
        assert all(piece.strip() for piece in pieces("x" * limit + " ", "en", limit))


@pytest.mark.parametrize("unit", ["word ", "a", "“Hi. ", "字字字。", "\u0301", "Mr. ", " ", "("])
def test_time_grows_in_step_with_the_text(unit: str) -> None:
    began = time.process_time()
    assert sum(map(len, pieces(unit * (1_000_000 // len(unit)), "en", 3000))) > 990_000
    assert time.process_time() - began < 5
