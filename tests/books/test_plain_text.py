"""Text files: encodings, paragraphs, headings."""
# ruff: noqa: RUF001 - words in many scripts

from __future__ import annotations

import codecs

import pytest

from .parsing import outline, read, titles

WRAPPED = """\
There were two hundred steps in the tower and Ada counted
them every morning, in a well-
known order, from the bottom to the top.

She never missed one, and nobody ever asked her for the
number.
"""


def test_lines_broken_at_a_fixed_width_become_paragraphs() -> None:
    assert read(WRAPPED, ".txt").chapters[0].text == (
        "There were two hundred steps in the tower and Ada counted them every morning, in a well-known order, "
        "from the bottom to the top.\n\nShe never missed one, and nobody ever asked her for the number."
    )


def test_indented_lines_begin_paragraphs() -> None:
    text = WRAPPED.replace("\n\n", "\n   ")
    assert read(text, ".txt").chapters[0].text.split("\n\n")[1].startswith("She never")


def test_long_lines_are_paragraphs_of_their_own() -> None:
    text = f"{'One long line. ' * 20}\n{'Another long line. ' * 20}\n"
    assert len(read(text, ".txt").chapters[0].text.split("\n\n")) == 2


@pytest.mark.parametrize(
    "headings",
    [
        ["Chapter 1", "Chapter 2", "Chapter 3"], ["CHAPTER I.", "CHAPTER II.", "CHAPTER III."],
        ["Chapter One: Stairs", "Chapter Two: Oil", "Chapter Three: Fog"], ["Kapitel 1", "Kapitel 2", "Kapitel 3"],
        ["Erstes Kapitel", "Zweites Kapitel", "Drittes Kapitel"], ["Chapitre premier", "Chapitre 2", "Chapitre 3"],
        ["Capítulo 1", "Capítulo 2", "Capítulo 3"], ["1", "2", "3"], ["I", "II", "III"], ["1.", "2.", "3."],
        ["1. Stairs", "2. Oil", "3. Fog"], ["Prologue", "Chapter 1", "Epilogue"], ["Глава 1", "Глава 2", "Глава 3"],
        ["第一章", "第二章", "第三章"], ["LETTER 1", "LETTER 2", "LETTER 3"],
    ],
)  # fmt: skip
def test_headings_are_recognised(headings: list[str]) -> None:
    text = "\n\n\n".join(f"{heading}\n\n{WRAPPED}" for heading in headings)
    assert titles(read(text, ".txt")) == headings


def test_prose_that_mentions_chapters_is_no_heading() -> None:
    text = "Chapter 1 was hard to write.\n\nI can count: one, two.\n\nChapter 2 of his life began.\n\n" + WRAPPED
    assert len(read(text, ".txt").chapters) == 1


def test_a_contents_list_makes_no_double_chapters() -> None:
    listed = "CONTENTS\n\nChapter 1. Stairs .... 3\nChapter 2. Oil ....... 9\nChapter 3. Fog ...... 14\n\n\n"
    body = "\n\n".join(
        f"CHAPTER {number}\n\n{title}\n\n{WRAPPED}"
        for number, title in (("I", "Stairs"), ("II", "Oil"), ("III", "Fog"))
    )
    assert outline(read(listed + body, ".txt")) == [
        ("CONTENTS", "contents"), ("CHAPTER I: Stairs", None), ("CHAPTER II: Oil", None), ("CHAPTER III: Fog", None),
    ]  # fmt: skip


def test_parts_are_announced_with_their_first_chapter() -> None:
    text = "\n\n".join(f"PART {part}\n\nChapter 1\n\n{WRAPPED}\n\nChapter 2\n\n{WRAPPED}" for part in ("ONE", "TWO"))
    assert titles(read(text, ".txt")) == [
        "PART ONE: Chapter 1",
        "PART ONE: Chapter 2",
        "PART TWO: Chapter 1",
        "PART TWO: Chapter 2",
    ]


def test_a_long_text_without_headings_is_split_between_paragraphs() -> None:
    text = "\n\n".join(f"Paragraph {number}. " + "The sea was calm. " * 50 for number in range(100))
    book = read(text, ".txt")
    assert titles(book) == ["Part 1", "Part 2", "Part 3"]
    assert "\n\n".join(chapter.text for chapter in book.chapters).count("Paragraph") == 100
    assert all(chapter.text.startswith("Paragraph") for chapter in book.chapters)


def test_the_frame_of_project_gutenberg_is_left_out() -> None:
    text = (
        "The Project Gutenberg eBook of Fog\n\nTitle: Fog\n\nAuthor: Ada Keeper\n\nLanguage: English\n\n"
        "*** START OF THE PROJECT GUTENBERG EBOOK FOG ***\n\n"
        f"CHAPTER I\n\n{WRAPPED}\n\nCHAPTER II\n\n{WRAPPED}\n\n"
        "*** END OF THE PROJECT GUTENBERG EBOOK FOG ***\n\nLicense."
    )
    book = read(text, ".txt")
    assert (book.title, book.author, book.language) == ("Fog", "Ada Keeper", "en")
    assert [chapter.left_out for chapter in book.chapters] == ["front matter", None, None, "back matter"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encodings_of_western_text(encoding: str) -> None:
    text = "Das Café am Meer, “früh” – naïve Señora Ångström."
    assert read(text.encode(encoding), ".txt").chapters[0].text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1251", "Все счастливые семьи похожи друг на друга, и туман пришёл с моря. " * 5),
        ("koi8-r", "Все счастливые семьи похожи друг на друга, и туман пришёл с моря. " * 5),
        ("shift_jis", "霧が海から来た。灯台守は階段を数えた。" * 10),
        (
            "cp1250",
            "Żółta mgła przyszła znad morza, a latarnik liczył stopnie każdego ranka. Łódź wróciła późno. " * 10,
        ),
        ("cp1252", "Père Noël déçu, où êtes-vous ? Ça va à l’île."),
        ("cp1252", "Größe, Füße, Äpfel und Öl über alles."),
    ],
)
def test_older_encodings_are_detected(encoding: str, text: str) -> None:
    assert read(text.encode(encoding), ".txt").chapters[0].text == text.strip()


def test_one_broken_byte_does_not_spoil_a_text() -> None:
    data = ("Das Café über dem Meer. " * 20).encode() + b"\xff end."
    assert "Café über" in read(data, ".txt").chapters[0].text
    assert "Ã" not in read(codecs.BOM_UTF8 + data, ".txt").chapters[0].text


def test_letters_and_chapters_of_one_number_are_told_apart() -> None:
    names = ["Letter 1", "Letter 2", "Chapter 1", "Chapter 2"]
    text = "CONTENTS\n\n" + "\n\n".join(names) + "\n\n" + "\n\n".join(f"{name}\n\n{WRAPPED}" for name in names)
    assert outline(read(text, ".txt")) == [("CONTENTS", "contents"), *((name, None) for name in names)]


def test_who_produced_the_file_is_not_read() -> None:
    text = (
        "Produced by Bo Fisher and the Distributed Proofreading Team. " * 12
        + f"\n\nChapter 1\n\n{WRAPPED}\n\nChapter 2\n\nEnd."
    )
    assert [chapter.left_out for chapter in read(text.replace("\n", "\r\n"), ".txt").chapters] == [
        "front matter",
        None,
        None,
    ]
