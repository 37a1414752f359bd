"""Parts announced with their first chapter, and subsections kept inside their chapter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ttsqueue.books.headings import PART_LEVEL, heading_of, is_bare_number
from ttsqueue.books.manuscript import Manuscript, OutlineEntry
from ttsqueue.books.outline import PART_WORDS
from ttsqueue.books.sections import Section, file_of, is_book_title, joined_title

_CHAPTER_WORDS = 100
"""A chapter with fewer words of its own before its first subsection is a part."""
_LONGEST_CHAPTER = 60_000
_ENOUGH_CHAPTERS = 3


def join_sections(
    manuscript: Manuscript, sections: Sequence[Section], outline: Sequence[OutlineEntry]
) -> list[Section]:
    """Sections as they are listened to; still every block exactly once, in order."""
    return _with_parts_joined(manuscript, _with_subsections_joined(manuscript, sections), outline)


def _with_parts_joined(
    manuscript: Manuscript, sections: Sequence[Section], outline: Sequence[OutlineEntry]
) -> list[Section]:
    joined: list[Section] = []
    part, part_depth = "", 0
    for section in sections:
        if section.depth <= part_depth:
            part, part_depth = "", 0
        if joined and _is_part_of(manuscript, joined[-1], section):
            section = _opened_by(manuscript, joined.pop(), section, outline)
        if section.part:
            part, part_depth = section.part, section.depth - 1
        elif is_bare_number(section.title):
            # "II" alone says nothing in a list of chapters.
            section = replace(section, part=part)
        joined.append(section)
    return joined


def _opened_by(manuscript: Manuscript, part: Section, chapter: Section, outline: Sequence[OutlineEntry]) -> Section:
    entry = OutlineEntry(part.title, part.start, part.depth)
    own = "" if is_book_title(entry, manuscript, outline) else part.title
    return replace(chapter, start=part.start, part=joined_title((part.part, own, chapter.part)))


def _is_part_of(manuscript: Manuscript, part: Section, section: Section) -> bool:
    if part.left_out or section.left_out:
        return False
    # Many tables of contents have no depth: "Part One" stands beside its chapters.
    flat = section.depth == part.depth and _is_part_title(part.title) and not _is_part_title(section.title)
    return (flat or section.depth > part.depth) and _words(manuscript, part) < PART_WORDS


def _is_part_title(title: str) -> bool:
    heading = heading_of(title)
    return heading is not None and heading.level == PART_LEVEL


def _with_subsections_joined(manuscript: Manuscript, sections: Sequence[Section]) -> list[Section]:
    """A chapter keeps the subsections of its own file unless it would grow beyond an hour."""
    per_depth = Counter(section.depth for section in sections if not section.left_out)
    joined: list[Section] = []
    chapter: Section | None = None
    for section in sections:
        if chapter and _belongs_to(manuscript, chapter, section):
            chapter = joined[-1] = replace(chapter, stop=section.stop)
            continue
        joined.append(section)
        if chapter is None or section.depth <= chapter.depth:
            enough = per_depth[section.depth] >= _ENOUGH_CHAPTERS
            holds_text = _words(manuscript, section) >= _CHAPTER_WORDS and not section.left_out
            chapter = section if enough and holds_text else None
    return joined


def _belongs_to(manuscript: Manuscript, chapter: Section, section: Section) -> bool:
    if section.left_out or section.depth <= chapter.depth or section.start != chapter.stop:
        return False
    if file_of(manuscript, section.start) != file_of(manuscript, chapter.start):
        return False
    blocks = manuscript.blocks[chapter.start : section.stop]
    return sum(len(block.text) for block in blocks) <= _LONGEST_CHAPTER


def _words(manuscript: Manuscript, section: Section) -> int:
    return sum(block.words for block in manuscript.blocks[section.start : section.stop])
