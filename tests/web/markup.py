"""What must hold of every page: for parsers, for screen readers, and for the content security policy."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from httpx import Response
from lxml import etree, html
from lxml.html import HtmlElement

from tests.web.website import words

_UNKNOWN_TAG = 801  # libxml2 knows no elements of HTML5 in some versions
_REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "list", "form")
_UNLABELLED = ("hidden", "submit", "button")
_INLINE = re.compile(r"""\s(style|on[a-z]+)\s*=|<style|<script(?![^>]*\ssrc=)""", re.IGNORECASE)
_EMPTIED = re.compile(r'"[^"]*"')


def faults(answer: Response) -> list[str]:
    """Empty for a sound page."""
    page = html.document_fromstring(answer.text)
    return [
        *_syntax(answer.text),
        *_inline(answer.text),
        *_head(page),
        *_ids(page),
        *_names(page),
        *_headings(page),
    ]


def inline_faults(template: Path) -> list[str]:
    """What the content security policy forbids, in the source of a template."""
    return list(_inline(template.read_text()))


def _syntax(text: str) -> Iterator[str]:
    parser = etree.HTMLParser()
    etree.fromstring(text, parser)
    for error in parser.error_log:
        if error.type != _UNKNOWN_TAG:
            yield f"line {error.line}: {error.message}"
    for tag in re.findall(r"<[a-z][^>]*>", _EMPTIED.sub('""', text)):
        names = Counter(re.findall(r"\s([a-z-]+)", tag))
        yield from (f"{name} is there twice: {tag[:80]}" for name, number in names.items() if number > 1)
    if not text.startswith("<!doctype html>"):
        yield "no doctype"


def _inline(text: str) -> Iterator[str]:
    for tag in re.findall(r"<[^>]*>", text):
        if _INLINE.search(_EMPTIED.sub('""', tag)):
            yield f"inline: {tag[:80]}"
    yield from (f"inline: {address}" for address in re.findall(r'="\s*(javascript:[^"]*)"', text, re.IGNORECASE))


def _head(page: HtmlElement) -> Iterator[str]:
    if page.get("lang") != "en":
        yield "no language"
    if not words(page.find(".//title")):
        yield "no title"
    if len(page.xpath("//main")) != 1:
        yield "not one main"


def _ids(page: HtmlElement) -> Iterator[str]:
    ids = Counter(page.xpath("//@id"))
    yield from (f"id {name} is there {number} times" for name, number in ids.items() if number > 1)
    for reference in _REFERENCES:
        for value in page.xpath(f"//@{reference}"):
            yield from (f"{reference} names {name}, which is not there" for name in value.split() if name not in ids)


def _names(page: HtmlElement) -> Iterator[str]:
    for field in page.xpath("//input | //select | //textarea"):
        if field.get("type") not in _UNLABELLED and not _label(page, field):
            yield f"no label: {html.tostring(field)[:80]!r}"
    for thing in page.xpath("//button | //a | //progress | //table[not(caption)] | //nav | //optgroup"):
        if not (thing.get("aria-label") or thing.get("aria-labelledby") or thing.get("label") or words(thing)):
            yield f"no name: {html.tostring(thing)[:80]!r}"
    yield from (f"no alt: {image.get('src')}" for image in page.xpath("//img[not(@alt)]"))


def _label(page: HtmlElement, field: HtmlElement) -> str:
    """The name that a screen reader says."""
    if field.get("aria-label"):
        return str(field.get("aria-label"))
    named = field.get("aria-labelledby", "").split()
    labels = [page.get_element_by_id(name) for name in named]
    labels += page.xpath("//label[@for=$id]", id=field.get("id", ""))
    labels += field.xpath("ancestor::label")
    return " ".join(words(label) for label in labels)


def _headings(page: HtmlElement) -> Iterator[str]:
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3 | //h4 | //h5 | //h6")]
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"not one h1 in front: {levels}"
    yield from (f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1)
    yield from ("an empty heading" for heading in page.xpath("//h1 | //h2 | //h3") if not words(heading))
