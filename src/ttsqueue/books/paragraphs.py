"""Paragraphs of a plain text, whose lines may have been broken at a fixed width."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from statistics import median

from ttsqueue.books.cleaning import clean_line, is_scene_break
from ttsqueue.books.headings import heading_of

_BLANK = re.compile(r"\n[^\S\n]*\n\s*")
_WRAP_WIDTHS = range(40, 100)
_LONGEST_WRAPPED = 120
_HYPHEN_AT_END = re.compile(r"[^\W\d_]-$")
_CONTENTS_LINES = 3


def paragraphs_of(text: str) -> list[str]:
    """Cleaned paragraphs of a text whose lines end in newlines, without scene breaks.

    Headings are paragraphs of their own.
    """
    groups = [group.split("\n") for group in _BLANK.split(text) if group.strip()]
    wrapped = _is_wrapped(groups)
    paragraphs = (clean_line(line) for group in groups for line in _paragraphs(group, wrapped=wrapped))
    return [paragraph for paragraph in paragraphs if not is_scene_break(paragraph)]


def _is_wrapped(groups: Iterable[list[str]]) -> bool:
    """Whether lines were broken at a fixed width: all but the last of each group are about as long."""
    inner = [len(line.rstrip()) for group in groups for line in group[:-1] if line.strip()]
    return bool(inner) and max(inner) <= _LONGEST_WRAPPED and int(median(inner)) in _WRAP_WIDTHS


def _paragraphs(lines: list[str], *, wrapped: bool) -> Iterator[str]:
    if not wrapped or _is_list(lines):
        yield from lines
        return
    margin = min(_indent(line) for line in lines)
    paragraph = lines[0]
    under_heading = _is_heading(paragraph)
    for line in lines[1:]:
        if under_heading or _indent(line) > margin:
            yield paragraph
            paragraph = line
        else:
            # A word broken at its own hyphen keeps it and gets no space.
            space = "" if _HYPHEN_AT_END.search(paragraph.rstrip()) else " "
            paragraph = f"{paragraph.rstrip()}{space}{line.strip()}"
        under_heading = under_heading and _is_heading(line)
    yield paragraph


def _is_list(lines: list[str]) -> bool:
    """A table of contents whose lines follow each other without a blank one."""
    headings = sum(_is_heading(line) for line in lines)
    return headings >= _CONTENTS_LINES and headings * 2 > len(lines)


def _is_heading(line: str) -> bool:
    return heading_of(clean_line(line)) is not None


def _indent(line: str) -> int:
    expanded = line.expandtabs()
    return len(expanded) - len(expanded.lstrip())
