from __future__ import annotations

import pytest

from ttsqueue.cli.wording import counted, length, printable, waiting


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"), (40.4, "40 s"), (59.6, "1 min"), (89, "1 min"), (2460, "41 min"), (3599, "1 h"), (3600, "1 h"),
        (20460, "5 h 41 min"), (360_000, "100 h"),
    ],
)  # fmt: skip
def test_a_length_is_told_in_plain_words(seconds: float, words: str) -> None:
    assert length(seconds) == words


def test_one_book_is_no_books() -> None:
    assert [counted(number, "book") for number in (0, 1, 1200)] == ["0 books", "1 book", "1,200 books"]


def test_a_title_cannot_command_the_terminal() -> None:
    assert printable("Fog\x1b[2J\x9b31m\r\nHorn\u2028") == "Fog [2J 31m  Horn"


def test_waiting_says_why() -> None:
    assert waiting(2, paused=False) == "Waiting - 2 books before this one"
    assert waiting(1, paused=False) == "Waiting - 1 book before this one"
    assert "ttsqueue resume" in waiting(2, paused=True)
