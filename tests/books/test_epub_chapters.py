"""Chapters of an EPUB follow its table of contents."""

from __future__ import annotations

import pytest

from .epub_maker import Toc, epub, page
from .parsing import outline, read, titles, words

STAIRS = "<h2>The Stairs</h2><p>Two hundred steps, and Ada counted them.</p>"
OIL = "<h2>Oil and Salt</h2><p>The oil smelled of fish.</p>"
PART_OF = " ".join(["The lamp turned once more over the dark water."] * 20)


@pytest.mark.parametrize("version", [2, 3])
def test_chapters_have_the_titles_and_order_of_the_contents(version: int) -> None:
    book = read(
        epub(
            {"a.xhtml": page(STAIRS), "b.xhtml": page(OIL)},
            [("1 Stairs", "a.xhtml"), ("2 Oil", "b.xhtml")],
            version=version,
        )
    )
    assert [(chapter.title, chapter.text) for chapter in book.chapters] == [
        ("1 Stairs", "The Stairs\n\nTwo hundred steps, and Ada counted them."),
        ("2 Oil", "Oil and Salt\n\nThe oil smelled of fish."),
    ]
    assert (book.title, book.author, book.language) == ("The Lighthouse", "Ada Keeper", "en")


def test_one_file_is_split_at_the_places_the_contents_point_at() -> None:
    body = (
        '<h1 id="one">One</h1><p>First.</p><div><h1>Two<a id="two"></a></h1><p>Second.</p></div>'
        '<p>Mid <b id="three">Third</b> on.</p>'
    )
    book = read(
        epub(
            {"all.xhtml": page(body)},
            [("One", "all.xhtml#one"), ("Two", "all.xhtml#two"), ("Three", "all.xhtml#three")],
        )
    )
    assert [chapter.text for chapter in book.chapters] == ["One\n\nFirst.", "Two\n\nSecond.\n\nMid", "Third on."]


def test_a_chapter_over_several_files_is_joined() -> None:
    pages = {"a.xhtml": page(STAIRS), "a2.xhtml": page("<p>And down again.</p>"), "b.xhtml": page(OIL)}
    book = read(epub(pages, [("Stairs", "a.xhtml"), ("Oil", "b.xhtml")]))
    assert titles(book) == ["Stairs", "Oil"]
    assert book.chapters[0].text.endswith("counted them.\n\nAnd down again.")


def test_a_part_is_announced_with_its_first_chapter() -> None:
    toc: Toc = [
        ("Part One", "p1.xhtml", [("Stairs", "a.xhtml"), ("Oil", "b.xhtml")]),
        ("Part Two", "", [("Fog", "c.xhtml#fog")]),
    ]
    pages = {
        "p1.xhtml": page("<h1>Part One</h1>"), "a.xhtml": page(STAIRS), "b.xhtml": page(OIL),
        "c.xhtml": page('<h2 id="fog">Fog</h2><p>Then the fog came.</p>'),
    }  # fmt: skip
    book = read(epub(pages, toc))
    assert titles(book) == ["Part One: Stairs", "Oil", "Part Two: Fog"]
    assert book.chapters[0].text.startswith("Part One\n\nThe Stairs")


def test_numbered_chapters_of_a_part_carry_its_name() -> None:
    pages = {f"{n}.xhtml": page(f"<h2>{n}</h2><p>Text {n}.</p>") for n in range(1, 5)}
    toc: Toc = [
        ("Book A", "1.xhtml", [("I", "1.xhtml"), ("II", "2.xhtml")]),
        ("Book B", "3.xhtml", [("I", "3.xhtml"), ("II", "4.xhtml")]),
    ]
    assert titles(read(epub(pages, toc))) == ["Book A: I", "Book A: II", "Book B: I", "Book B: II"]


def test_the_name_of_the_whole_book_is_no_part() -> None:
    toc: Toc = [("The Lighthouse", "a.xhtml", [("Stairs", "a.xhtml"), ("Oil", "b.xhtml")])]
    assert titles(read(epub({"a.xhtml": page(STAIRS), "b.xhtml": page(OIL)}, toc))) == ["Stairs", "Oil"]


