"""A Markdown file as a manuscript, by way of HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import IO

from ttsqueue.books.cleaning import clean_line
from ttsqueue.books.html import manuscript_of_page
from ttsqueue.books.language import language_tag
from ttsqueue.books.limits import ReadingLimits
from ttsqueue.books.manuscript import Manuscript
from ttsqueue.books.markup import parse_html
from ttsqueue.books.plain_text import read_text

_FRONT_MATTER = re.compile(r"\A---[^\S\n]*\n(.*?)^(?:---|\.\.\.)[^\S\n]*$\n?", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(title|author|authors|creator|lang|language):[^\S\n]*(.*)$", re.MULTILINE | re.IGNORECASE)
# Beyond this the parser drops text without a word.
_DEEPEST = 100
_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:.*(?:\n(?:[ \t]+\S.*|[^\S\n]*(?=\n[ \t]+\S)))*", re.MULTILINE)


def read_markdown(file: IO[bytes], _suffix: str, limits: ReadingLimits) -> Manuscript:
    """Title, author and language from a block of `name: value` lines between `---` at the top."""
    text = read_text(file, limits)
    found = _FRONT_MATTER.match(text)
    fields = {name.lower(): _value(value) for name, value in _FIELD.findall(found[1])} if found else {}
    root = parse_html(_to_html(text[found.end() :] if found else text), "the text")
    page = Manuscript(()) if root is None else manuscript_of_page(root)
    return replace(
        page,
        title=fields.get("title") or page.title,
        author=fields.get("author") or fields.get("authors") or fields.get("creator") or page.author,
        language=language_tag(fields.get("language") or fields.get("lang") or "") or page.language,
    )


def _to_html(text: str) -> str:
    from markdown_it import MarkdownIt

    return str(
        MarkdownIt("commonmark", {"maxNesting": _DEEPEST})
        .enable(["table", "strikethrough"])
        .render(_without_notes(text))
    )


def _without_notes(text: str) -> str:
    """The text without footnotes and their marks, which `[^1]` and `[^1]: ...` write."""
    for name in set(_NOTE.findall(text)):
        text = re.sub(rf"\[\^{re.escape(name)}\](?!:)", "", text)
    return _NOTE.sub("", text)


def _value(written: str) -> str:
    return clean_line(written.strip().strip("[]").strip("\"'"))
