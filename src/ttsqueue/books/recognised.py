"""Headings found by their words in a text whose markup has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ttsqueue.books.headings import CHAPTER_LEVEL, heading_of, is_bare_number, number_value, numbered_lines
from ttsqueue.books.manuscript import Block
from ttsqueue.books.matter import CONTENTS, matter_of_title

_CONTENTS_LINES = 3
_TITLE_WORDS = 10
_SENTENCE_ENDS = (".", "!", "?", ",", ";", ":", "…", "”", '"', "»")


def with_headings(blocks: Sequence[Block]) -> list[Block]:
    """The same paragraphs with chapter headings marked; unchanged when some are marked already."""
    if any(block.heading for block in blocks):
        return list(blocks)
    levels = _levels([block.text for block in blocks])
    _unmark_contents(blocks, levels)
    _mark_titles(blocks, levels)
    contents = {index for index, level in levels.items() if level == 0}
    return [
        replace(block, heading=levels.get(index, 0), matter=CONTENTS if index in contents else block.matter)
        for index, block in enumerate(blocks)
    ]


def _levels(lines: Sequence[str]) -> dict[int, int]:
    """Level of each line that is a heading; 0 will mark a line of a table of contents."""
    found = {index: heading for index, line in enumerate(lines) if (heading := heading_of(line))}
    levels = {index: heading.level for index, heading in found.items()}
    if not any(heading.level == CHAPTER_LEVEL and heading.number for heading in found.values()):
        levels |= dict.fromkeys(numbered_lines(lines), CHAPTER_LEVEL)
    if levels:
        matter = (index for index, line in enumerate(lines) if line[-1] not in ".,!?" and matter_of_title(line))
        levels |= dict.fromkeys(matter, CHAPTER_LEVEL)
    return levels


def _unmark_contents(blocks: Sequence[Block], levels: dict[int, int]) -> None:
    """Headings in a row without text between them, which come again later, are a table of contents."""
    keys = {index: _key(blocks[index].text) for index in levels}
    last = {key: index for index, key in keys.items()}
    for run in _runs(sorted(levels)):
        repeated = [index for index in run if last[keys[index]] > index]
        if len(repeated) >= _CONTENTS_LINES:
            levels |= dict.fromkeys(repeated, 0)


def _mark_titles(blocks: Sequence[Block], levels: dict[int, int]) -> None:
    """The short line under "CHAPTER I" is its title."""
    for index in [index for index, level in levels.items() if level]:
        line = blocks[index + 1].text if index + 1 < len(blocks) else ""
        if index + 1 in levels or not line or not is_bare_number(blocks[index].text):
            continue
        followed = index + 2 < len(blocks) and index + 2 not in levels
        short = len(line.split()) <= _TITLE_WORDS and not line.endswith(_SENTENCE_ENDS)
        if followed and short and not line[0].islower():
            levels[index + 1] = levels[index]


def _runs(indexes: Sequence[int]) -> list[list[int]]:
    runs: list[list[int]] = []
    for index in indexes:
        if runs and index == runs[-1][-1] + 1:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs


def _key(line: str) -> tuple[str, str | int]:
    """What two lines share that name the same chapter, with or without its title and page number."""
    heading = heading_of(line)
    if heading and heading.number:
        # "Chap." in the contents may be "Chapter" above the text.
        return heading.keyword[:4], number_value(heading.number)
    return "", line.casefold().strip(" .0123456789")
