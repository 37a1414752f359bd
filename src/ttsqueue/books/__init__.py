"""Books in: files that strangers upload, read into chapters."""

from ttsqueue.books.book import Book, BookChapter
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.reading import read_book
from ttsqueue.books.recognition import SUPPORTED_SUFFIXES

__all__ = ["SUPPORTED_SUFFIXES", "Book", "BookChapter", "ReadingLimits", "read_book"]
