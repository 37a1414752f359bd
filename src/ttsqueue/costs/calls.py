"""How often an engine has to be called for a book. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ttsqueue.books.sentences import pieces
from ttsqueue.text import has_words

_CUT = 1_000_000
"""Characters of a book that are cut as a worker cuts them: a tenth of a second. The rest will be much like them."""


def calls_of_each(texts: Iterable[str], language: str, most: int) -> Iterator[int]:
    """Of each chapter, when a call takes `most` characters."""
    cut = calls = 0
    for text in texts:
        if not has_words(text):
            yield 0
            continue
        beginning = text[: _CUT - cut]
        its_calls = sum(1 for _ in pieces(beginning, language, most))
        cut, calls = cut + len(beginning), calls + its_calls
        yield max(its_calls + round((len(text) - len(beginning)) * calls / cut), 1)
