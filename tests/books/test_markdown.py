"""Markdown files."""

from __future__ import annotations

from .parsing import read, titles

BOOK = """\
---
title: "The Lighthouse"
author: Ada Keeper
language: en_gb
---
# The Lighthouse

A *short* word[^1] first.

## Stairs

Two hundred `steps`.

***

Counted & climbed.

## Oil

- fish
- salt

[^1]: Not read.
    Nor this.

| a | b |
|---|---|
| c | d |
"""


def test_the_level_that_repeats_makes_the_chapters() -> None:
    book = read(BOOK, ".md")
    assert (book.title, book.author, book.language) == ("The Lighthouse", "Ada Keeper", "en-GB")
    assert titles(book) == ["Stairs", "Oil"]
    assert book.chapters[0].text == (
        "The Lighthouse\n\nA short word first.\n\nStairs\n\nTwo hundred steps.\n\nCounted & climbed."
    )
    assert book.chapters[1].text == "Oil\n\nfish\n\nsalt\n\na b\n\nc d"


def test_parts_above_the_chapters() -> None:
    text = "# Part One\n\n## A\n\nx\n\n## B\n\ny\n\n# Part Two\n\n## C\n\nz\n"
    assert titles(read(text, ".md")) == ["Part One: A", "B", "Part Two: C"]


def test_without_headings_there_is_one_chapter() -> None:
    book = read("Just *text*.\r\n\r\nAnd <script>bad()</script>more.\r\n", ".markdown")
    assert [chapter.text for chapter in book.chapters] == ["Just text.\n\nAnd more."]
