"""A table of contents made from the headings of a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile

from ttsqueue.books.headings import is_bare_number
from ttsqueue.books.manuscript import Block, OutlineEntry
from ttsqueue.books.matter import matter_of_title

PART_WORDS = 60
"""A heading with fewer words of its own before the next, deeper one is a part, not a chapter."""


def outline_of_headings(blocks: Sequence[Block]) -> tuple[OutlineEntry, ...]:
    """Chapters at the highest level that repeats and holds text; what is above it are parts.

    Empty when no level of headings repeats.
    """
    headings = [index for index, block in enumerate(blocks) if block.heading and not block.matter]
    entries: list[OutlineEntry] = []
    for index in headings:
        if entries and _is_title_of(blocks, index, entries[-1]):
            entries[-1] = replace(entries[-1], title=f"{entries[-1].title}: {blocks[index].text}")
        else:
            entries.append(OutlineEntry(blocks[index].text, index, blocks[index].heading))
    level = _chapter_level(blocks, [entry.start for entry in entries])
    return tuple(_after_title_page([entry for entry in entries if entry.depth <= level]))


def _is_title_of(blocks: Sequence[Block], index: int, above: OutlineEntry) -> bool:
    """Whether a heading is the second line of the one above it: "CHAPTER I", then "The Stairs"."""
    if above.start != index - 1 or above.depth != blocks[index].heading:
        return False
    return is_bare_number(above.title) and not is_bare_number(blocks[index].text)


def _after_title_page(entries: list[OutlineEntry]) -> list[OutlineEntry]:
    """Without the headings at the top that follow each other at once: "The Tower", "A Tale", "by", a name."""
    lines = sum(1 for _ in takewhile(lambda pair: _is_title_line(*pair), pairwise(entries)))
    # A single one above a deeper one may be the name of the first part.
    single_part = lines == 1 and entries[0].depth < entries[1].depth
    return entries if single_part else entries[lines:]


def _is_title_line(entry: OutlineEntry, following: OutlineEntry) -> bool:
    numbered = is_bare_number(entry.title) or is_bare_number(following.title)
    return following.start == entry.start + 1 and not numbered


def _chapter_level(blocks: Sequence[Block], headings: Sequence[int]) -> int:
    opening = (index for index in headings if _opens_chapter(blocks, index))
    counts = Counter(blocks[index].heading for index in opening)
    if not any(count > 1 for count in counts.values()):
        counts = Counter(blocks[index].heading for index in headings)
    repeating = [level for level in sorted(counts) if counts[level] > 1]
    return next(
        (level for level in repeating if not _is_mostly_parts(blocks, headings, level)),
        repeating[-1] if repeating else 0,
    )


def _opens_chapter(blocks: Sequence[Block], index: int) -> bool:
    """Whether text or a deeper heading follows: lines of a title page and "Contents" open none."""
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    holds = following is not None and (not following.heading or following.heading > blocks[index].heading)
    return holds and not matter_of_title(blocks[index].text)


def _is_mostly_parts(blocks: Sequence[Block], headings: Sequence[int], level: int) -> bool:
    """Whether most headings of a level are followed at once by a deeper one."""
    parts = total = 0
    for index, following in zip(headings, [*headings[1:], len(blocks)], strict=True):
        if blocks[index].heading != level:
            continue
        total += 1
        deeper = following < len(blocks) and blocks[following].heading > level
        own_words = sum(block.words for block in blocks[index + 1 : following])
        parts += deeper and own_words < PART_WORDS
    return parts * 2 > total
