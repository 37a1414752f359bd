"""The cover picture of an EPUB."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ttsqueue.books.archive import Archive
from ttsqueue.books.epub.package import Package
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.errors import BookError

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")


def read_cover(archive: Archive, package: Package, limits: ReadingLimits) -> bytes | None:
    """The bytes of the first cover that is a JPEG or PNG of at most `cover_size`; a bad one is no error."""
    for path in _candidates(archive, package):
        try:
            data = archive.read(path, limits.cover_size)
        except BookError:
            continue
        if data.startswith(_PICTURES):
            return data
    return None


def _candidates(archive: Archive, package: Package) -> Iterator[str]:
    yield from (item.path for item in package.manifest.values() if "cover-image" in item.properties)
    # Some makers write the file's name where its id belongs.
    named = package.manifest.get(package.cover_id)
    path = named.path if named else archive.resolve(package.path, package.cover_id)
    if path and package.cover_id:
        yield path
    for page, kind in package.guide.items():
        if kind == "cover":
            yield from _pictures_on(archive, page)


def _pictures_on(archive: Archive, page: str) -> Iterator[str]:
    try:
        root = parse_document(archive.read(page), page)
    except BookError:
        return
    for element in () if root is None else root.iter(etree.Element):
        if local_name(element) in {"img", "image"}:
            links = (element.attrib[key] for key in element.attrib if str(key).endswith(("src", "href")))
            path = archive.resolve(page, str(next(links, "")))
            if path:
                yield path
