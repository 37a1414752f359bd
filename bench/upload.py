"""What an upload as large as is allowed costs in memory."""

from __future__ import annotations

import os
import tempfile
import threading
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from httpx import Client

from bench.sample_book import chapters
from bench.served import served
from bench.table import print_table

UPLOAD = 198_000_000
"""Bytes; with all around them just under the limit of 200 MB."""
LONG_TEXT = 10_000_000
"""Bytes; three times as long as the longest novels. All of it is in the answer."""
WORDS = 60_000
PICTURE = 2_000_000
BLOCK = 65_536
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
    '<rootfile full-path="book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A long watch</dc:title><dc:language>en</dc:language>'
    "</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
)
PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Chapter {number}</title></head>'
    "<body><h1>Chapter {number}</h1><p>{text}</p></body></html>"
)
BOOKS = "/api/tts/books"


@dataclass
class Peak:
    """Highest PSS seen, in bytes: of the server alone, and of it with all its children."""

    server: int = 0
    tree: int = 0

    def look(self, root: psutil.Process) -> None:
        server = root.memory_full_info().pss
        children = 0
        for child in root.children(recursive=True):
            with suppress(psutil.Error):
                children += child.memory_full_info().pss
        self.server, self.tree = max(self.server, server), max(self.tree, server + children)


@contextmanager
def watched(root: psutil.Process) -> Generator[Peak, None, None]:
    peak, over = Peak(), threading.Event()

    def watch() -> None:
        while not over.wait(0.01):
            peak.look(root)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def upload(address: str, book: Path) -> int:
    """The status of the answer, whose body is not kept here."""
    head = {"Content-Type": "multipart/form-data; boundary=b"}
    with (
        Client(base_url=address, timeout=120) as client,
        client.stream("POST", BOOKS, content=_form(book), headers=head) as answer,
    ):
        for _ in answer.iter_raw():
            pass
        return answer.status_code


def _form(book: Path) -> Iterator[bytes]:
    yield f'--b\r\nContent-Disposition: form-data; name="file"; filename="{book.name}"\r\n\r\n'.encode()
    with book.open("rb") as file:
        while block := file.read(BLOCK):
            yield block
    yield b"\r\n--b--\r\n"


def write_epub(path: Path, picture_size: int) -> Path:
    """A novel of 60,000 words, and pictures that no reading needs."""
    texts = chapters(WORDS)
    names = [f"{number}.xhtml" for number in range(len(texts))]
    items = "".join(
        f'<item id="p{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="p{n}"/>' for n in range(len(names)))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("book.opf", PACKAGE.format(items=items, spine=spine))
        for number, (name, text) in enumerate(zip(names, texts, strict=True), 1):
            archive.writestr(name, PAGE.format(number=number, text=text))
        for number in range(picture_size // PICTURE):
            archive.writestr(f"{number}.jpg", os.urandom(PICTURE))
    return path


def write_text(path: Path, size: int) -> Path:
    line = b"The keeper carried the old lantern before the tide came in.\n\n" * 1_000
    with path.open("wb") as file:
        for _ in range(size // len(line)):
            file.write(line)
    return path


def rows(folder: Path, label: str, book: Path) -> list[list[str]]:
    """What one upload costs a server that has seen only a small one."""
    small = write_text(folder / "small.txt", 100_000)
    with served(folder / "data", "serve") as (address, pid):
        upload(address, small)
        server, before = psutil.Process(pid), Peak()
        before.look(server)
        with watched(server) as most:
            status = upload(address, book)
    label = f"{label}, {book.stat().st_size / 1e6:.0f} MB, answer {status}"
    return [
        _row(f"{label}: server process", before.server, most.server),
        _row("  with the child that reads the book", before.tree, most.tree),
    ]


def _row(label: str, before: int, most: int) -> list[str]:
    return [label, *(f"{size / 1e6:.0f}" for size in (before, most, most - before))]


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = [
            *rows(folder, "EPUB with pictures", write_epub(folder / "book.epub", UPLOAD)),
            *rows(folder, "more text than one book may have", write_text(folder / "endless.txt", UPLOAD)),
            *rows(folder, "text", write_text(folder / "long.txt", LONG_TEXT)),
        ]
    print_table("Uploads, MB of PSS", ["what", "before", "at most", "growth"], table)
