"""From printed lines to paragraphs and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ttsqueue.books.cleaning import clean_line, is_scene_break
from ttsqueue.books.headings import heading_of
from ttsqueue.books.pdf.lines import Line

_HEADING_RATIO = 1.15
_HEADING_LENGTH = 120
_SENTENCE_END = re.compile(r"[.!?…:][\"'”\u2019»)\]]*$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


@dataclass(frozen=True)
class Paragraph:
    """Cleaned text, where it begins, and its level when it is a heading."""

    text: str
    page: int
    y: float
    heading: int = 0


@dataclass(frozen=True)
class Layout:
    """What is usual in this document: text size, line distance, left edge and right edge in points."""

    size: float
    pitch: float
    left: float
    right: float


def paragraphs_of_lines(lines: Sequence[Line]) -> list[Paragraph]:
    """Paragraphs in order; divided words are mended, paragraphs go on across pages."""
    if not lines:
        return []
    layout = _layout(lines)
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line.text))
    groups: list[list[Line]] = [[lines[0]]]
    for above, line in pairwise(lines):
        if _begins_paragraph(above, line, layout):
            groups.append([])
        groups[-1].append(line)
    levels = _heading_levels(groups, layout)
    paragraphs = (
        Paragraph(
            _joined(group, words),
            group[0].page,
            group[0].y,
            levels.get(group[0].size, 0) if _is_heading(group, layout) else 0,
        )
        for group in groups
    )
    return [paragraph for paragraph in paragraphs if not is_scene_break(paragraph.text)]


def _layout(lines: Sequence[Line]) -> Layout:
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    size = sizes.most_common(1)[0][0]
    body = [line for line in lines if line.size == size]
    distances = [above.y - line.y for above, line in pairwise(body) if 0 < above.y - line.y < 3 * size]
    lefts = Counter(round(line.left) for line in body)
    rights = sorted(line.right for line in body)
    return Layout(
        size=size,
        pitch=median(distances) if distances else 1.2 * size,
        left=lefts.most_common(1)[0][0],
        right=rights[len(rights) * 9 // 10],
    )


def _begins_paragraph(above: Line, line: Line, layout: Layout) -> bool:
    if above.divided:
        return False
    if abs(above.size - line.size) > 0.1 * above.size or heading_of(line.text) or heading_of(above.text):
        return True
    indented = line.left - above.left > 0.7 * layout.size
    ended = _SENTENCE_END.search(above.text) is not None
    if line.page != above.page or line.y > above.y + layout.size:
        return ended or line.left - layout.left > 0.7 * layout.size
    short = above.right < layout.left + 0.8 * (layout.right - layout.left)
    return above.y - line.y > 1.4 * layout.pitch or indented or (short and ended)


def _is_heading(group: Sequence[Line], layout: Layout) -> bool:
    large = group[0].size >= _HEADING_RATIO * layout.size
    return large and sum(len(line.text) for line in group) <= _HEADING_LENGTH


def _heading_levels(groups: Iterable[Sequence[Line]], layout: Layout) -> dict[float, int]:
    """Level by size of print, the largest being 1."""
    sizes = {group[0].size for group in groups if _is_heading(group, layout)}
    return {size: min(level, 6) for level, size in enumerate(sorted(sizes, reverse=True), 1)}


def _joined(group: Sequence[Line], words: Counter[str]) -> str:
    text = group[0].text
    for above, line in pairwise(group):
        text += _seam(text, line.text, words) + line.text if above.divided else f" {line.text}"
    return clean_line(text)


def _seam(before: str, after: str, words: Counter[str]) -> str:
    """A hyphen where the divided word is written with one elsewhere, or where a name follows; else nothing."""
    head, tail = re.search(r"[^\W\d_]*$", before), re.match(r"[^\W\d_]*", after)
    first, second = head[0].casefold() if head else "", tail[0].casefold() if tail else ""
    return "-" if after[:1].isupper() or words[f"{first}-{second}"] > words[first + second] else ""
