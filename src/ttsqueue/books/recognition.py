"""Which kind of book a file is: by its content first, by its name only for plain text."""

from __future__ import annotations

import re
import zipfile
from typing import IO

from ttsqueue.errors import BookError

SUPPORTED_SUFFIXES = (
    ".epub", ".pdf", ".docx", ".md", ".markdown", ".html", ".htm", ".xhtml", ".txt", ".text",
)  # fmt: skip
_KIND_OF_SUFFIX = {
    ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
}  # fmt: skip
_SUPPORTED = "EPUB, PDF, DOCX, Markdown, HTML and TXT"
_CONVERT = "convert it to EPUB first, for example with Calibre."
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*\?>\s*|<!--.*?-->\s*)*(?:<!doctype\s+html|<html[\s>])", re.DOTALL | re.IGNORECASE
)
_UNREADABLE_FORMATS = (
    (0, b"{\\rtf", "RTF"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word (.doc)"),
    (60, b"BOOKMOBI", "Kindle (MOBI or AZW3)"),
    (60, b"TEXtREAd", "PalmDOC"),
    (0, b"\xeaDRMION\xee", "protected Kindle (KFX)"),
    (0, b"ITSF", "CHM"),
    (0, b"AT&TFORM", "DjVu"),
    (0, b"Rar!\x1a", "RAR"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b", "gzip"),
)
_UNREADABLE_SUFFIXES = {
    ".mobi": "Kindle (MOBI)", ".azw": "Kindle (AZW)", ".azw3": "Kindle (AZW3)", ".kfx": "Kindle (KFX)",
    ".prc": "Kindle (PRC)", ".doc": "old Word (.doc)", ".rtf": "RTF", ".fb2": "FictionBook", ".odt": "OpenDocument",
    ".djvu": "DjVu", ".chm": "CHM", ".lit": "LIT", ".cbz": "comic book", ".cbr": "comic book",
}  # fmt: skip
_HEAD = 4096


def recognise(file: IO[bytes], suffix: str) -> str:
    """ "epub", "docx", "pdf", "html", "markdown" or "text".

    Raises BookError for anything else; the message says what to do about it.
    """
    head = file.read(_HEAD)
    file.seek(0)
    if not head.strip():
        raise BookError("This file is empty.")
    _refuse_other_formats(head)
    if head.startswith(b"PK"):
        return _kind_of_zip(file, suffix)
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return _kind_by_suffix(suffix)


def _refuse_other_formats(head: bytes) -> None:
    for offset, magic, name in _UNREADABLE_FORMATS:
        if head[offset:].startswith(magic):
            raise BookError(f"This is a file in {name} format, which cannot be read here; {_CONVERT}")
    if b"<FictionBook" in head:
        raise BookError(f"This is a FictionBook file, which cannot be read here; {_CONVERT}")


def _kind_of_zip(file: IO[bytes], suffix: str) -> str:
    try:
        names = set(zipfile.ZipFile(file).namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise BookError("This file is damaged or cut off; download or export it again.") from error
    finally:
        file.seek(0)
    if "META-INF/container.xml" in names or any(name.lower().endswith(".opf") for name in names):
        return "epub"
    if "word/document.xml" in names:
        return "docx"
    if suffix in _UNREADABLE_SUFFIXES:
        return _kind_by_suffix(suffix)
    raise BookError(f"This ZIP file holds no EPUB and no Word document; what can be read is {_SUPPORTED}.")


def _kind_by_suffix(suffix: str) -> str:
    if suffix in _UNREADABLE_SUFFIXES:
        name = _UNREADABLE_SUFFIXES[suffix]
        raise BookError(f"This is a file in {name} format, which cannot be read here; {_CONVERT}")
    if suffix in _KIND_OF_SUFFIX:
        return _KIND_OF_SUFFIX[suffix]
    if suffix in SUPPORTED_SUFFIXES:
        raise BookError(f"This file is named {suffix} but is not one; it is damaged or was renamed.")
    raise BookError(f"This kind of file cannot be read; what can be read is {_SUPPORTED}.")
