"""Word documents."""

from __future__ import annotations

import pytest

from ttsqueue.errors import BookError

from .docx_maker import docx
from .parsing import read, titles

CORE = "<dc:title>The Lighthouse</dc:title><dc:creator>Ada Keeper</dc:creator><dc:language>en-GB</dc:language>"
BODY = [
    ("Title", "The Lighthouse"), ("Toc1", "Stairs 3"), ("H1", "Stairs"), ("", "Two hundred steps.[note]"),
    ("H1", "Oil"), ("", "It smelled."), ("", "* * *"), ("", "Always."),
]  # fmt: skip


def test_headings_by_style_make_the_chapters() -> None:
    book = read(docx(BODY, core=CORE, notes="Not read."), ".docx")
    assert (book.title, book.author, book.language) == ("The Lighthouse", "Ada Keeper", "en-GB")
    assert titles(book)[-2:] == ["Stairs", "Oil"]
    assert [chapter.text for chapter in book.spoken][-1] == "Oil\n\nIt smelled.\n\nAlways."
    assert "Two hundred steps." in [chapter.text for chapter in book.spoken][-2]
    assert not any("Not read" in chapter.text or "[1]" in chapter.text for chapter in book.chapters)


def test_headings_by_words_where_no_style_is_used() -> None:
    body = [("", "Chapter 1"), ("", "Steps."), ("", "Chapter 2"), ("", "Oil.")]
    assert titles(read(docx(body), ".docx")) == ["Chapter 1", "Chapter 2"]


def test_a_document_with_entities_is_refused() -> None:
    with pytest.raises(BookError, match="defines entities"):
        read(docx([], document='<!DOCTYPE d [<!ENTITY a "b">]><d/>'), ".docx")


def test_a_damaged_document_says_so() -> None:
    with pytest.raises(BookError, match="damaged"):
        read(docx([], document="<w:document"), ".docx")
