"""A manuscript cut at its table of contents into stretches, before they are joined into chapters."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise, zip_longest

from ttsqueue.books.manuscript import Block, Manuscript, OutlineEntry
from ttsqueue.books.matter import BACK, FRONT, is_imprint, matter_of_title

_OPENING_WORDS = 60
"""An untitled page before the first chapter with fewer words is a title page or a dedication."""
_LARGEST_MATTER = 20_000


@dataclass(frozen=True)
class Section:
    """The blocks from `start` up to `stop`; `left_out` is "" for what is spoken.

    `part` is the title of the part that opens here, which is announced before the section's own.
    """

    title: str
    start: int
    stop: int
    depth: int = 1
    left_out: str = ""
    part: str = ""


def sections_of(manuscript: Manuscript, outline: Sequence[OutlineEntry]) -> list[Section]:
    """Stretches that cover every block exactly once, in order; a stretch may be empty."""
    places = [list(same) for _, same in groupby(sorted(outline, key=_start), key=_start)]
    end = len(manuscript.blocks)
    sections = _loose_pages(manuscript, 0, places[0][0].start if places else end)
    for same, following in zip_longest(places, places[1:]):
        empty, part = _opened_by(manuscript, same, outline)
        sections += [Section(title, same[0].start, same[0].start) for title in empty]
        first, *others = _section(manuscript, same[-1], following[0].start if following else end)
        sections += [replace(first, part=part), *others]
    return sections


def file_of(manuscript: Manuscript, block: int) -> int:
    """Number of the file in which a block lies."""
    return bisect_right(manuscript.files, block)


def joined_title(titles: Iterable[str]) -> str:
    """Several titles as one, each said once."""
    return ": ".join(dict.fromkeys(title for title in titles if title))


def _start(entry: OutlineEntry) -> int:
    return entry.start


def _opened_by(
    manuscript: Manuscript, same: Sequence[OutlineEntry], outline: Sequence[OutlineEntry]
) -> tuple[list[str], str]:
    """Of entries at one place, the last being a chapter: pages that hold no text, and the part it opens."""
    depth, empty, parts = same[-1].depth, [], []
    for entry in reversed(same[:-1]):
        if entry.depth >= depth or matter_of_title(entry.title):
            empty += [entry.title] if entry.title != same[-1].title else []
        else:
            depth = entry.depth
            parts += [] if is_book_title(entry, manuscript, outline) else [entry.title]
    return empty[::-1], joined_title(reversed(parts))


def is_book_title(entry: OutlineEntry, manuscript: Manuscript, outline: Sequence[OutlineEntry]) -> bool:
    """Whether an entry names the whole book: nothing else is on its level, or it says the same."""
    if entry.title.casefold() == manuscript.title.casefold():
        return True
    deeper = any(other.depth > entry.depth for other in outline)
    return deeper and sum(other.depth == entry.depth for other in outline) == 1


def _section(manuscript: Manuscript, entry: OutlineEntry, stop: int) -> list[Section]:
    blocks = manuscript.blocks[entry.start : stop]
    if blocks and all(block.matter for block in blocks):
        reason = matter_of_title(entry.title) or blocks[0].matter
        return [Section(entry.title, entry.start, stop, entry.depth, reason)]
    left_out = "" if _is_most_of(manuscript, blocks) else matter_of_title(entry.title)
    if left_out in {"", BACK}:
        return [Section(entry.title, entry.start, stop, entry.depth, left_out)]
    # "Cover" or "Contents" is one page: what follows it without an entry of its own is not part of it.
    end = next((start for start in manuscript.files if entry.start < start < stop), stop)
    return [
        Section(entry.title, entry.start, end, entry.depth, left_out),
        *_loose_pages(manuscript, end, stop),
    ]


def _is_most_of(manuscript: Manuscript, blocks: Sequence[Block]) -> bool:
    """Whether a section is too large to be left out because of its title: better read a list than lose a book."""
    size = sum(len(block.text) for block in blocks)
    return size > _LARGEST_MATTER and 2 * size > sum(len(block.text) for block in manuscript.blocks)


def _loose_pages(manuscript: Manuscript, start: int, stop: int) -> list[Section]:
    """Pages that no table of contents names, file by file; untitled prose goes on with what precedes it."""
    cuts = [start, *(cut for cut in manuscript.files if start < cut < stop), stop]
    sections: list[Section] = []
    for first, last in pairwise(cuts):
        page = _loose_page(manuscript, first, last)
        previous = sections[-1] if sections else None
        if previous and not page.title and page.left_out == previous.left_out:
            sections[-1] = Section(previous.title, previous.start, last, 1, previous.left_out)
        elif first < last:
            sections.append(page)
    return sections


def _loose_page(manuscript: Manuscript, start: int, stop: int) -> Section:
    blocks = manuscript.blocks[start:stop]
    heading = next((block.text for block in blocks if block.heading), "")
    # A heading that says the book's title, or the first half of it, stands on a title page.
    titled = bool(heading) and heading.casefold().rstrip(" .,:;") not in manuscript.title.casefold()
    left_out = matter_of_title(heading) if titled else _untitled_matter(blocks)
    return Section(heading, start, stop, 1, left_out)


def _untitled_matter(blocks: Sequence[Block]) -> str:
    own = [block for block in blocks if not block.matter]
    few = sum(block.words for block in own) < _OPENING_WORDS
    return FRONT if own and (few or is_imprint("\n".join(block.text for block in own))) else ""
