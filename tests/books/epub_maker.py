"""Small EPUBs built in memory."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

OPS = 'xmlns:epub="http://www.idpf.org/2007/ops"'
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
METADATA = "<dc:title>The Lighthouse</dc:title><dc:creator>Ada Keeper</dc:creator><dc:language>en</dc:language>"
Toc = Sequence["tuple[str, str] | tuple[str, str, Toc]"]
"""Title, link, and the entries below it."""


def page(body: str, attributes: str = "") -> str:
    """An XHTML page; `attributes` stand in its body tag."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" {OPS}>'
        f"<head><title>page</title></head><body {attributes}>{body}</body></html>"
    )


def epub(
    pages: Mapping[str, str | bytes],
    toc: Toc = (),
    *,
    version: int = 3,
    metadata: str = METADATA,
    manifest: str = "",
    package: str = "",
    extra: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """An EPUB whose spine is `pages` in order; a nav document (version 3) or an NCX (2) holds `toc`."""
    items = "".join(
        f'<item id="p{number}" href="{escape(name)}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(pages)
    )
    toc_item = (
        '<item id="toc" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        if version == 3
        else '<item id="toc" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    )
    spine = "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages)))
    spine_toc = 'toc="toc"' if version == 2 else ""
    members: dict[str, str | bytes] = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": (
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'version="{version}.0"><metadata>{metadata}</metadata>'
            f"<manifest>{items}{toc_item if toc else ''}{manifest}</manifest>"
            f"<spine {spine_toc}>{spine}</spine>{package}</package>"
        ),
        **{f"OEBPS/{name}": text for name, text in pages.items()},
        **(extra or {}),
    }
    if toc:
        members["OEBPS/nav.xhtml" if version == 3 else "OEBPS/toc.ncx"] = nav(toc) if version == 3 else ncx(toc)
    return zipped(members)


def zipped(members: Mapping[str, str | bytes], *, mimetype: str = "application/epub+zip") -> bytes:
    """A ZIP archive of these members, its type first."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def nav(toc: Toc) -> str:
    return page(f'<nav epub:type="toc"><h1>Contents</h1><ol>{"".join(_nav_items(toc))}</ol></nav>')


def ncx(toc: Toc) -> str:
    points = "".join(_nav_points(toc))
    return f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" version="2005-1"><navMap>{points}</navMap></ncx>'


def write(folder: Path, data: bytes, name: str = "book.epub") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def _nav_items(toc: Toc) -> Iterable[str]:
    for title, href, *below in toc:
        inner = f"<ol>{''.join(_nav_items(below[0]))}</ol>" if below else ""
        label = f'<a href="{href}">{escape(title)}</a>' if href else f"<span>{escape(title)}</span>"
        yield f"<li>{label}{inner}</li>"


def _nav_points(toc: Toc) -> Iterable[str]:
    for title, href, *below in toc:
        inner = "".join(_nav_points(below[0])) if below else ""
        label = f"<navLabel><text>{escape(title)}</text></navLabel>"
        yield f'<navPoint>{label}<content src="{href}"/>{inner}</navPoint>'
