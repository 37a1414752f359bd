"""The frame that Project Gutenberg puts around its plain texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

_START = re.compile(
    r"^(?:\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG|\*END\*? ?THE SMALL PRINT!).*$", re.MULTILINE | re.IGNORECASE
)
_END = re.compile(
    r"^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG|End of (?:the |this )?Project Gutenberg).*$",
    re.MULTILINE | re.IGNORECASE,
)
_FIELD = re.compile(r"^(Title|Author|Language): *(.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Frame:
    """A text without its frame, and what the frame says about it."""

    front: str
    body: str
    back: str
    title: str = ""
    author: str = ""
    language: str = ""


def split_frame(text: str) -> Frame:
    """The text unchanged as `body` when it has no frame."""
    start = _START.search(text)
    if not start:
        return Frame("", text, "")
    end = _END.search(text, start.end())
    stop = end.start() if end else len(text)
    fields = {name.lower(): value for name, value in reversed(_FIELD.findall(text[: start.start()]))}
    return Frame(text[: start.end()], text[start.end() : stop], text[stop:], **fields)
