from __future__ import annotations

import click
import pytest

from ttsqueue.cli.chapter_range import read_chapter_range
from ttsqueue.errors import InvalidJob


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("3-7", [3, 4, 5, 6, 7]),
        ("3", [3]),
        ("8-", [8, 9, 10]),
        ("-2", [1, 2]),
        ("1,3,9-", [1, 3, 9, 10]),
        ("5,1-2,2", [1, 2, 5]),
        (" 1 , 3 - 4 ", [1, 3, 4]),
    ],
)
def test_a_range_names_chapters_in_the_order_of_the_book(text: str, numbers: list[int]) -> None:
    assert read_chapter_range(text).numbers(10) == numbers


@pytest.mark.parametrize("text", ["", "-", "0", "-0", "0-3", "7-3", "a", "3--4", ",", "1,", "1.5", "99999999"])
def test_what_is_no_range_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(click.BadParameter, match=r"write 3-7"):
        read_chapter_range(text)


@pytest.mark.parametrize("text", ["11", "11-", "3-11", "-11"])
def test_a_chapter_that_is_not_there_is_named(text: str) -> None:
    with pytest.raises(InvalidJob, match="There is no chapter 11: the book has 10"):
        read_chapter_range(text).numbers(10)
