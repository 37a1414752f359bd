"""Small PDFs written by hand: lines of text at given places, bookmarks, pictures, encryption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 400, 600


@dataclass(frozen=True)
class Printed:
    """A line at (`x`, `y`) points from the lower left corner, in Helvetica of `size` points."""

    text: str
    x: float = 50
    y: float = 500
    size: float = 11


@dataclass(frozen=True)
class Bookmark:
    title: str
    page: int
    y: float = HEIGHT


def column(*lines: str, top: float = 500, size: float = 11, indent: float = 0) -> list[Printed]:
    """Lines below each other at the usual distance, the first one indented."""
    return [
        Printed(line, 50 + (indent if number == 0 else 0), top - 14 * number, size) for number, line in enumerate(lines)
    ]


def pdf(
    pages: Sequence[Sequence[Printed]],
    *,
    bookmarks: Sequence[Bookmark] = (),
    info: str = "",
    pictures: bool = False,
    encrypted: bool = False,
) -> bytes:
    """A PDF of these pages; `info` is the inside of its information dictionary."""
    objects: list[bytes] = [b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    image = b"<< /Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8 "
    objects.append(image + b"/Length 1 >>\nstream\nA\nendstream")
    kids = []
    for lines in pages:
        content = b"".join(map(_printed, lines)) + (b"q 400 0 0 600 0 0 cm /Im1 Do Q\n" if pictures else b"")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 1 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 2 0 R >> /XObject << /Im1 3 0 R >> >> >>" % (WIDTH, HEIGHT, len(objects))
        )
        kids.append(len(objects))
    objects[0] = b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    outlines = _outlines(objects, bookmarks, kids)
    objects.append(b"<< /Type /Catalog /Pages 1 0 R %s >>" % outlines)
    catalog = len(objects)
    objects.append(b"<< %s >>" % info.encode("cp1252"))
    return _file(objects, catalog, encrypted=encrypted)


def _printed(line: Printed) -> bytes:
    text = line.text.encode("cp1252")
    for character in (b"\\", b"(", b")"):
        text = text.replace(character, b"\\" + character)
    return b"BT /F1 %g Tf 1 0 0 1 %g %g Tm (%s) Tj ET\n" % (line.size, line.x, line.y, text)


def _outlines(objects: list[bytes], bookmarks: Sequence[Bookmark], kids: Sequence[int]) -> bytes:
    if not bookmarks:
        return b""
    root = len(objects) + 1
    last = root + len(bookmarks)
    objects.append(b"<< /Type /Outlines /First %d 0 R /Last %d 0 R /Count %d >>" % (root + 1, last, len(bookmarks)))
    for number, bookmark in enumerate(bookmarks, root + 1):
        links = b"" if number == root + 1 else b"/Prev %d 0 R " % (number - 1)
        links += b"" if number == last else b"/Next %d 0 R " % (number + 1)
        place = b"[%d 0 R /XYZ 0 %g 0]" % (kids[bookmark.page], bookmark.y)
        objects.append(
            b"<< /Title (%s) /Parent %d 0 R %s/Dest %s >>" % (bookmark.title.encode("cp1252"), root, links, place)
        )
    return b"/Outlines %d 0 R" % root


def _file(objects: Sequence[bytes], catalog: int, *, encrypted: bool) -> bytes:
    data = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    data += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    # Keys that fit no password: whoever opens the file is asked for one.
    lock = b"/Encrypt << /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -4 >> /ID [<%s> <%s>]" % (
        b"41" * 32, b"42" * 32, b"43" * 16, b"43" * 16
    )  # fmt: skip
    data += b"trailer << /Size %d /Root %d 0 R /Info %d 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1, catalog, catalog + 1, lock if encrypted else b"", start
    )  # fmt: skip
    return data
