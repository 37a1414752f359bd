"""A Word document as a manuscript, by way of HTML."""

from __future__ import annotations

from dataclasses import replace
from typing import IO, Any

from lxml import etree

from ttsqueue.books.archive import Archive
from ttsqueue.books.html import manuscript_of_page
from ttsqueue.books.language import language_tag
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Manuscript
from ttsqueue.books.markup import local_name, parse_document, parse_html
from ttsqueue.errors import BookError

_CORE = "docProps/core.xml"
# Titles count as the highest heading; Word's own table of contents is navigation.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name^='toc '] => nav > p:fresh
p[style-name^='TOC '] => nav > p:fresh
p[style-name^='Contents '] => nav > p:fresh
"""


def read_docx(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Headings by style, title, author and language from the document's properties."""
    archive = Archive(file, limits)
    for name in archive.names:
        # Unpacked once within the limits here, because the converter below trusts every size.
        if name.lower().endswith((".xml", ".rels")):
            _refuse_entities(archive.read(name))
    file.seek(0)
    root = parse_html(_to_html(file), "the document")
    page = Manuscript(()) if root is None else manuscript_of_page(_without_notes(root))
    core = _core_properties(archive)
    return replace(
        page,
        title=core.get("title") or page.title,
        author=core.get("creator", ""),
        language=language_tag(core.get("language", "")),
    )


def _to_html(file: IO[bytes]) -> str:
    import mammoth
    from mammoth.images import img_element

    silent = img_element(lambda _image: {})
    try:
        result: Any = mammoth.convert_to_html(file, style_map=_STYLES, convert_image=silent)
    except (MemoryError, RecursionError):
        raise
    except Exception as error:  # the converter lets any error of its XML parser through
        raise BookError("This Word document is damaged; open it in Word and save it again.") from error
    return str(result.value)


def _refuse_entities(data: bytes) -> None:
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise BookError("This Word document is refused: it defines entities, which Word never does.")


def _without_notes(root: etree._Element) -> etree._Element:
    for item in list(root.iter("li")):
        parent = item.getparent()
        if parent is not None and (item.get("id") or "").startswith(("footnote-", "endnote-")):
            parent.remove(item)
    return root


def _core_properties(archive: Archive) -> dict[str, str]:
    root = parse_document(archive.read(_CORE), _CORE) if _CORE in archive else None
    elements = [] if root is None else list(root.iter(etree.Element))
    return {local_name(element): (element.text or "").strip() for element in elements}
