"""Every word of a book appears exactly once, in order, whatever its structure."""

from __future__ import annotations

import re
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from ttsqueue.books import Book

from .epub_maker import Toc, epub, page
from .parsing import read

_BLOCKS = st.sampled_from(
    [
        "<p>{}</p>", "<p>{}<br/>{}</p>", "<p>{}<br/><br/>{}</p>", "<h1>{}</h1>", "<h2>{} {}</h2>", "<h3>{}</h3>",
        "<div>{}<p>{}</p>{}</div>", "<ul><li>{}</li><li><p>{}</p>{}</li></ul>", "<p>{}<!-- no -->{}</p>",
        "<table><tr><td>{}</td><td>{}</td></tr></table>", "<section><h2>{}</h2><p>{}</p></section>", "{}",
        '<p>{}<a href="#n" epub:type="noteref">7</a> {}</p>', "<blockquote>{} <i>{}</i> {}</blockquote>",
        '<aside epub:type="footnote"><p>gone</p></aside><p>{}</p>', "<p>{}<b>{}</b></p>", "<p>* * *</p><p>{}</p>",
        '<section epub:type="colophon"><h2>{}</h2><p>{}</p></section>',
        "<hr/>{}", "<pre>{}\n  {}</pre>", "<ruby>{}<rt>gone</rt></ruby> {}",
    ]
)  # fmt: skip
_PAGES = st.lists(st.lists(st.tuples(_BLOCKS, st.booleans()), max_size=8), min_size=1, max_size=6)
_TITLES = st.sampled_from(["One", "Part One", "Contents", "Cover", "Notes", "II", "The Lighthouse", "Copyright", ""])
_LINKS = st.lists(st.tuples(_TITLES, st.integers(0, 5), st.integers(0, 8), st.integers(1, 3)), max_size=12)


@settings(max_examples=150, deadline=None)
@given(pages=_PAGES, links=_LINKS, version=st.sampled_from([2, 3]))
def test_every_word_of_an_epub_appears_once_and_in_order(
    pages: list[list[tuple[str, bool]]], links: list[tuple[str, int, int, int]], version: int
) -> None:
    numbers = count()
    written: dict[str, str] = {}
    for number, blocks in enumerate(pages):
        parts = [
            (f'<a id="i{place}"></a>' if anchored else "")
            + template.format(*(f"w{next(numbers)}." for _ in range(template.count("{}"))))
            for place, (template, anchored) in enumerate(blocks)
        ]
        written[f"{number}.xhtml"] = page("".join(parts))
    total = next(numbers)
    if total == 0:
        return
    _assert_complete(read(epub(written, _nested(links), version=version)), total)


def _nested(links: list[tuple[str, int, int, int]]) -> Toc:
    """Entries with depths as a tree."""
    tree: list[tuple[str, str, list]] = []  # type: ignore[type-arg]
    for title, number, place, depth in links:
        level = tree
        for _ in range(depth - 1):
            if level:
                level = level[-1][2]
        level.append((title, f"{number}.xhtml#i{place}" if place else f"{number}.xhtml", []))
    return tree


_LINES = [
    "Chapter 1",
    "CHAPTER II",
    "Contents",
    "IV",
    "Prologue",
    "{} {} {}",
    "{}\n{}",
    "Part One",
    "  {}",
    "1. {}",
    "* * *",
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(_LINES), max_size=25))
def test_every_word_of_a_text_appears_once_and_in_order(groups: list[str]) -> None:
    numbers = count()
    text = "\n\n".join(group.format(*(f"w{next(numbers)}." for _ in range(group.count("{}")))) for group in groups)
    total = next(numbers)
    if total == 0:
        return
    _assert_complete(read(text, ".txt"), total)


def _assert_complete(book: Book, total: int) -> None:
    """Words are w0, w1, ... once each over the book, rising in every chapter."""
    chapters = [[int(word) for word in re.findall(r"w(\d+)\.", chapter.text)] for chapter in book.chapters]
    assert sorted(number for chapter in chapters for number in chapter) == list(range(total))
    assert all(chapter == sorted(chapter) for chapter in chapters)
