"""A PDF as a manuscript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import IO

import pypdfium2
from pypdfium2 import raw

from ttsqueue.books.cleaning import clean_line
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Block, Manuscript, OutlineEntry
from ttsqueue.books.outline import outline_of_headings
from ttsqueue.books.pdf.lines import Line, lines_of_page
from ttsqueue.books.pdf.paragraphs import Paragraph, paragraphs_of_lines
from ttsqueue.books.pdf.running_lines import without_running_lines
from ttsqueue.books.recognised import with_headings
from ttsqueue.errors import BookError

_FEWEST_CHARACTERS = 20
"""A page with fewer on average is a picture with a stamp."""
_PROGRAM_IN_TITLE = re.compile(r"^Microsoft Word - |\.(docx?|odt|pdf|tex|indd|rtf)$", re.IGNORECASE)
_NO_TITLES = frozenset({"untitled", "unknown", "title", "document", "unnamed"})


def read_pdf(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Raises BookError for encrypted and damaged files and for pictures of pages."""
    document = _open(file)
    try:
        pages = list(_pages(document, limits))
        paragraphs = paragraphs_of_lines([line for page in without_running_lines(pages) for line in page])
        metadata = document.get_metadata_dict()
        return Manuscript(
            blocks=tuple(_blocks(paragraphs)),
            outline=tuple(_outline(document, paragraphs)),
            title=_title(metadata.get("Title", "")),
            author=clean_line(metadata.get("Author", "")),
        )
    finally:
        document.close()


def _open(file: IO[bytes]) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY}:
            raise BookError("This PDF is encrypted; save it without a password.") from error
        raise BookError("This PDF is damaged or cut off; download or export it again.") from error


def _pages(document: pypdfium2.PdfDocument, limits: ReadingLimits) -> Iterator[list[Line]]:
    characters, pictures = 0, False
    for number in range(len(document)):
        page = _page(document, number)
        if page is None:
            continue
        lines = lines_of_page(page, number)
        characters += sum(len(line.text) for line in lines)
        pictures = pictures or (not lines and _has_picture(page))
        page.close()
        if characters > limits.text_size:
            raise BookError(f"This book holds more than {limits.text_size // 1_000_000} MB of text; it is refused.")
        yield lines
    if pictures and characters < _FEWEST_CHARACTERS * len(document):
        raise BookError("This PDF holds only pictures of pages; run OCR first, for example with OCRmyPDF.")


def _page(document: pypdfium2.PdfDocument, number: int) -> pypdfium2.PdfPage | None:
    """None for a page that is damaged: the others are still worth hearing."""
    try:
        return document[number]
    except pypdfium2.PdfiumError:
        return None


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])), None) is not None


def _blocks(paragraphs: Sequence[Paragraph]) -> list[Block]:
    """Headings by size of print; by their words where the sizes tell nothing."""
    blocks = [Block(paragraph.text, paragraph.heading) for paragraph in paragraphs]
    if outline_of_headings(blocks):
        return blocks
    return with_headings([replace(block, heading=0) for block in blocks])


def _outline(document: pypdfium2.PdfDocument, paragraphs: Sequence[Paragraph]) -> Iterator[OutlineEntry]:
    for bookmark in document.get_toc():
        destination = bookmark.get_dest()
        page = destination.get_index() if destination else None
        title = clean_line(bookmark.get_title())
        if destination is None or page is None or not title:
            continue
        start = _place(paragraphs, page, _height(destination), title)
        if start is not None:
            yield OutlineEntry(title, start, bookmark.level + 1)


def _height(destination: pypdfium2.PdfDest) -> float:
    """How high on its page a bookmark points; infinite when it means the whole page."""
    mode, position = destination.get_view()
    if mode == raw.PDFDEST_VIEW_XYZ and len(position) > 1 and position[1]:
        return float(position[1])
    return float(position[0]) if mode == raw.PDFDEST_VIEW_FITH and position else float("inf")


def _place(paragraphs: Sequence[Paragraph], page: int, height: float, title: str) -> int | None:
    """The paragraph that bears the title on that page, else the first below the height, else the next page's."""
    here = [index for index, paragraph in enumerate(paragraphs) if paragraph.page == page]
    plain = title.casefold()
    for index in here:
        if paragraphs[index].text.casefold().startswith(plain):
            return index
    below = (index for index in here if paragraphs[index].y <= height)
    later = (index for index, paragraph in enumerate(paragraphs) if paragraph.page > page)
    return next(below, next(later, None))


def _title(written: str) -> str:
    title = clean_line(_PROGRAM_IN_TITLE.sub("", written))
    return "" if title.casefold() in _NO_TITLES else title
