"""Books that only their shop's app can open."""

from __future__ import annotations

from ttsqueue.books.archive import Archive
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.errors import BookError

_ENCRYPTION = "META-INF/encryption.xml"
_RIGHTS = ("META-INF/rights.xml", "META-INF/sinf.xml", "META-INF/license.lcpl")
# Scrambled fonts are no protection of the text.
_FONT_SCRAMBLING = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_PROTECTED = "This book is protected by DRM and cannot be read; get a copy without protection from its shop."


def refuse_protected(archive: Archive) -> None:
    """Raises BookError when the text of the book is encrypted."""
    if _ENCRYPTION in archive:
        root = parse_document(archive.read(_ENCRYPTION), _ENCRYPTION)
        methods = () if root is None else (item for item in root.iter("{*}*", "*"))
        algorithms = {
            item.get("Algorithm") or item.get("algorithm") for item in methods if local_name(item) == "encryptionmethod"
        }
        if algorithms - _FONT_SCRAMBLING:
            raise BookError(_PROTECTED)


def refuse_unreadable_page(archive: Archive, data: bytes, name: str) -> None:
    """Raises BookError for a page that is no markup at all."""
    if b"<" in data[:4096] or not data.strip():
        return
    if any(mark in archive for mark in _RIGHTS):
        raise BookError(_PROTECTED)
    raise BookError(f"This EPUB is damaged: {name} is not a page of text.")
