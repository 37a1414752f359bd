"""Chapter headings in text that has no markup: "Chapter 1", "Kapitel 3", "PART TWO", a numeral alone."""
# ruff: noqa: RUF001 - words in many scripts

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_CHAPTER = (
    "chapter|chap|kapitel|kap|chapitre|cap[íi]tulo|capitolo|hoofdstuk|kapittel|kapitola|rozdzia[łl]|глава|"
    "розділ|poglavlje|fejezet|luku|bölüm|capitolul|κεφάλαιο|letter|stave|canto|act|scene|adventure|story|tale|episode|lecture"
)
_PART = "part|teil|partie|parte|deel|del|cz[ęe]ść|часть|частина|book|buch|livre|libro|livro|boek|volume|band|osa"
_SPELLED = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|(?:twenty|thirty|forty|fifty)(?:-\\w+)?|the \\w+|first|second|third|last|"
    "eins|zwei|drei|vier|fünf|premi[eè]re?|deuxième|troisième|primer[oa]?|segund[oa]|tercer[oa]|prim[oa]|"
    "second[oa]|terz[oa]|um|dois|três|primeir[oa]|terceir[oa]|een|twee|drie"
)
_NUMBER = rf"(?P<number>\d{{1,4}}|[ivxlcdm]{{1,9}}|{_SPELLED})"
_TITLE = r"(?P<title>[.:)\u2013\u2014-].*|\s+[^a-zа-я].*)?"
_KEYWORD_LINE = re.compile(
    rf"(?P<keyword>(?P<part>{_PART})|{_CHAPTER})\.?\s+{_NUMBER}(?![\w'’]){_TITLE}", re.IGNORECASE
)
_LOWER_TITLE = re.compile(r"\s+[a-zа-яà-ÿ]")
# "Erstes Kapitel", "2. fejezet", "Second Part"; but not "A Tale", "The Book".
_ORDINAL = r"(?P<number>\d{1,4}|\w{4,})"
_AFTER_ORDINAL = _CHAPTER.partition("|letter")[0]
_NUMBER_FIRST = re.compile(rf"{_ORDINAL}\.?\s+(?P<keyword>(?P<part>{_PART})|{_AFTER_ORDINAL})\.?", re.IGNORECASE)
_CJK = re.compile(
    r"第\s*(?P<number>[0-9〇一二三四五六七八九十百千]+)\s*(?P<keyword>(?P<part>[卷部])|[章回節节话話]).{0,40}"
)
_ALONE = re.compile(
    r"(prologue|epilogue|preface|foreword|introduction|afterword|interlude|postscript|prolog|epilog|vorwort|"
    r"einleitung|nachwort|vorrede|prologue|épilogue|préface|avant-propos|postface|prólogo|ep[íi]logo|prefacio|"
    r"introducción|introdução|prefácio|posfácio|prologo|prefazione|introduzione|postfazione|proloog|voorwoord|"
    r"inleiding|nawoord|förord|forord|пролог|эпилог|предисловие|введение|послесловие)[.:]?",
    re.IGNORECASE,
)
_NUMERAL = re.compile(r"(?P<number>\d{1,3}|[IVXLC]{1,7})[.:)]?")
_NUMBERED_TITLE = re.compile(r"(?P<number>\d{1,3}|[IVXLC]{1,7})[.:)]\s+\S.{0,60}")
_COUNTED = _SPELLED.split("|")[:19]
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_LONGEST = 90
PART_LEVEL, CHAPTER_LEVEL = 1, 2


@dataclass(frozen=True)
class Heading:
    """A line that reads like a heading: its level, its keyword and number as written, and the title after it."""

    level: int
    keyword: str = ""
    number: str = ""
    title: str = ""


def heading_of(line: str) -> Heading | None:
    """What a line of text announces, None when it is prose."""
    if len(line) > _LONGEST:
        return None
    if _ALONE.fullmatch(line):
        return Heading(CHAPTER_LEVEL, title=line)
    found = _KEYWORD_LINE.fullmatch(line)
    if found and not _LOWER_TITLE.match(found["title"] or ""):
        return _heading(found, (found["title"] or "").strip(" .:)-\u2013\u2014"))
    found = _NUMBER_FIRST.fullmatch(line) or _CJK.fullmatch(line)
    return _heading(found, "") if found and not line[0].islower() else None


def is_bare_number(line: str) -> bool:
    """Whether a heading is only a number, alone or with its keyword: "IV", "Chapter 4", "Kapitel 4."."""
    found = heading_of(line)
    return bool(found.number and not found.title) if found else _NUMERAL.fullmatch(line) is not None


def numbered_lines(lines: Sequence[str]) -> list[int]:
    """Indexes of lines that count 1, 2, 3 ... on their own or before a title; at least two of them.

    The count may start again at 1, as it does in a new part. Lines that stand directly after each other
    are a list, not headings.
    """
    return _counting(lines, _NUMERAL) or _counting(lines, _NUMBERED_TITLE)


def number_value(written: str) -> int | str:
    """The value of "12", "XII" or "twelve"; other words stay as they are."""
    if written.isdecimal():
        return int(written)
    if written in _COUNTED:
        return _COUNTED.index(written) + 1
    return _roman(written) if set(written.lower()) <= set(_ROMAN) else written


def _roman(written: str) -> int:
    values = [_ROMAN[letter] for letter in written.lower()]
    return sum(
        -value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )


def _heading(found: re.Match[str], title: str) -> Heading:
    level = PART_LEVEL if found["part"] else CHAPTER_LEVEL
    return Heading(level, found["keyword"].casefold(), found["number"].casefold(), title)


def _counting(lines: Sequence[str], pattern: re.Pattern[str]) -> list[int]:
    taken: list[int] = []
    last = 0
    for index, line in enumerate(lines):
        found = pattern.fullmatch(line)
        value = number_value(found["number"]) if found else 0
        if isinstance(value, int) and value in (1, last + 1) and (not taken or index - taken[-1] > 1):
            taken.append(index)
            last = value
    return taken if len(taken) > 1 else []
