"""The process that parses a book: confined, killed, reaped."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from pathlib import Path

import psutil
import pytest

from ttsqueue.books import ReadingLimits, read_book
from ttsqueue.books.child import answer
from ttsqueue.books.wire import Refusal, decode, encode
from ttsqueue.errors import BookError

from .epub_maker import epub, page, write
from .parsing import read

PAGES = {
    "a.xhtml": page('<h1>Stairs</h1><p>"Two hundred"\u2028steps.</p>'),
    "b.xhtml": page("<h1>Oil</h1><p>\U0001f41f Fish.</p>"),
}
COVER = b"\x89PNG\r\n\x1a\n\x00\xff picture"


def spinning_epub() -> bytes:
    """A book that takes several seconds to read."""
    return epub({f"{number}.xhtml": page("<p>" + "<b>word</b> " * 100_000 + "</p>") for number in range(30)})


def children() -> list[psutil.Process]:
    return psutil.Process().children(recursive=True)


async def test_a_book_comes_back_as_it_was_parsed(tmp_path: Path) -> None:
    manifest = '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>'
    data = epub(PAGES, [("Stairs", "a.xhtml"), ("Oil", "b.xhtml")], manifest=manifest, extra={"OEBPS/c.png": COVER})
    assert await read_book(write(tmp_path, data)) == read(data)
    assert read(data).cover == COVER
    assert [path.name for path in tmp_path.iterdir()] == ["book.epub"]
    assert not children()


async def test_the_file_name_is_the_title_of_last_resort(tmp_path: Path) -> None:
    book = await read_book(write(tmp_path, b"Then the fog came.", "The Fog.txt"))
    assert (book.title, book.chapters[0].title) == ("The Fog", "The Fog")


async def test_a_wrong_suffix_does_no_harm(tmp_path: Path) -> None:
    assert (await read_book(write(tmp_path, epub(PAGES), "book.PDF"))).title == "The Lighthouse"


async def test_the_child_inherits_no_secrets_and_runs_behind_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    task = asyncio.create_task(read_book(write(tmp_path, spinning_epub())))
    child = await _child()
    await _until(lambda: child.nice() == 10)
    assert not {"DATABASE_URL", "HOME", "PATH"} & set(child.environ())
    if sys.platform == "linux":
        assert child.rlimit(psutil.RLIMIT_AS) == (ReadingLimits().memory,) * 2
        assert child.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert child.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not child.is_running()


async def test_cancelling_at_any_moment_leaves_no_process(tmp_path: Path) -> None:
    path = write(tmp_path, spinning_epub())
    for delay in (0, 0.001, 0.01, 0.05, 0.2):
        task = asyncio.create_task(read_book(path))
        await asyncio.sleep(delay)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await _until(lambda: not children())


async def test_a_slow_book_is_given_up(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(BookError, match=r"took longer than 0\.5 s"):
        await read_book(write(tmp_path, spinning_epub()), ReadingLimits(timeout=0.5))
    assert time.monotonic() - started < 3
    assert not children()


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not limit the memory of a process")
async def test_a_book_that_needs_too_much_memory_is_given_up(tmp_path: Path) -> None:
    path = write(tmp_path, b"The sea was calm.\n\n" * 3_000_000, "sea.txt")
    with pytest.raises(BookError, match="needs more memory"):
        await read_book(path, ReadingLimits(memory=150_000_000))


async def test_a_child_that_dies_is_one_sentence(tmp_path: Path) -> None:
    task = asyncio.create_task(read_book(write(tmp_path, spinning_epub())))
    (await _child()).kill()
    with pytest.raises(BookError, match="could not be read: it is damaged"):
        await task


async def test_many_books_are_read_side_by_side(tmp_path: Path) -> None:
    path = write(tmp_path, epub(PAGES))
    books = await asyncio.gather(*(read_book(path) for _ in range(8)))
    assert {book.title for book in books} == {"The Lighthouse"}
    assert len(os.listdir("/dev/fd")) < 40  # noqa: PTH208 - counts open files


def test_an_answer_that_broke_off_is_no_book() -> None:
    book = read(epub(PAGES))
    whole = b"".join(encode(book))
    assert decode(whole) == book
    assert decode(whole[:-5]) is None
    assert decode(b"\n".join(whole.splitlines()[:-1])) is None
    assert decode(b"") is None


def test_an_unexpected_failure_keeps_its_traceback_for_the_log() -> None:
    failed = answer(None, ".txt", ReadingLimits())  # type: ignore[arg-type]
    assert isinstance(failed, Refusal)
    assert "AttributeError" in failed.traceback
    assert decode(b"".join(encode(failed))) == failed


async def _child() -> psutil.Process:
    await _until(lambda: bool(children()))
    return children()[0]


async def _until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110 - another process gives no event
            await asyncio.sleep(0.005)
