"""The lines of a PDF page with their place and size."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
from pypdfium2 import raw

_DIVIDED = frozenset("\x02\ufffe\u00ad")
"""What PDFium makes of a hyphen at the end of a line; the line end itself is not reported then."""


@dataclass(frozen=True)
class Line:
    """One printed line. Lengths are in points; `y` is its baseline above the foot of the page.

    `divided` tells that its last word goes on in the next line, whether or not it has a hyphen of its own.
    """

    text: str
    page: int
    left: float
    right: float
    y: float
    size: float
    divided: bool = False


def lines_of_page(page: pypdfium2.PdfPage, number: int) -> list[Line]:
    """Lines in the order of the text, without empty ones."""
    textpage = page.get_textpage()
    try:
        text = _text(textpage)
        found = (_line(textpage, text, number, start, stop) for start, stop in _stretches(text))
        return [line for line in found if line]
    finally:
        textpage.close()


def _text(textpage: pypdfium2.PdfTextPage) -> str:
    """One character per index of PDFium, so that places can be looked up."""
    count = textpage.count_chars()
    text = str(textpage.get_text_range()) if count else ""
    if len(text) == count:
        return text
    return "".join(chr(min(raw.FPDFText_GetUnicode(textpage, index), 0x10FFFF)) for index in range(count))


def _stretches(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for index, character in enumerate(text):
        if character in "\r\n" or character in _DIVIDED:
            yield start, index + (character in _DIVIDED)
            start = index + 1
    yield start, len(text)


def _line(textpage: pypdfium2.PdfTextPage, text: str, page: int, start: int, stop: int) -> Line | None:
    visible = [index for index in range(start, stop) if not text[index].isspace() and text[index] not in _DIVIDED]
    if not visible:
        return None
    first = textpage.get_charbox(visible[0], loose=True)
    last = textpage.get_charbox(visible[-1], loose=True)
    written = text[start:stop].strip()
    return Line(
        text="".join(character for character in written if character not in _DIVIDED),
        page=page,
        left=first[0],
        right=last[2],
        y=_baseline(textpage, visible[0]),
        size=round(first[3] - first[1], 1),
        divided=written[-1] in _DIVIDED,
    )


def _baseline(textpage: pypdfium2.PdfTextPage, index: int) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(textpage, index, x, y)
    return y.value
