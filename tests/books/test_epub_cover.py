"""The cover is handed over as it lies in the file."""

from __future__ import annotations

import pytest

from ttsqueue.books import ReadingLimits

from .epub_maker import epub, page
from .parsing import read

JPEG = b"\xff\xd8\xff\xe0 a picture"
PNG = b"\x89PNG\r\n\x1a\n a picture"
PAGES = {"a.xhtml": page("<p>Fog.</p>")}


@pytest.mark.parametrize(
    ("manifest", "metadata", "guide"),
    [
        ('<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>', "", ""),
        ('<item id="c" href="c.jpg" media-type="image/jpeg"/>', '<meta name="cover" content="c"/>', ""),
        ('<item id="c" href="c.jpg" media-type="image/jpeg"/>', '<meta name="cover" content="c.jpg"/>', ""),
        ("", "", '<guide><reference type="cover" href="cover.xhtml"/></guide>'),
    ],
)
def test_the_cover_is_found(manifest: str, metadata: str, guide: str) -> None:
    extra: dict[str, str | bytes] = {"OEBPS/c.jpg": JPEG, "OEBPS/cover.xhtml": page('<img src="c.jpg"/>')}
    assert read(epub(PAGES, manifest=manifest, metadata=metadata, package=guide, extra=extra)).cover == JPEG


@pytest.mark.parametrize(
    ("data", "kept"), [(PNG, True), (b"GIF89a", False), (b"<svg/>", False), (JPEG + b"x" * 2000, False)]
)
def test_only_small_jpeg_and_png_are_covers(data: bytes, kept: bool) -> None:
    manifest = '<item id="c" href="c.jpg" media-type="image/jpeg" properties="cover-image"/>'
    book = read(epub(PAGES, manifest=manifest, extra={"OEBPS/c.jpg": data}), limits=ReadingLimits(cover_size=1000))
    assert book.cover == (data if kept else None)
