"""From a tree of HTML elements to the paragraphs that are read aloud."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from ttsqueue.books.cleaning import clean_line, is_scene_break
from ttsqueue.books.manuscript import Block
from ttsqueue.books.markup import local_name
from ttsqueue.books.matter import matter_of_types
from ttsqueue.books.omissions import is_omitted, semantic_types

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_ELEMENTS = """
address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure
footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody
tfoot thead tr ul level1 level2 level3 level4 linegroup line poem text
"""
_BLOCKS = frozenset(_BLOCK_ELEMENTS.split())
_CELLS = frozenset({"td", "th"})
_MAIN_TYPES = frozenset({"bodymatter", "chapter", "part", "volume", "division"})


@dataclass
class Prose:
    """Paragraphs in reading order, and the index of the block with which each wanted id begins."""

    blocks: list[Block] = field(default_factory=list)
    anchors: dict[str, int] = field(default_factory=dict)


def read_prose(root: etree._Element, wanted_ids: frozenset[str] = frozenset()) -> Prose:
    """The paragraphs of a page. A wanted id starts a new one, even in the middle of a paragraph."""
    return _Walk(wanted_ids).over(root)


class _Walk:
    """One pass over a tree, without recursion: pages may be nested thousands deep."""

    def __init__(self, wanted_ids: frozenset[str]) -> None:
        self._wanted = wanted_ids
        self._prose = Prose()
        self._pieces: list[str] = []
        self._heading = 0
        self._matter = [""]
        self._after_break = False

    def over(self, root: etree._Element) -> Prose:
        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        omitted: etree._Element | None = None
        for event, element in walker:
            if event == "start":
                self._note_ids(element)
                if is_omitted(element):
                    omitted = element
                    walker.skip_subtree()
                else:
                    self._enter(element)
                continue
            if event == "end" and element is not omitted:
                self._leave(element)
            if element is not root:
                self._say(element.tail)
        self._end_block()
        return self._prose

    def _enter(self, element: etree._Element) -> None:
        name = local_name(element)
        if name == "br":
            self._break_line()
            return
        if name in _BLOCKS:
            self._end_block()
        if name in _CELLS and self._pieces:
            self._pieces.append(" ")
        self._heading = _HEADINGS.get(name, self._heading)
        self._matter.append(self._matter_of(element))
        self._say(element.text)

    def _leave(self, element: etree._Element) -> None:
        name = local_name(element)
        if name == "br":
            return
        if name in _BLOCKS:
            self._end_block()
        if name in _HEADINGS:
            self._heading = 0
        self._matter.pop()

    def _matter_of(self, element: etree._Element) -> str:
        types = semantic_types(element)
        if not types:
            return self._matter[-1]
        return "" if types & _MAIN_TYPES else matter_of_types(types) or self._matter[-1]

    def _note_ids(self, element: etree._Element) -> None:
        for name in {element.get("id"), element.get("name")}:
            if name in self._wanted and name not in self._prose.anchors:
                self._end_block()
                self._prose.anchors[name] = len(self._prose.blocks)

    def _break_line(self) -> None:
        # Two line breaks in a row are how old books write a new paragraph.
        if self._after_break and not self._heading:
            self._end_block()
        self._pieces.append(" ")
        self._after_break = True

    def _say(self, text: str | None) -> None:
        if text:
            self._pieces.append(text)
            self._after_break = self._after_break and text.isspace()

    def _end_block(self) -> None:
        line = clean_line("".join(self._pieces))
        self._pieces.clear()
        self._after_break = False
        if line and not is_scene_break(line):
            self._prose.blocks.append(Block(line, self._heading, self._matter[-1]))
