"""The process that joins one book: `python -m ttsqueue.audio.book_child`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from ttsqueue.audio.book_description import describe
from ttsqueue.audio.book_file import BookFile
from ttsqueue.audio.book_options import book_options
from ttsqueue.audio.chapter_file import flushed_size
from ttsqueue.audio.coding import CODINGS, create_file
from ttsqueue.audio.faults import writing_fault
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.marks import marks_of
from ttsqueue.audio.parent import Parent
from ttsqueue.audio.sound import BookPart, BookSound, BookTags, ChapterSound


@dataclass(frozen=True)
class BookOrder:
    """What is to be joined, and into which file."""

    parts: list[BookPart]
    target: Path
    format: AudioFormat
    tags: BookTags

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        order: dict[str, Any] = json.loads(text)
        parts = [BookPart(Path(part["path"]), part["title"], ChapterSound(**part["sound"])) for part in order["parts"]]
        return cls(parts, Path(order["target"]), AudioFormat(order["format"]), BookTags(**order["tags"]))


def join(order: BookOrder, cover: bytes, parent: Parent) -> BookSound:
    """AudioError if a part is missing or damaged; libav's errors if the book cannot be written."""
    coding = CODINGS[order.format]
    marks = marks_of(order.parts, coding.priming)
    options = book_options(order.format, marks, order.tags, cover)
    with create_file(order.target, coding, options, marks.clock) as output:
        book = BookFile(output, coding, marks.clock)
        describe(output, order.format, order.tags, marks, cover)
        for done, part in enumerate(order.parts, 1):
            book.append(part)
            parent.check_alive()
            parent.send(Kind.PROGRESS, str(done / len(order.parts)).encode())
        book.finish()
    return BookSound(marks.duration, marks.seconds, flushed_size(order.target))


def main() -> None:
    parent = Parent()
    received = parent.order()
    order = BookOrder.from_json(received[Kind.ORDER])
    try:
        sound = join(order, received.get(Kind.DATA, b""), parent)
    except Exception as error:
        parent.send(Kind.FAILED, str(writing_fault(error, order.target.parent)).encode())
    else:
        parent.send(Kind.DONE, json.dumps(asdict(sound)).encode())


if __name__ == "__main__":
    main()
