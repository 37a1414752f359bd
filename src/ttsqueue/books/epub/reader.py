"""An EPUB as a manuscript."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from lxml import etree

from ttsqueue.books.archive import Archive
from ttsqueue.books.epub.cover import read_cover
from ttsqueue.books.epub.package import ManifestItem, read_package
from ttsqueue.books.epub.places import Places
from ttsqueue.books.epub.protection import refuse_protected, refuse_unreadable_page
from ttsqueue.books.epub.toc import read_landmarks, read_toc
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Manuscript
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.books.matter import BACK, FRONT, matter_of_types
from ttsqueue.books.omissions import semantic_types
from ttsqueue.books.prose import Prose, read_prose

_NOT_PAGES = ("image/jpeg", "image/png", "image/gif", "image/webp", "audio/", "video/", "font/", "text/css")
_WEAK_MATTER = {"frontmatter": FRONT, "backmatter": BACK}


def read_epub(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Chapters by the table of contents, pages in the order of the spine.

    Raises BookError for protected and damaged books.
    """
    archive = Archive(file, limits)
    refuse_protected(archive)
    package = read_package(archive)
    toc = read_toc(archive, package)
    landmarks = read_landmarks(archive, package)
    places = Places()
    for item in dict.fromkeys(package.spine):
        if not item.media_type.startswith(_NOT_PAGES):
            fragments = frozenset(entry.fragment for entry in toc if entry.path == item.path)
            places.add(item.path, _page(archive, item, fragments, landmarks.get(item.path, "")))
    return Manuscript(
        blocks=tuple(places.blocks),
        outline=tuple(places.outline(toc)),
        files=tuple(places.starts),
        title=package.title,
        author=package.author,
        language=package.language,
        cover=read_cover(archive, package, limits),
    )


def _page(archive: Archive, item: ManifestItem, fragments: frozenset[str], landmark: str) -> Prose:
    data = archive.read(item.path)
    refuse_unreadable_page(archive, data, item.path)
    root = parse_document(data, item.path)
    if root is None:
        return Prose()
    prose = read_prose(root, fragments)
    matter = matter_of_types(frozenset(landmark.split())) or _weak_matter(root, fragments)
    if matter and len(fragments) <= 1:
        prose.blocks = [block if block.matter else replace(block, matter=matter) for block in prose.blocks]
    return prose


def _weak_matter(root: etree._Element, fragments: frozenset[str]) -> str:
    """A page that calls itself front or back matter is believed when no table of contents names it."""
    if fragments:
        return ""
    bodies = (element for element in root.iter(etree.Element) if local_name(element) == "body")
    types = semantic_types(next(bodies, root))
    return next((matter for name, matter in _WEAK_MATTER.items() if name in types), "")
