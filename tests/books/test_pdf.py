"""PDF: paragraphs from printed lines, chapters from bookmarks or headings."""

from __future__ import annotations

import pytest

from ttsqueue.errors import BookError

from .parsing import read, titles
from .pdf_maker import Bookmark, Printed, column, pdf

SPELLED = ["zero", "one", "two", "three", "four", "five", "six", "seven"]
LONG = "There were two hundred steps in the tower and Ada counted"


def body(*lines: str, top: float = 480) -> list[Printed]:
    return column(*lines, top=top)


def test_lines_become_paragraphs_and_divided_words_are_mended() -> None:
    lines = [
        *column(LONG, "them, one by one, from the bot-", "tom to the well-", "known top of it. She did."),
        *column(LONG, "again.", top=444, indent=15),
        *column("The well-known lamp turned once more over the sea.", top=390),
    ]
    assert read(pdf([lines]), ".pdf").chapters[0].text.split("\n\n") == [
        f"{LONG} them, one by one, from the bottom to the well-known top of it. She did.",
        f"{LONG} again.",
        "The well-known lamp turned once more over the sea.",
    ]


def test_a_paragraph_goes_on_over_the_page() -> None:
    pages = [body(LONG, "them and went up in the"), body("evening, as ever, to light the lamp.")]
    assert (
        read(pdf(pages), ".pdf").chapters[0].text
        == f"{LONG} them and went up in the evening, as ever, to light the lamp."
    )


def test_bookmarks_make_the_chapters() -> None:
    pages = [
        [Printed("Stairs", y=550, size=11), *body(LONG, "them.")],
        [*body(f"{LONG[:-1]} x", "again.", top=560), Printed("Oil", y=300), *body("The oil smelled of fish.", top=260)],
    ]
    marks = [Bookmark("Stairs", 0, 560), Bookmark("Oil", 1, 310)]
    book = read(pdf(pages, bookmarks=marks, info="/Title (Microsoft Word - Tower.docx) /Author (Ada Keeper)"), ".pdf")
    assert titles(book) == ["Stairs", "Oil"]
    assert book.chapters[1].text == "Oil\n\nThe oil smelled of fish."
    assert (book.title, book.author) == ("Tower", "Ada Keeper")


@pytest.mark.parametrize("size", [11, 18])
def test_headings_make_the_chapters_where_there_are_no_bookmarks(size: float) -> None:
    pages = [
        [Printed(f"Chapter {number}", y=550, size=size), *body(f"{SPELLED[number]} {LONG}", f"them {SPELLED[number]}.")]
        for number in (1, 2, 3)
    ]
    assert titles(read(pdf(pages), ".pdf")) == ["Chapter 1", "Chapter 2", "Chapter 3"]


def test_large_print_makes_the_chapters() -> None:
    pages = [
        [Printed(title, y=500, size=20), *body(f"{title} {LONG}", f"them {title}.", top=440)]
        for title in ("Stairs", "Oil", "Fog")
    ]
    assert titles(read(pdf(pages), ".pdf")) == ["Stairs", "Oil", "Fog"]


def test_running_headers_and_page_numbers_are_removed() -> None:
    pages = [
        [
            Printed("The Lighthouse" if number % 2 else f"Ada Keeper {number + 1}", y=580, size=9),
            *body(f"{SPELLED[number]}: {LONG}", f"them and page {SPELLED[number]} ended here."),
            Printed(str(number + 1) if number % 2 else f"- {number + 1} -", x=200, y=20, size=9),
        ]
        for number in range(8)
    ]  # fmt: skip
    text = read(pdf(pages), ".pdf").chapters[0].text
    assert "Lighthouse" not in text
    assert "Keeper" not in text
    assert text.split("\n\n") == [f"{word}: {LONG} them and page {word} ended here." for word in SPELLED]


def test_a_number_that_does_not_count_pages_stays() -> None:
    pages = [body(LONG, "them in"), body("1984")]
    assert read(pdf(pages), ".pdf").chapters[0].text.endswith("them in 1984")


def test_an_encrypted_pdf_says_what_to_do() -> None:
    with pytest.raises(BookError, match="is encrypted; save it without a password"):
        read(pdf([body(LONG)], encrypted=True), ".pdf")


def test_pictures_of_pages_say_what_to_do() -> None:
    with pytest.raises(BookError, match="holds only pictures of pages; run OCR first"):
        read(pdf([[]] * 3, pictures=True), ".pdf")


def test_a_pdf_without_anything_has_no_text() -> None:
    with pytest.raises(BookError, match="holds no text"):
        read(pdf([[]]), ".pdf")


def test_half_a_pdf_is_damaged() -> None:
    data = pdf([body(LONG)] * 20)
    with pytest.raises(BookError, match="damaged or cut off"):
        read(data[:300], ".pdf")


def test_page_numbers_of_two_pages_are_removed() -> None:
    pages = [
        [*body(f"{word}: {LONG}", "them."), Printed(f"Page {number}", y=20)]
        for number, word in ((1, "one"), (2, "two"))
    ]
    assert "Page" not in read(pdf(pages), ".pdf").chapters[0].text
