"""What is seen in a book but not read aloud, and what is left out but can be put back."""
# ruff: noqa: RUF001 - words in many scripts

from __future__ import annotations

import pytest

from .epub_maker import epub, page
from .parsing import outline, read

CHAPTER = "<h1>Fog</h1><p>Then the fog came.</p>"


@pytest.mark.parametrize(
    "body",
    [
        'Then<a epub:type="noteref" href="#n1">1</a> the fog came.',
        'Then<a role="doc-noteref" href="#n1">[1]</a> the fog came.',
        'Then<sup><a href="notes.xhtml#n1">12</a></sup> the fog came.',
        'Then<a href="#n1"><sup>*</sup></a> the fog came.',
        'Then<a href="#n1">[12]</a> the fog came.',
        'Then the <span epub:type="pagebreak" title="7">7</span>fog came.',
        'Then the <span class="pagenum">[Pg 12]</span>fog came.',
        "Then the <ruby>fog<rp>(</rp><rt>mist</rt><rp>)</rp></ruby> came.",
        'Then the <img src="fog.png" alt="grey"/>fog came.',
        "Then the <script>alert(1)</script><style>p{}</style>fog came.",
        "Then\u00ad the f\u200bog\x0b came\ufeff.",
        "Then\n   the &nbsp; fog&#160;came.",
        "Then the <svg><title>drawing</title></svg>fog came.",
    ],
)
def test_marks_for_the_eye_are_not_read(body: str) -> None:
    book = read(epub({"a.xhtml": page(f"<p>{body}</p>")}).replace(b"\x0b", b"\x0b"))
    assert book.chapters[0].text == "Then the fog came."


def test_links_and_raised_figures_of_the_text_itself_are_read() -> None:
    body = '<p>See <a href="b.xhtml#c4">4</a> or <a href="#x">the tower</a>, 10<sup>3</sup> steps.</p>'
    assert read(epub({"a.xhtml": page(body)})).chapters[0].text == "See 4 or the tower, 103 steps."


def test_footnotes_inside_a_chapter_are_dropped() -> None:
    body = CHAPTER + '<aside epub:type="footnote" id="n1"><p>Sea fog.</p></aside><p>It stayed.</p>'
    assert read(epub({"a.xhtml": page(body)})).chapters[0].text == "Fog\n\nThen the fog came.\n\nIt stayed."


@pytest.mark.parametrize("scene_break", ["* * *", "***", "⁂", "• • •", "—"])
def test_a_scene_break_is_a_paragraph_break(scene_break: str) -> None:
    book = read(epub({"a.xhtml": page(f"<p>One.</p><p>{scene_break}</p><p>Two.</p>")}))
    assert book.chapters[0].text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Copyright", "front matter"), ("Title Page", "front matter"), ("Impressum", "front matter"),
        ("Mentions légales", "front matter"), ("CONTENTS", "contents"), ("Inhaltsverzeichnis", "contents"),
        ("Table des matières", "contents"), ("Índice", "contents"), ("Оглавление", "contents"), ("目次", "contents"),
        ("About the Author", "back matter"), ("Also by Ada Keeper", "back matter"), ("Danksagung", "back matter"),
        ("Über den Autor", "back matter"), ("À propos de l’auteur", "back matter"), ("Ringraziamenti", "back matter"),
        ("Agradecimientos", "back matter"), ("Transcriber’s Notes", "back matter"), ("Noten", "back matter"),
    ],
)  # fmt: skip
def test_matter_is_known_by_its_title_and_kept(title: str, reason: str) -> None:
    pages = {
        "a.xhtml": page(CHAPTER),
        "x.xhtml": page(f"<h1>{title}</h1><p>Thanks to all.</p>"),
        "b.xhtml": page(CHAPTER),
    }
    book = read(epub(pages, [("Fog", "a.xhtml"), (title, "x.xhtml"), ("More fog", "b.xhtml")]))
    assert outline(book) == [("Fog", None), (title, reason), ("More fog", None)]
    assert book.chapters[1].text.endswith("Thanks to all.")


@pytest.mark.parametrize(
    "title",
    ["Introduction", "Prologue", "Dedication", "The Contents of the Chest", "Notes from Underground", "Afterword"],
)
def test_chapters_are_not_mistaken_for_matter(title: str) -> None:
    pages = {"a.xhtml": page(CHAPTER), "x.xhtml": page(f"<h1>{title}</h1><p>Thanks to all.</p>")}
    assert outline(read(epub(pages, [("Fog", "a.xhtml"), (title, "x.xhtml")])))[1] == (title, None)


@pytest.mark.parametrize(
    ("attributes", "reason"),
    [
        ('epub:type="copyright-page"', "front matter"), ('epub:type="backmatter colophon"', "back matter"),
        ('role="doc-endnotes"', "back matter"), ('epub:type="backmatter"', "back matter"),
    ],
)  # fmt: skip
def test_matter_is_known_by_its_type_when_no_contents_names_it(attributes: str, reason: str) -> None:
    pages = {"a.xhtml": page(CHAPTER), "x.xhtml": page("<p>Set in type.</p>", attributes)}
    book = read(epub(pages, [("Fog", "a.xhtml")]))
    assert [(chapter.text, chapter.left_out) for chapter in book.chapters] == [
        ("Fog\n\nThen the fog came.", None), ("Set in type.", reason),
    ]  # fmt: skip


def test_landmarks_and_guide_name_matter() -> None:
    guide = '<guide><reference type="copyright-page" href="x.xhtml"/></guide>'
    pages = {"a.xhtml": page(CHAPTER), "x.xhtml": page("<p>Set in type.</p>"), "b.xhtml": page(CHAPTER)}
    book = read(epub(pages, [("Fog", "a.xhtml"), ("Type", "x.xhtml"), ("Fog 2", "b.xhtml")], package=guide, version=2))
    assert outline(book) == [("Fog", None), ("Type", "front matter"), ("Fog 2", None)]


def test_what_follows_the_contents_page_without_an_entry_is_spoken() -> None:
    text = "<p>" + "The sea was calm that night and nobody slept. " * 20 + "</p>"
    pages = {
        "toc.xhtml": page("<h1>Contents</h1><p>Fog</p>"),
        "x.xhtml": page(text),
        "a.xhtml": page(CHAPTER),
        "b.xhtml": page(CHAPTER),
    }
    book = read(epub(pages, [("Contents", "toc.xhtml"), ("Fog", "a.xhtml"), ("Fog 2", "b.xhtml")]))
    assert [chapter.left_out for chapter in book.chapters] == ["contents", None, None, None]


def test_a_book_of_nothing_but_matter_is_spoken() -> None:
    book = read(epub({"a.xhtml": page("<h1>Notes</h1><p>One note.</p>")}, [("Notes", "a.xhtml")]))
    assert outline(book) == [("Notes", None)]
