"""Which paragraphs make which chapter. Every word of the manuscript ends up in exactly one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from ttsqueue.books.book import BookChapter
from ttsqueue.books.joining import join_sections
from ttsqueue.books.manuscript import Block, Manuscript, OutlineEntry
from ttsqueue.books.matter import NO_TEXT, matter_of_title
from ttsqueue.books.outline import outline_of_headings
from ttsqueue.books.sections import Section, joined_title, sections_of

_PART_SIZE = 30_000
_LONGEST_UNDIVIDED = 45_000
_LONGEST_TITLE = 300


def chapters_of(manuscript: Manuscript) -> tuple[BookChapter, ...]:
    """The chapters of a book in reading order, empty when it holds no text at all.

    A title is "" only where the book's own title is meant.
    """
    outline = _better_outline(manuscript)
    sections = join_sections(manuscript, sections_of(manuscript, outline), outline)
    chapters = [chapter for section in sections for chapter in _chapters_of_section(manuscript, section)]
    if not any(chapter.left_out is None for chapter in chapters):
        chapters = [replace(chapter, left_out=None) for chapter in chapters if chapter.text]
    chapters = [replace(chapter, title=chapter.title or _name_of(chapter.left_out)) for chapter in chapters]
    if len(chapters) == 1 and len(chapters[0].text) > _LONGEST_UNDIVIDED:
        return tuple(_in_parts(chapters[0].text.split("\n\n")))
    return tuple(chapters)


def _better_outline(manuscript: Manuscript) -> tuple[OutlineEntry, ...]:
    """The book's own table of contents, unless it names but one place and the headings know more."""
    places = {entry.start for entry in manuscript.outline if not matter_of_title(entry.title)}
    if len(places) > 1:
        return manuscript.outline
    headings = outline_of_headings(manuscript.blocks)
    return headings if len(headings) > len(places) else manuscript.outline


def _chapters_of_section(manuscript: Manuscript, section: Section) -> list[BookChapter]:
    blocks = manuscript.blocks[section.start : section.stop]
    title = joined_title((section.part, section.title or _first_heading(blocks)))[:_LONGEST_TITLE]
    if not blocks:
        return [BookChapter(title, "", NO_TEXT)] if title else []
    if section.left_out:
        return [BookChapter(title, _text(blocks), section.left_out)]
    spoken = [block for block in blocks if not block.matter]
    chapters: list[BookChapter] = []
    for matter, run in groupby(blocks, key=lambda block: block.matter):
        if matter:
            aside = tuple(run)
            name = _first_heading(aside) if spoken else title
            chapters.append(BookChapter(name, _text(aside), matter))
        elif not any(chapter.left_out is None for chapter in chapters):
            # Notes in the middle of a chapter do not cut it in two.
            chapters.append(BookChapter(title, _text(spoken)))
    return chapters


def _in_parts(paragraphs: Sequence[str]) -> list[BookChapter]:
    """A long text without headings, cut into parts of about one length at the ends of paragraphs."""
    total = sum(map(len, paragraphs))
    count = round(total / _PART_SIZE)
    parts: list[list[str]] = [[] for _ in range(count)]
    before = 0
    for paragraph in paragraphs:
        parts[before * count // total].append(paragraph)
        before += len(paragraph)
    kept = (part for part in parts if part)
    return [BookChapter(f"Part {number}", "\n\n".join(part)) for number, part in enumerate(kept, 1)]


def _name_of(reason: str | None) -> str:
    return reason.capitalize() if reason else ""


def _first_heading(blocks: Sequence[Block]) -> str:
    return next((block.text for block in blocks if block.heading), "")


def _text(blocks: Sequence[Block]) -> str:
    return "\n\n".join(block.text for block in blocks)
