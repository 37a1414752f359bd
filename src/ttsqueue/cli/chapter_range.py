"""Which chapters? `3-7`, `3`, `3-`, `-7` or `1,3,5-`, in the numbers that a dry run shows."""

from __future__ import annotations

import re
from dataclasses import dataclass

import click

from ttsqueue.errors import InvalidJob

_PART = re.compile(r"(?P<single>\d{1,6})|(?P<first>\d{1,6})?\s*-\s*(?P<last>\d{1,6})?")


@dataclass(frozen=True, slots=True)
class ChapterRange:
    """Pairs of first and last number, both included; None is the last chapter of the book."""

    parts: tuple[tuple[int, int | None], ...]

    def numbers(self, chapters: int) -> list[int]:
        """The chosen ones of that many chapters, in the book's order. InvalidJob for one that is not there."""
        chosen: set[int] = set()
        for first, last in self.parts:
            beyond = max(first, last or 0)
            if beyond > chapters:
                raise InvalidJob(f"There is no chapter {beyond}: the book has {chapters}. See them with --dry-run.")
            chosen.update(range(first, (last or chapters) + 1))
        return sorted(chosen)


def read_chapter_range(text: str) -> ChapterRange:
    """What a person wrote. click.BadParameter when it names no chapters."""
    try:
        return ChapterRange(tuple(_part(part.strip()) for part in text.split(",")))
    except ValueError:
        raise click.BadParameter(f"{text!r} names no chapters; write 3-7, 3, 3-, -7 or 1,3,5-.") from None


def _part(text: str) -> tuple[int, int | None]:
    match = _PART.fullmatch(text)
    if match is None or text == "-":
        raise ValueError(text)
    first = int(match["single"] or match["first"] or 1)
    last = int(match["single"] or match["last"] or 0) or None
    if first < 1 or (last is not None and last < first) or match["last"] == "0":
        raise ValueError(text)
    return first, last