def test_subsections_stay_inside_their_chapter() -> None:
    pages = {f"{n}.xhtml": page(f'<h1>C{n}</h1><p>{PART_OF}</p><h2 id="s">Sub</h2><p>More.</p>') for n in range(3)}
    toc: Toc = [(f"C{n}", f"{n}.xhtml", [("Sub", f"{n}.xhtml#s")]) for n in range(3)]
    book = read(epub(pages, toc))
    assert titles(book) == ["C0", "C1", "C2"]
    assert all(chapter.text.endswith("Sub\n\nMore.") for chapter in book.chapters)


def test_a_number_above_the_heading_belongs_to_the_chapter() -> None:
    pages = {"a.xhtml": page(STAIRS), "b.xhtml": page('<p>2</p><h2 id="x">Oil</h2><p>It smelled.</p>')}
    book = read(epub(pages, [("Stairs", "a.xhtml"), ("Oil", "b.xhtml#x")]))
    assert book.chapters[1].text == "2\n\nOil\n\nIt smelled."


@pytest.mark.parametrize("toc", [(), [("Start", "a.xhtml")]])
def test_without_a_useful_contents_headings_decide(toc: Toc) -> None:
    pages = {"a.xhtml": page(STAIRS), "a2.xhtml": page("<p>And down.</p>"), "b.xhtml": page(OIL)}
    book = read(epub(pages, toc))
    assert titles(book) == ["The Stairs", "Oil and Salt"]
    assert book.chapters[0].text.endswith("And down.")


def test_links_that_lead_nowhere_lose_no_text() -> None:
    pages = {"a.xhtml": page(STAIRS), "b.xhtml": page(OIL)}
    toc: Toc = [
        ("Gone", "gone.xhtml"),
        ("Stairs", "a.xhtml#nowhere"),
        ("Out", "../../../etc/passwd"),
        ("Oil", "b.xhtml"),
    ]
    book = read(epub(pages, toc))
    assert titles(book) == ["Stairs", "Oil"]
    assert " ".join(words(book)) == (
        "The Stairs Two hundred steps, and Ada counted them. Oil and Salt The oil smelled of fish."
    )


def test_pages_before_the_first_entry_are_kept_apart() -> None:
    pages = {
        "title.xhtml": page("<h1>The Lighthouse</h1><p>Ada Keeper</p>"),
        "legal.xhtml": page("<p>Copyright 2020 by nobody. All rights reserved.</p>"),
        "before.xhtml": page("<h2>Before the storm</h2><p>It was calm.</p>"),
        "a.xhtml": page(STAIRS), "b.xhtml": page(OIL),
    }  # fmt: skip
    book = read(epub(pages, [("Stairs", "a.xhtml"), ("Oil", "b.xhtml")]))
    assert outline(book) == [
        ("The Lighthouse", "front matter"), ("Before the storm", None), ("Stairs", None), ("Oil", None),
    ]  # fmt: skip
    assert "All rights reserved." in book.chapters[0].text


def test_a_picture_page_is_shown_as_without_text() -> None:
    pages = {"cover.xhtml": page('<img src="c.jpg" alt="A tower"/>'), "a.xhtml": page(STAIRS)}
    book = read(epub(pages, [("Cover", "cover.xhtml"), ("Stairs", "a.xhtml")]))
    assert outline(book) == [("Cover", "no text"), ("Stairs", None)]


def test_the_author_is_who_wrote_it() -> None:
    metadata = (
        '<dc:title id="s">A Tale</dc:title><dc:title id="m">The Tower</dc:title>'
        '<meta refines="#m" property="title-type">main</meta>'
        '<dc:creator id="e">Eve Editor</dc:creator><meta refines="#e" property="role">edt</meta>'
        "<dc:creator>Ada Keeper</dc:creator><dc:creator>Bo Fisher</dc:creator><dc:language>deu_AT</dc:language>"
    )
    book = read(epub({"a.xhtml": page(STAIRS)}, metadata=metadata))
    assert (book.title, book.author, book.language) == ("The Tower", "Ada Keeper, Bo Fisher", "de-AT")


def test_a_part_beside_its_chapters_is_announced_with_the_first() -> None:
    pages = {"p.xhtml": page("<h1>Part One</h1>"), "a.xhtml": page(STAIRS), "b.xhtml": page(OIL)}
    book = read(epub(pages, [("Part One", "p.xhtml"), ("Stairs", "a.xhtml"), ("Oil", "b.xhtml")], version=2))
    assert titles(book) == ["Part One: Stairs", "Oil"]
