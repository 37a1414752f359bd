"""Parts of a page that are seen but not said: note marks, page numbers, readings over characters, scripts."""

from __future__ import annotations

import re

from lxml import etree

from ttsqueue.books.markup import local_name

_SILENT_ELEMENTS = """
head script style template noscript iframe object audio video canvas nav rt rp rtc map img image picture title
source track input button select textarea datalist annotation annotation-xml metadata desc defs
"""
_SILENT = frozenset(_SILENT_ELEMENTS.split())
_SILENT_TYPES = frozenset({"noteref", "annoref", "pagebreak", "page-list", "backlink"})
_NOTE_TYPES = frozenset({"footnote", "endnote", "rearnote", "note"})
_NOTE_SECTIONS = frozenset({"footnotes", "endnotes", "rearnotes", "notes"})
_OPS_TYPE = "{http://www.idpf.org/2007/ops}type"
_PAGE_NUMBER_CLASS = re.compile(r"(^|[\s_-])(pagenum|page-?number|page-?no|pageno|pgnum)\w*", re.IGNORECASE)
_NOTE_MARK = re.compile(r"[\[({]?\s*(\d{1,4}|[ivxlc]{1,6}|[a-z]|\*{1,4}|[†‡§¶]{1,3})\s*[\])}]?", re.IGNORECASE)
_MARK_SIGNS = re.compile(r"[\[\](){}*†‡§¶]")


def semantic_types(element: etree._Element) -> frozenset[str]:
    """epub:type values and doc-* roles of an element, in lower case."""
    written = element.get(_OPS_TYPE) or element.get("epub:type") or ""
    role = element.get("role") or ""
    if not written and not role.startswith("doc-"):
        return frozenset()
    return frozenset(written.lower().split()) | {name.removeprefix("doc-") for name in role.lower().split()}


def is_omitted(element: etree._Element) -> bool:
    """Whether nothing inside this element is part of the reading."""
    name = local_name(element)
    if name in _SILENT or element.get("hidden") is not None:
        return True
    types = semantic_types(element)
    if types & _SILENT_TYPES or (types & _NOTE_TYPES and not _in_note_section(element)):
        return True
    return (name == "a" and _is_note_mark(element)) or _is_page_number(element)


def _in_note_section(element: etree._Element) -> bool:
    """Notes collected in a section of their own stay: that section is left out as a whole."""
    return any(semantic_types(above) & _NOTE_SECTIONS for above in element.iterancestors())


def _is_note_mark(link: etree._Element) -> bool:
    """A link such as `[3]` or a raised `3`; a plain number may be a chapter in a list."""
    if "#" not in (link.get("href") or ""):
        return False
    text = "".join(map(str, link.itertext())).strip()
    if len(text) > 8 or not _NOTE_MARK.fullmatch(text):
        return False
    return _MARK_SIGNS.search(text) is not None or _is_raised(link)


def _is_raised(link: etree._Element) -> bool:
    parent = link.getparent()
    inside = next(iter(link.iterdescendants("{*}sup", "sup")), None)
    return inside is not None or (parent is not None and local_name(parent) == "sup")


def _is_page_number(element: etree._Element) -> bool:
    if not _PAGE_NUMBER_CLASS.search(element.get("class") or ""):
        return False
    return len("".join(map(str, element.itertext())).strip()) <= 16
