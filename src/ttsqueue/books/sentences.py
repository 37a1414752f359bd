"""Cuts a chapter into pieces that an engine takes in one call, at places where a reader would pause."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import sentencex

_LOOKAHEAD = 200
"""Characters read past the limit: a full stop inside quoted speech ends no piece if the quote ends soon after."""
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n\s*")
_CLAUSE_END = re.compile(r"[,;:–—،؛]['\"”’»)\]]*\s+|[，、；：]\s*")  # noqa: RUF001 - each of these is meant
_WORD_END = re.compile(r"\s+")
_SURROGATE = re.compile("[\ud800-\udfff]")


def pieces(text: str, language: str, limit: int) -> Iterator[str]:
    """Yield `text` in order, nothing lost, in pieces of at most `limit` characters.

    A piece is as many whole sentences as fit; one that nearly fits to the end of a paragraph ends there.
    A sentence beyond the limit is cut after a clause, else after a word, else anywhere. White space
    belongs to the piece before it.
    """
    start = 0
    while len(text) - start > limit:
        # One window at a time: the splitter's time grows with the square of a text full of quotes.
        cut = _cut(text[start : start + limit + _LOOKAHEAD], language, limit)
        yield text[start : start + cut]
        start += cut
    if start < len(text):
        yield text[start:]


def sentences(text: str, language: str, limit: int) -> Iterator[str]:
    """The same, sentence by sentence; one beyond the limit comes in several pieces."""
    start = 0
    for end in (*_sentence_ends(text, language), len(text)):
        if text[start:end].strip():
            yield from pieces(text[start:end], language, limit)
            start = end
    yield from pieces(text[start:], language, limit)


def _cut(window: str, language: str, limit: int) -> int:
    """Where the first piece of `window` ends; the window is longer than `limit`."""
    first_word = len(window) - len(window.lstrip())

    def last(ends: Iterable[int], earliest: int) -> int:
        return max((end for end in ends if max(earliest, first_word + 1) <= end <= limit), default=0)

    return (
        last(_matches(_PARAGRAPH_END, window), limit * 2 // 3)
        or last(_sentence_ends(window, language), 1)
        or last(_matches(_CLAUSE_END, window), limit // 2)
        or last(_matches(_WORD_END, window), 1)
        or _anywhere(window, limit)
    )


def _matches(pattern: re.Pattern[str], window: str) -> Iterator[int]:
    return (match.end() for match in pattern.finditer(window))


def _sentence_ends(window: str, language: str) -> Iterator[int]:
    spelled = _SURROGATE.sub("\ufffd", window)  # the splitter works on UTF-8
    for sentence in sentencex.get_sentence_boundaries(language.partition("-")[0].lower(), spelled):
        yield _after_space(window, sentence["end_index"])


def _after_space(window: str, position: int) -> int:
    space = _WORD_END.match(window, position)
    return space.end() if space else position


def _anywhere(window: str, limit: int) -> int:
    """The limit, or a little before it when that would tear a character from its accents."""
    for end in range(limit, limit // 2, -1):
        if not _clings(window[end - 1], window[end]):
            return end
    return limit


def _clings(before: str, after: str) -> bool:
    """Whether `after` must stay in one piece with `before`: spaces, accents, emoji parts, surrogates."""
    return (
        after.isspace()
        or unicodedata.category(after).startswith("M")
        or "\u200d" in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
    )
