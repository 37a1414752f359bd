"""Page numbers and the lines that stand at the top or foot of page after page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from ttsqueue.books.headings import heading_of, number_value
from ttsqueue.books.pdf.lines import Line

_EDGE_LINES = 2
_REPEATED = 3
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|seite|página|pagina|p\.|s\.)?\s*(\d{1,4}|[ivxlc]{1,7})\s*(?:(?:of|von|de|di|sur|/)\s*\d{1,4})?\W*",
    re.IGNORECASE,
)
_NUMBER_AT_EDGE = re.compile(r"^\W*(\d{1,4})\b[\W_]*|[\W_]*\b(\d{1,4})\W*$")


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The same pages without page numbers, running headers and footers."""
    edges = [_edge_lines(page) for page in pages]
    offsets = _page_number_offsets(edges)
    repeated = Counter(_key(line, offsets) for line in chain.from_iterable(edges))
    return [
        [
            line
            for line in page
            if line not in edge or not (_is_page_number(line, offsets) or repeated[_key(line, offsets)] >= _REPEATED)
        ]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edge_lines(page: Sequence[Line]) -> list[Line]:
    by_height = sorted(page, key=lambda line: line.y)
    return [*by_height[:_EDGE_LINES], *by_height[_EDGE_LINES:][-_EDGE_LINES:]]


def _page_number_offsets(edges: Sequence[Sequence[Line]]) -> frozenset[int]:
    """What has to be added to a page's index to get the number printed on it; several when numbering restarts."""
    counts = Counter(_offset(line) for line in chain.from_iterable(edges))
    del counts[None]
    return frozenset(
        offset for offset, count in counts.items() if offset is not None and count >= (2 if offset == 1 else _REPEATED)
    )


def _offset(line: Line) -> int | None:
    found = _PAGE_NUMBER.fullmatch(line.text) or _NUMBER_AT_EDGE.search(line.text)
    value = number_value(next((part for part in found.groups() if part), "")) if found else ""
    return value - line.page if isinstance(value, int) else None


def _is_page_number(line: Line, offsets: frozenset[int]) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None and _offset(line) in offsets


def _key(line: Line, offsets: frozenset[int]) -> tuple[str, int, int]:
    """What two printings of one running line share: words without the page's number, size, height."""
    # "Chapter 3" on the third page is a heading, however much its number looks like the page's.
    numbered = _offset(line) in offsets and not heading_of(line.text)
    text = _NUMBER_AT_EDGE.sub("", line.text) if numbered else line.text
    return text.strip().casefold(), round(line.size), round(line.y / 4)
