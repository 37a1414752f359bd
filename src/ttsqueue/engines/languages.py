"""Language tags as they stand in books, and which voice comes nearest to one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from ttsqueue.engines.engine import Voice

_SAME_LANGUAGE = {"no": "nb", "nn": "nb", "iw": "he", "in": "id"}
"""Tags that voices do not carry: Norwegian in general, and codes withdrawn from ISO 639."""
_NO_LANGUAGE = frozenset({"", "und", "mul", "zxx", "mis"})

# What to try after the tag itself, before its region is given up.
_NEAREST = {
    "en": "en-US", "en-AU": "en-GB", "en-IE": "en-GB", "en-IN": "en-GB", "en-NZ": "en-GB", "en-ZA": "en-GB",
    "es-AR": "es-419", "es-CL": "es-419", "es-CO": "es-419", "es-MX": "es-419", "es-PE": "es-419",
    "es-US": "es-419", "fr": "fr-FR", "de": "de-DE", "pt": "pt-BR", "zh": "cmn", "zh-HK": "yue", "zh-MO": "yue",
    "zh-Hant-HK": "yue",
}  # fmt: skip


def canonical_tag(tag: str) -> str:
    """`EN_us` as `en-US`, `iw` as `he`; empty when the tag names no language."""
    first, *rest = tag.strip().replace("_", "-").split("-")
    language = _SAME_LANGUAGE.get(first.lower(), first.lower())
    return "" if language in _NO_LANGUAGE else "-".join([language, *_cased(rest)])


def _cased(subtags: Sequence[str]) -> Iterator[str]:
    private = False
    for subtag in subtags:
        private = private or len(subtag) == 1
        if private or len(subtag) not in (2, 4):
            yield subtag.lower()
        else:
            yield subtag.upper() if len(subtag) == 2 else subtag.title()


def nearest_voice(voices: Sequence[Voice], language: str) -> Voice | None:
    """The voice for a book in `language` (a canonical tag): the same tag, then a near one, then the same
    language from anywhere, then a voice that speaks every language (one without a tag)."""
    by_tag: dict[str, Voice] = {}
    for voice in voices:
        by_tag.setdefault(canonical_tag(voice.language), voice)
    wanted = [*_near_tags(language), *_from_anywhere(by_tag, language), ""]
    return next((by_tag[tag] for tag in wanted if tag in by_tag), None)


def _near_tags(language: str) -> Iterator[str]:
    while language:
        yield language
        if language in _NEAREST:
            yield _NEAREST[language]
        language = language.rpartition("-")[0]


def _from_anywhere(tags: Iterable[str], language: str) -> list[str]:
    primary = language.partition("-")[0]
    return sorted((tag for tag in tags if tag.partition("-")[0] == primary), key=len)
