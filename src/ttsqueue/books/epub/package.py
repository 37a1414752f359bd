"""The package document of an EPUB: metadata, manifest, reading order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ttsqueue.books.archive import Archive
from ttsqueue.books.cleaning import clean_line
from ttsqueue.books.language import language_tag
from ttsqueue.books.markup import local_name, parse_document
from ttsqueue.errors import BookError

_CONTAINER = "META-INF/container.xml"
_NO_PACKAGE = "This EPUB is damaged: it does not say which of its files are the book."


@dataclass(frozen=True)
class ManifestItem:
    """One file of the book: `path` is its name inside the archive."""

    path: str
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True)
class Package:
    """What the package document says. `guide` maps paths to the type an EPUB 2 guide gives them."""

    path: str
    title: str
    author: str
    language: str
    manifest: dict[str, ManifestItem]
    spine: tuple[ManifestItem, ...]
    nav: ManifestItem | None
    ncx: ManifestItem | None
    cover_id: str
    guide: dict[str, str]


def read_package(archive: Archive) -> Package:
    """The package document of the first rendition. Raises BookError when there is none."""
    path = _package_path(archive)
    root = parse_document(archive.read(path), path)
    if root is None:
        raise BookError(_NO_PACKAGE)
    manifest = _manifest(archive, path, root)
    spine = next(_all(root, "spine"), None)
    references = [manifest.get(item.get("idref") or "") for item in _all(root, "itemref")]
    metas = {meta.get("name"): meta.get("content") or "" for meta in _all(root, "meta")}
    return Package(
        path=path,
        title=_title(root),
        author=", ".join(_authors(root)),
        language=next((tag for tag in map(language_tag, _texts(root, "language")) if tag), ""),
        manifest=manifest,
        spine=tuple(item for item in references if item),
        nav=next((item for item in manifest.values() if "nav" in item.properties), None),
        ncx=_ncx(manifest, spine),
        cover_id=metas.get("cover", ""),
        guide=_guide(archive, path, root),
    )


def _package_path(archive: Archive) -> str:
    if _CONTAINER in archive:
        root = parse_document(archive.read(_CONTAINER), _CONTAINER)
        rootfiles = _all(root, "rootfile") if root is not None else iter(())
        for rootfile in rootfiles:
            path = archive.resolve("", rootfile.get("full-path") or "")
            if path:
                return path
    found = next((name for name in archive.names if name.lower().endswith(".opf")), None)
    if found is None:
        raise BookError(_NO_PACKAGE)
    return found


def _manifest(archive: Archive, path: str, root: etree._Element) -> dict[str, ManifestItem]:
    manifest = {}
    for item in _all(root, "item"):
        member = archive.resolve(path, item.get("href") or "")
        if member and item.get("id"):
            media_type = (item.get("media-type") or "").lower()
            properties = frozenset((item.get("properties") or "").split())
            manifest[str(item.get("id"))] = ManifestItem(member, media_type, properties)
    return manifest


def _ncx(manifest: dict[str, ManifestItem], spine: etree._Element | None) -> ManifestItem | None:
    named = manifest.get((spine.get("toc") or "") if spine is not None else "")
    by_type = (item for item in manifest.values() if item.media_type == "application/x-dtbncx+xml")
    return named or next(by_type, None)


def _guide(archive: Archive, path: str, root: etree._Element) -> dict[str, str]:
    guide = {}
    for reference in _all(root, "reference"):
        member = archive.resolve(path, reference.get("href") or "")
        if member and reference.get("type"):
            guide[member] = str(reference.get("type")).lower()
    return guide


def _title(root: etree._Element) -> str:
    """The title marked as the main one, else the first."""
    main = {
        (meta.get("refines") or "").lstrip("#")
        for meta in _all(root, "meta")
        if meta.get("property") == "title-type" and (meta.text or "").strip() == "main"
    }
    titles = [element for element in _all(root, "title") if _text(element)]
    marked = [element for element in titles if element.get("id") in main]
    return _text((marked or titles)[0]) if titles else ""


def _authors(root: etree._Element) -> list[str]:
    """Names of those who are authors or have no role; of all creators when nobody is."""
    roles = {
        (meta.get("refines") or "").lstrip("#"): (meta.text or "").strip()
        for meta in _all(root, "meta")
        if meta.get("property") == "role"
    }
    names: dict[str, str] = {}
    for creator in _all(root, "creator"):
        written = next((creator.attrib[key] for key in creator.attrib if str(key).endswith("role")), "")
        names[_text(creator)] = str(written) or roles.get(creator.get("id") or "", "")
    names.pop("", None)
    return [name for name, role in names.items() if role in {"", "aut"}] or list(names)


def _all(root: etree._Element, name: str) -> Iterator[etree._Element]:
    for element in root.iter(etree.Element):
        if local_name(element).rpartition(":")[2] == name:
            yield element


def _texts(root: etree._Element, name: str) -> list[str]:
    return [_text(element) for element in _all(root, name)]


def _text(element: etree._Element) -> str:
    return clean_line("".join(map(str, element.itertext())))
