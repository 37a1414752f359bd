"""Where the entries of a table of contents lie among the paragraphs of a book."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ttsqueue.books.epub.toc import TocEntry
from ttsqueue.books.manuscript import Block, OutlineEntry
from ttsqueue.books.prose import Prose

_LABEL_WORDS = 8
"""Lines no longer than this above the first heading of a page belong to it: "Chapter I", a motto."""


class Places:
    """The paragraphs of all pages in one row, with the index of every place that can be pointed at."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.starts: list[int] = []
        self._anchors: dict[tuple[str, str], int] = {}

    def add(self, path: str, prose: Prose) -> None:
        """The next page in reading order."""
        start = len(self.blocks)
        self.starts.append(start)
        self._anchors[path, ""] = start
        self._anchors.update({(path, name): start + index for name, index in prose.anchors.items()})
        self.blocks += prose.blocks

    def outline(self, toc: Sequence[TocEntry]) -> Iterator[OutlineEntry]:
        """Entries that lead to a page of the book; a heading without a link begins where its first child does."""
        seen: set[int] = set()
        waiting: list[TocEntry] = []
        for entry in toc:
            start = self._start(entry)
            if start is None:
                waiting = [above for above in waiting if above.depth < entry.depth]
                waiting += [] if entry.path else [entry]
                continue
            start = self._with_labels(start, seen)
            yield from (OutlineEntry(above.title, start, above.depth) for above in waiting if above.depth < entry.depth)
            waiting = []
            seen.add(start)
            yield OutlineEntry(entry.title, start, entry.depth)

    def _start(self, entry: TocEntry) -> int | None:
        if not entry.path:
            return None
        exact = self._anchors.get((entry.path, entry.fragment))
        return self._anchors.get((entry.path, "")) if exact is None else exact

    def _with_labels(self, start: int, seen: set[int]) -> int:
        """Back over the headings and short lines between the top of the page and the place pointed at."""
        top = max((first for first in self.starts if first <= start), default=0)
        first = start
        while first > top and first - 1 not in seen and self.blocks[first - 1].heading:
            first -= 1
        above = self.blocks[top:first]
        if not any(top <= other < first for other in seen) and all(block.words <= _LABEL_WORDS for block in above):
            first = top
        return first
