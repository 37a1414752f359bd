"""The table of contents of an EPUB: the nav document of EPUB 3, else the NCX of EPUB 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from ttsqueue.books.archive import Archive
from ttsqueue.books.cleaning import clean_line
from ttsqueue.books.epub.package import ManifestItem, Package
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.books.omissions import semantic_types

_Reader = Callable[[etree._Element], Iterator[tuple[str, str, int]]]  # noqa: SLF001 - lxml names it so


@dataclass(frozen=True)
class TocEntry:
    """A title, the file and fragment it points at ("" for the file's beginning), its depth from 1.

    `path` is "" for a heading without a link of its own.
    """

    title: str
    path: str
    fragment: str
    depth: int


def read_toc(archive: Archive, package: Package) -> list[TocEntry]:
    """Entries in the order written; empty when the book has no table of contents that leads anywhere."""
    for item, reader in ((package.nav, _nav_entries), (package.ncx, _ncx_entries)):
        entries = _entries(archive, item, reader) if item else []
        if any(entry.path for entry in entries):
            return entries
    return []


def read_landmarks(archive: Archive, package: Package) -> dict[str, str]:
    """Paths of the files that landmarks or the guide name, with their type."""
    landmarks = dict(package.guide)
    root = parse_document(archive.read(package.nav.path), package.nav.path) if package.nav else None
    if package.nav is None or root is None:
        return landmarks
    for link in _landmark_links(root):
        path = archive.resolve(package.nav.path, link.get("href") or "")
        if path:
            landmarks[path] = " ".join(semantic_types(link))
    return landmarks


def _entries(archive: Archive, item: ManifestItem, reader: _Reader) -> list[TocEntry]:
    root = parse_document(archive.read(item.path), item.path)
    return [] if root is None else [_entry(archive, item.path, *found) for found in reader(root)]


def _entry(archive: Archive, base: str, title: str, href: str, depth: int) -> TocEntry:
    file, _, fragment = href.partition("#")
    path = archive.resolve(base, file) if file else (base if fragment else None)
    return TocEntry(title, path or "", unquote(fragment), depth)


def _nav_entries(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    navs = [element for element in root.iter(etree.Element) if local_name(element) == "nav"]
    marked = [nav for nav in navs if "toc" in semantic_types(nav)]
    for nav in (marked or navs)[:1]:
        depth = 0
        for event, element in etree.iterwalk(nav, events=("start", "end")):
            name = local_name(element)
            if name == "ol":
                depth += 1 if event == "start" else -1
            elif event == "start" and name in {"a", "span"} and _is_label(element):
                yield _label(element), element.get("href") or "", max(depth, 1)


def _is_label(element: etree._Element) -> bool:
    """A link or a plain heading directly under its list item, as opposed to markup within either."""
    parent = element.getparent()
    if local_name(element) == "a":
        return bool(element.get("href"))
    has_link = next(element.iter("{*}a", "a"), None) is not None
    return parent is not None and local_name(parent) == "li" and not has_link


def _ncx_entries(root: etree._Element) -> Iterator[tuple[str, str, int]]:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if local_name(element) == "navpoint":
            depth += 1 if event == "start" else -1
            if event == "start":
                yield _navpoint_title(element), _navpoint_target(element), depth


def _navpoint_title(point: etree._Element) -> str:
    labels = (child for child in point.iterchildren(etree.Element) if local_name(child) == "navlabel")
    return next((_label(label) for label in labels), "")


def _navpoint_target(point: etree._Element) -> str:
    targets = (child for child in point.iterchildren(etree.Element) if local_name(child) == "content")
    return next((target.get("src") or "" for target in targets), "")


def _landmark_links(root: etree._Element) -> Iterator[etree._Element]:
    for nav in root.iter(etree.Element):
        if local_name(nav) == "nav" and "landmarks" in semantic_types(nav):
            yield from (link for link in nav.iter(etree.Element) if local_name(link) == "a")


def _label(element: etree._Element) -> str:
    return clean_line("".join(map(str, element.itertext())))
