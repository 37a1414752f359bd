"""A web page as a manuscript; Markdown and DOCX take the same way."""

from __future__ import annotations

from typing import IO

from lxml import etree

from ttsqueue.books.cleaning import clean_line
from ttsqueue.books.language import language_tag
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Manuscript
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.books.prose import read_prose
from ttsqueue.books.recognised import with_headings
from ttsqueue.errors import BookError

_AUTHOR_NAMES = ("author", "dc.creator", "dcterms.creator", "dc:creator", "article:author")
_TITLE_NAMES = ("dc.title", "dcterms.title", "og:title")


def read_html(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Raises BookError when the page is larger than any book or built to exhaust the parser."""
    data = file.read(limits.part_size + 1)
    if len(data) > limits.part_size:
        raise BookError(f"This page is larger than {limits.part_size // 1_000_000} MB; it is refused.")
    root = parse_document(data, "the page")
    return Manuscript(()) if root is None else manuscript_of_page(root)


def manuscript_of_page(root: etree._Element) -> Manuscript:
    """Title from `<title>`, else from the only first heading; author from the page's meta tags."""
    blocks = with_headings(read_prose(root).blocks)
    elements = [element for element in root.iter(etree.Element) if local_name(element) in {"title", "meta"}]
    metas = {_meta_name(element): element.get("content") or "" for element in elements}
    titles = [_text(element) for element in elements if local_name(element) == "title"]
    first_level = [block.text for block in blocks if block.heading == 1]
    title = next((title for title in (*(metas.get(name, "") for name in _TITLE_NAMES), *titles) if title), "")
    return Manuscript(
        blocks=tuple(blocks),
        title=clean_line(title) or (first_level[0] if len(first_level) == 1 else ""),
        author=clean_line(next((metas[name] for name in _AUTHOR_NAMES if metas.get(name)), "")),
        language=language_tag(_language(root)),
    )


def _language(root: etree._Element) -> str:
    return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or ""


def _meta_name(element: etree._Element) -> str:
    return (element.get("name") or element.get("property") or "").lower()


def _text(element: etree._Element) -> str:
    return clean_line("".join(map(str, element.itertext())))
