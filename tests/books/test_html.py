"""Web pages."""

from __future__ import annotations

import pytest

from .parsing import read, titles

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
