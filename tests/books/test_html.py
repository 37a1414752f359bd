"""Web pages."""

from __future__ import annotations

import pytest

from .parsing import outline, read, titles

PAGE = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title> Le phare </title>
<meta name="author" content="Ada Keeper"></head><body><nav><a href="/">Home</a></nav>
<h1>Le phare</h1><h2>Un</h2><p>L&eacute;a monta<p>et redescendit.<h2>Deux</h2>La brume.</body></html>"""


def test_title_author_language_and_chapters() -> None:
    book = read(PAGE, ".html")
    assert (book.title, book.author, book.language) == ("Le phare", "Ada Keeper", "fr")
    assert titles(book) == ["Un", "Deux"]
    assert book.chapters[0].text == "Le phare\n\nUn\n\nLéa monta\n\net redescendit."


def test_content_decides_not_the_name() -> None:
    assert read(PAGE, ".txt").title == "Le phare"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16"])
def test_the_declared_encoding_is_used(encoding: str) -> None:
    html = f'<html><head><meta charset="{encoding}"></head><body><p>L\u00e9a</p></body></html>'
    assert read(html.encode(encoding), ".html").chapters[0].text == "Léa"


def test_headings_by_words_where_there_are_none_by_markup() -> None:
    html = "<html><body><p>Chapter 1<p>Steps.<p>Chapter 2<p>Oil.</body></html>"
    assert titles(read(html, ".html")) == ["Chapter 1", "Chapter 2"]


def test_the_lines_of_a_title_page_are_no_chapters() -> None:
    html = (
        "<html><body><h1>Fog</h1><h2>A Tale</h2><h2>by</h2><h2>Ada Keeper</h2><h2>Contents</h2><p>Stairs</p>"
        "<h2>Stairs</h2><p>Up.</p><h2>Oil</h2><p>Fish.</p></body></html>"
    )
    assert outline(read(html, ".html")) == [
        ("Fog", "front matter"), ("Contents", "contents"), ("Stairs", None), ("Oil", None),
    ]  # fmt: skip


def test_a_level_of_title_lines_is_passed_over_for_the_one_that_holds_text() -> None:
    html = (
        "<html><body><h2>Ada Keeper</h2><h2>Contents</h2><p>Stairs</p><h3>Stairs</h3><p>Up.</p><h3>Oil</h3><p>Fish.</p>"
    )
    assert titles(read(html, ".html"))[-2:] == ["Stairs", "Oil"]


def test_a_title_alone_never_leaves_out_most_of_a_book() -> None:
    html = "<html><body><h1>Contents</h1>" + "<p>The sea was calm that night.</p>" * 1000 + "<h1>Fog</h1><p>End.</p>"
    assert titles(read(html, ".html")) == ["Contents", "Fog"]
