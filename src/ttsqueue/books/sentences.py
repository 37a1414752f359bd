"""Cutting a chapter into pieces that an engine can take."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

from ttsqueue.text import storable

_BLOCK = 50_000
"""Characters looked at in one go, so that a chapter of any length costs a few milliseconds at a time."""

_PARAGRAPH_END = re.compile(r"\n\s*\n\s*")
_CLAUSE_END = re.compile(r"[,;:)\]…–—]\s+|[，；：、）]")
_SPACE = re.compile(r"\s+")
_LONGEST_CLUSTER = 32
"""Characters that one written sign may consist of, an emoji family or a letter with many accents."""


def pieces(text: str, language: str, limit: int) -> Iterator[str]:
    """Whole sentences, gathered up to `limit` characters; joined they are the text again, to the letter.

    A piece ends at a paragraph's end where one is near. A sentence beyond the limit is cut after a clause, else
    after a word, else anywhere but inside a written sign. White space stays with what comes before it.
    """
    gathered = ""
    for sentence in _short_sentences(text, language, limit):
        if len(gathered) + len(sentence) > limit:
            yield gathered
            gathered = ""
        gathered += sentence
        if len(gathered) * 2 >= limit and _ends_paragraph(gathered):
            yield gathered
            gathered = ""
    if gathered:
        yield gathered


def _short_sentences(text: str, language: str, limit: int) -> Iterator[str]:
    for block in _cut(text, _BLOCK, (_PARAGRAPH_END, _SPACE)):
        for sentence in _sentences(block, language):
            yield from _cut(sentence, limit, (_CLAUSE_END, _SPACE))


def _sentences(block: str, language: str) -> Iterator[str]:
    """The boundaries are used, not the texts that come with them: what is yielded always adds up to the block."""
    boundaries = get_sentence_boundaries(_primary(language), _encodable(block))
    start = 0
    for end in [*(boundary["end_index"] for boundary in boundaries), len(block)]:
        if end > start:
            yield block[start:end]
            start = end


def _cut(text: str, limit: int, places: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    """Parts of at most `limit` characters, cut after the last match of the first pattern that has one."""
    start = 0
    while len(text) - start > limit:
        end = _place_to_cut(text, start, limit, places)
        yield text[start:end]
        start = end
    if start < len(text):
        yield text[start:]


def _place_to_cut(text: str, start: int, limit: int, places: tuple[re.Pattern[str], ...]) -> int:
    for place in places:
        # From the middle on: a cut near the start would make many small pieces.
        ends = [match.end() for match in place.finditer(text, start + limit // 2, start + limit)]
        if ends:
            return ends[-1]
    return _outside_a_sign(text, start, start + limit)


def _outside_a_sign(text: str, start: int, end: int) -> int:
    for cut in range(end, max(start, end - _LONGEST_CLUSTER), -1):
        if not _continues(text[cut]) and text[cut - 1] != "\u200d":
            return cut
    return end


def _continues(character: str) -> bool:
    return unicodedata.category(character) in {"Mn", "Mc", "Me"} or character == "\u200d"


def _ends_paragraph(piece: str) -> bool:
    trailing = piece[len(piece.rstrip()) :]
    return trailing.count("\n") >= 2


def _primary(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower() or "en"


def _encodable(text: str) -> str:
    """Of the same length, since the boundaries are counted in it."""
    return text if storable(text) == text else "".join(sign if storable(sign) else " " for sign in text)
