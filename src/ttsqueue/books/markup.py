"""Parsing XML and HTML that strangers wrote: nothing is fetched, nothing from outside is resolved."""

from __future__ import annotations

import codecs
import re
from html.entities import html5

from lxml import etree

from ttsqueue.errors import BookError

_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})
_DECLARED_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_META_CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([A-Za-z0-9._-]+)""", re.IGNORECASE)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*>")
_FLAT_TAGS = frozenset(
    {"p", "br", "html", "head", "body", "title", "meta", "script", "style", *(f"h{n}" for n in range(1, 7))}
)
_INLINE_TAGS = frozenset(
    {"a", "b", "i", "u", "em", "strong", "span", "font", "small", "big", "tt", "sup", "sub", "code", "cite", "q", "img"}
)


def parse_document(data: bytes, name: str) -> etree._Element | None:
    """The root of an XHTML or HTML page, None when it has no element at all.

    Strict XML first, because HTML rules misread `<title/>`; HTML rules for what is not well-formed.
    Raises BookError for pages built to exhaust the parser.
    """
    text = decode_markup(data)
    try:
        return parse_xml(text, name)
    except etree.XMLSyntaxError:
        return parse_html(text, name)


def parse_xml(text: str, name: str) -> etree._Element:
    """The root of well-formed XML. Raises XMLSyntaxError, or BookError for an attack on the parser."""
    text = _XML_DECLARATION.sub("", text, count=1).lstrip()
    own_entities = "<!ENTITY" in text
    parser = etree.XMLParser(
        resolve_entities="internal",  # type: ignore[arg-type]  # its stubs know only True and False
        load_dtd=False,
        no_network=True,
        # For long and deep books; libxml2's guard against entity bombs stays.
        huge_tree=True,
    )
    if not own_entities:
        text = _ENTITY.sub(_character, text)
    try:
        return etree.fromstring(text.encode("utf-8", "ignore"), parser)
    except etree.XMLSyntaxError:
        if own_entities and _hit_limit(parser):
            raise BookError(f"This book cannot be read: {name} holds an entity bomb.") from None
        raise


def parse_html(text: str, name: str) -> etree._Element | None:
    """The root of a page read by HTML rules, which forgive everything but an empty page."""
    text = _DOCTYPE.sub("", _XML_DECLARATION.sub("", text, count=1), count=1)
    for attempt in (text, _TAG.sub(_flat_tag, text)):
        parser = etree.HTMLParser(no_network=True, huge_tree=True, encoding="utf-8", remove_pis=True)
        try:
            root = etree.fromstring(attempt.encode("utf-8", "ignore"), parser)
        except etree.XMLSyntaxError:
            return None
        # Past its limits libxml2 drops the rest of the page without an exception. Pages that never
        # close their tags get there; without those tags they are read whole.
        if not _hit_limit(parser):
            return root
    raise BookError(f"This book cannot be read: {name} is nested too deeply.")


def decode_markup(data: bytes) -> str:
    """Text of a page: byte order mark, then what the page declares, then UTF-8, then Windows-1252."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[:2] in (b"<\x00", b"\x00<"):
        return data.decode("utf-16-le" if data[:1] == b"<" else "utf-16-be", "replace")
    declared = _DECLARED_ENCODING.match(data[:400]) or _META_CHARSET.search(data[:4096])
    for encoding in (declared[1].decode("ascii") if declared else "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeError):
            continue
    return data.decode("latin-1")


def local_name(element: etree._Element) -> str:
    """The element's name in lower case without its namespace."""
    return str(element.tag).rpartition("}")[2].lower()


def _character(found: re.Match[str]) -> str:
    if found[1] in _XML_NAMES:
        return found[0]
    character = html5.get(found[1] + ";")
    return f"&amp;{found[1]};" if character is None else "".join(f"&#{ord(part)};" for part in character)


def _flat_tag(found: re.Match[str]) -> str:
    """A tag that cannot nest: kept, or a new paragraph in place of other blocks, or nothing."""
    name = found[1].lower()
    if name in _FLAT_TAGS:
        return found[0]
    return "" if name in _INLINE_TAGS else "<p>"


def _hit_limit(parser: etree.XMLParser | etree.HTMLParser) -> bool:
    return any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log)
