"""The process that parses one book: the file comes as standard input, the answer goes to standard output."""

from __future__ import annotations

import json
import sys
import traceback
from importlib import import_module
from typing import IO

from ttsqueue.books.book import Book
from ttsqueue.books.chapters import chapters_of
from ttsqueue.books.confinement import confine
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Manuscript
from ttsqueue.books.recognition import recognise
from ttsqueue.books.wire import Refusal, encode
from ttsqueue.errors import BookError

# Imported only when needed: a text file must not wait for the parsers of the others.
_READERS = {
    "epub": ("ttsqueue.books.epub.reader", "read_epub"),
    "docx": ("ttsqueue.books.docx", "read_docx"),
    "pdf": ("ttsqueue.books.pdf.reader", "read_pdf"),
    "html": ("ttsqueue.books.html", "read_html"),
    "markdown": ("ttsqueue.books.markdown", "read_markdown"),
    "text": ("ttsqueue.books.plain_text", "read_plain_text"),
}
_TOO_MUCH_MEMORY = "This book needs more memory than one book may have; split it or export it again."
_TOO_DEEP = "This book cannot be read: its pages are nested too deeply."


def parse(file: IO[bytes], suffix: str, limits: ReadingLimits) -> Book:
    """The book in an open file. Raises BookError when there is none or it is larger than `limits`."""
    module, function = _READERS[recognise(file, suffix)]
    manuscript: Manuscript = getattr(import_module(module), function)(file, suffix, limits)
    chapters = chapters_of(manuscript)
    if not any(chapter.text for chapter in chapters):
        raise BookError("This book holds no text that could be read aloud.")
    if len(chapters) > limits.chapters:
        raise BookError(f"This book has more than {limits.chapters:,} chapters; it is refused.")
    if sum(len(chapter.text.encode()) for chapter in chapters) > limits.text_size:
        raise BookError(f"This book holds more than {limits.text_size // 1_000_000} MB of text; it is refused.")
    return Book(manuscript.title, manuscript.author, manuscript.language, chapters, manuscript.cover)


def answer(file: IO[bytes], suffix: str, limits: ReadingLimits) -> Book | Refusal:
    """The book, or why there is none; never an exception."""
    try:
        return parse(file, suffix, limits)
    except BookError as error:
        return Refusal(str(error))
    except MemoryError:
        return Refusal(_TOO_MUCH_MEMORY)
    except RecursionError:
        return Refusal(_TOO_DEEP)
    except Exception:  # the parsers of strangers' files fail in ways nobody lists
        return Refusal(traceback=traceback.format_exc())


def main() -> None:
    """Reads the book whose suffix and limits are the arguments."""
    suffix, limits = sys.argv[1], ReadingLimits(**json.loads(sys.argv[2]))
    confine(limits)
    for line in encode(answer(sys.stdin.buffer, suffix, limits)):
        sys.stdout.buffer.write(line)


if __name__ == "__main__":
    main()
