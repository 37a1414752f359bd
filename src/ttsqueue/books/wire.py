"""How a book travels from the process that parsed it: one JSON object a line."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ttsqueue.books.book import Book, BookChapter


@dataclass(frozen=True)
class Refusal:
    """Why no book came: a sentence for a person, or the traceback of a reader that failed."""

    message: str = ""
    traceback: str = ""


def encode(answer: Book | Refusal) -> Iterator[bytes]:
    """The lines of an answer."""
    if isinstance(answer, Refusal):
        yield _line({"message": answer.message, "traceback": answer.traceback})
        return
    cover = base64.b64encode(answer.cover).decode() if answer.cover else None
    yield _line({"title": answer.title, "author": answer.author, "language": answer.language, "cover": cover})
    for chapter in answer.chapters:
        yield _line({"title": chapter.title, "text": chapter.text, "left_out": chapter.left_out})
    yield _line({"chapters": len(answer.chapters)})


def decode(data: bytes) -> Book | Refusal | None:
    """The answer, None when it broke off."""
    try:
        lines: list[dict[str, Any]] = [json.loads(line) for line in data.splitlines()]
    except ValueError:
        return None
    if lines and "message" in lines[0]:
        return Refusal(**lines[0])
    if len(lines) < 2 or lines[-1] != {"chapters": len(lines) - 2}:
        return None
    head = lines[0]
    cover = base64.b64decode(head["cover"]) if head["cover"] else None
    chapters = tuple(BookChapter(**line) for line in lines[1:-1])
    return Book(head["title"], head["author"], head["language"], chapters, cover)


def _line(members: dict[str, Any]) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode() + b"\n"
