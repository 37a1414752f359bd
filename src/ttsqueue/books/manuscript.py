"""What every reader hands over, whatever the format: paragraphs, and where chapters begin."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Block:
    """A paragraph or heading.

    `heading` is 0 for a paragraph, else the level, 1 being the highest. `matter` is the reason why the
    markup itself says that this is not part of the story, "" when it says nothing.
    """

    text: str
    heading: int = 0
    matter: str = ""

    @property
    def words(self) -> int:
        return len(self.text.split())


@dataclass(frozen=True)
class OutlineEntry:
    """A line of the table of contents: `start` is the index of its first block, `depth` counts from 1."""

    title: str
    start: int
    depth: int = 1


@dataclass(frozen=True)
class Manuscript:
    """A book before its chapters are decided.

    `files` are the indexes of the blocks with which a new file of the book begins; `outline` is empty
    when the book has no table of contents of its own.
    """

    blocks: tuple[Block, ...]
    outline: tuple[OutlineEntry, ...] = ()
    files: tuple[int, ...] = (0,)
    title: str = ""
    author: str = ""
    language: str = ""
    cover: bytes | None = None
