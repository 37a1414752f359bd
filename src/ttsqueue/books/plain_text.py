"""A text file as a manuscript: paragraphs from lines, headings from words."""

from __future__ import annotations

import re
from typing import IO

from ttsqueue.books.decoding import decode_text
from ttsqueue.books.gutenberg import split_frame
from ttsqueue.books.language import language_tag
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Block, Manuscript
from ttsqueue.books.matter import BACK, FRONT
from ttsqueue.books.paragraphs import paragraphs_of
from ttsqueue.books.recognised import with_headings
from ttsqueue.errors import BookError

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")


def read_plain_text(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Raises BookError for bytes that are no text."""
    frame = split_frame(read_text(file, limits))
    body = with_headings([Block(line) for line in paragraphs_of(frame.body)])
    front = [Block(line, matter=FRONT) for line in paragraphs_of(frame.front)]
    back = [Block(line, matter=BACK) for line in paragraphs_of(frame.back)]
    return Manuscript(
        blocks=(*front, *body, *back),
        title=frame.title,
        author=frame.author,
        language=language_tag(frame.language),
    )


def read_text(file: IO[bytes], limits: ReadingLimits) -> str:
    """The whole file decoded, with one kind of line end. Raises BookError when it is longer than any book."""
    # UTF-16 takes two bytes for a letter.
    data = file.read(2 * limits.text_size + 1)
    if len(data) > 2 * limits.text_size:
        raise BookError(f"This file holds more than {limits.text_size // 1_000_000} MB of text; it is refused.")
    return _LINE_ENDS.sub("\n", decode_text(data))
