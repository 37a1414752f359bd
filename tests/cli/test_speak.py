"""One command turns a real book into an audiobook, through the real queue and a real worker process."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from ttsqueue.cli.wording import length

from .books import write_book
from .processes import processes_of
from .program import Program, end, read_until
from .sound import has_picture, seconds

NAME = "Ada Keeper - The Lighthouse at Noon.m4b"


def png(width: int = 300, height: int = 400) -> bytes:
    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def test_a_book_becomes_an_audiobook_that_plays_as_long_as_it_says(ttsqueue: Program, here: Path) -> None:
    ended = ttsqueue("speak", write_book(here))
    assert ended.out == f"{NAME} ({length(seconds(here / NAME))})\n"
    for number in (1, 2, 3):
        assert f"chapter {number} of 3, Part {number}, is spoken" in ended.err
    assert "\x1b" not in ended.out + ended.err
    assert sorted(file.suffix for file in here.iterdir()) == [".m4b", ".md"]
    assert processes_of(ttsqueue) == []


def test_the_same_book_again_is_delivered_without_speaking(ttsqueue: Program, here: Path) -> None:
    book = write_book(here)
    ttsqueue("speak", book)
    assert "is spoken" not in ttsqueue("speak", book, "-o", "elsewhere/").err
    assert (here / "elsewhere" / NAME).read_bytes() == (here / NAME).read_bytes()
    ttsqueue("speak", book)
    assert not (here / NAME.replace(".m4b", " (2).m4b")).exists()
    assert ttsqueue("stats", "--json").json["completed"] == 1


def test_a_book_whose_sound_is_gone_is_spoken_again(ttsqueue: Program, here: Path) -> None:
    book = write_book(here, chapters=1)
    first = ttsqueue("speak", book, "--json").json
    for file in (ttsqueue.data / "audio" / first["jobId"]).iterdir():
        file.unlink()
    (here / NAME).unlink()
    assert ttsqueue("speak", book, "--json").json["jobId"] != first["jobId"]
    assert (here / NAME).is_file()


def test_another_speed_is_another_audiobook_and_overwrites_nothing(ttsqueue: Program, here: Path) -> None:
    book = write_book(here, chapters=1)
    ttsqueue("speak", book)
    slow = seconds(here / NAME)
    ended = ttsqueue("speak", book, "--speed", "2")
    second = here / NAME.replace(".m4b", " (2).m4b")
    assert second.name in ended.out
    assert seconds(here / NAME) == slow
    assert seconds(second) < 0.7 * slow


def test_several_books_and_one_that_is_broken(ttsqueue: Program, here: Path) -> None:
    broken = here / "broken.epub"
    broken.write_bytes(b"PK\x03\x04 not a book")
    books = [write_book(here, "One", chapters=1), broken, write_book(here, "Two", chapters=1)]
    ended = ttsqueue("speak", *books, "-o", "out", "--json", code=1)
    by_book = {Path(line["book"]).name: line for line in ended.json_lines}
    assert by_book.keys() == {"One.md", "broken.epub", "Two.md"}
    assert by_book["broken.epub"]["error"]
    assert by_book["broken.epub"]["file"] is None
    for title in ("One", "Two"):
        told = by_book[f"{title}.md"]
        assert told["error"] is None
        assert seconds(here / told["file"]) == pytest.approx(told["totalDuration"], abs=0.1)
    assert "broken.epub: " in ended.err


@pytest.mark.parametrize("suffix", ["mp3", "opus", "flac", "wav"])
def test_the_suffix_of_the_file_chooses_the_format(ttsqueue: Program, here: Path, suffix: str) -> None:
    ended = ttsqueue("speak", write_book(here, chapters=2), "-o", f"book.{suffix}")
    assert ended.out == f"book.{suffix} ({length(seconds(here / f'book.{suffix}'))})\n"


def test_chosen_chapters_keep_their_names(ttsqueue: Program, here: Path) -> None:
    job_id = ttsqueue("speak", write_book(here), "--chapters", "2-3", "--json").json["jobId"]
    chapters = ttsqueue("status", job_id, "--json").json["result"]["chapters"]
    assert [(chapter["chapterId"], chapter["title"]) for chapter in chapters] == [("ch2", "Part 2"), ("ch3", "Part 3")]


def test_a_chapter_that_is_not_there_is_one_sentence(ttsqueue: Program, here: Path) -> None:
    ended = ttsqueue("speak", write_book(here), "--chapters", "9", code=1)
    assert ended.err == "There is no chapter 9: the book has 3. See them with --dry-run.\n"


def test_a_cover_goes_into_the_book(ttsqueue: Program, here: Path) -> None:
    (here / "cover.png").write_bytes(png())
    ttsqueue("speak", write_book(here, chapters=1), "--cover", "cover.png")
    assert has_picture(here / NAME)


def test_a_cover_that_is_no_picture_is_a_warning(ttsqueue: Program, here: Path) -> None:
    (here / "cover.png").write_bytes(b"not a picture")
    ended = ttsqueue("speak", write_book(here, chapters=1), "--cover", "cover.png")
    assert ended.err.startswith("The audiobook will have no cover. ")
    assert (here / NAME).is_file()
    assert not has_picture(here / NAME)


def test_an_output_folder_that_cannot_be_written_is_told_before_hours_are_spent(ttsqueue: Program, here: Path) -> None:
    ended = ttsqueue("speak", write_book(here), "-o", "/proc/books/", code=1)
    assert ended.err.startswith("Cannot write to /proc/books: ")
    assert ended.err.endswith("Nothing was started; name another folder with -o.\n")
    assert ttsqueue("stats", "--json").json["pending"] == 0


def test_what_cannot_be_delivered_is_kept_and_delivered_later(ttsqueue: Program, here: Path) -> None:
    book = write_book(here)
    process = ttsqueue.start("speak", book, "-o", "out")
    try:
        read_until(process, "is spoken")
        (here / "out").rmdir()
        (here / "out").write_text("in the way")
        ended = ttsqueue.wait(process)
    finally:
        end(process)
    assert ended.code == 1
    assert "The audiobook is kept in the data folder" in ended.err
    again = ttsqueue("speak", book, "-o", "elsewhere")
    assert again.err == ""
    assert (here / "elsewhere" / NAME).is_file()


def test_a_paused_queue_is_named_as_what_the_book_waits_for(ttsqueue: Program, here: Path) -> None:
    ttsqueue("pause")
    process = ttsqueue.start("speak", write_book(here, chapters=1))
    try:
        read_until(process, "the queue is paused, 'ttsqueue resume' lets it go on")
        ttsqueue("resume")
        assert ttsqueue.wait(process).code == 0
    finally:
        end(process)


def test_a_book_with_nothing_to_speak_is_one_sentence(ttsqueue: Program, here: Path) -> None:
    empty = here / "empty.txt"
    empty.write_text("")
    ended = ttsqueue("speak", empty, "missing.epub", code=1)
    assert ended.err == "empty.txt: The file empty.txt is empty.\nmissing.epub: There is no file missing.epub.\n"
