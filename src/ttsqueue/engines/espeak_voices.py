"""The voices that libespeak-ng lists, under the names that people type."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ttsqueue.engines.engine import Voice
from ttsqueue.engines.languages import canonical_tag

_NAMES = {"en": "en-gb"}
"""The library calls its British voice plain `en`, which nobody would guess."""

_TAGS = {
    "ca-ba": "ca-x-balear", "ca-nw": "ca-x-nwest", "ca-va": "ca-valencia", "chr": "chr", "en-us-nyc": "en-US-x-nyc",
    "piqd": "tlh", "py": "art-x-pyash", "qdb": "art-x-belta", "ru-cl": "ru-x-classic", "xex": "art-x-xextan",
}  # fmt: skip
"""Where the library's own tag is not BCP 47: browsers throw on some of these."""


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice, and what the library calls it."""

    voice: Voice
    identifier: str


def as_voices(listed: Iterable[tuple[str, list[str], str]]) -> Iterator[EspeakVoice]:
    """From identifiers (`gmw/en-US`), languages (best first) and labels."""
    for identifier, languages, label in listed:
        own = identifier.rpartition("/")[2].lower()
        # The library says sometimes here, sometimes there which region or script it means.
        tag = _TAGS.get(own) or canonical_tag(max(languages[0], own, key=len))
        yield EspeakVoice(Voice("espeak", _NAMES.get(own, own), tag, label), identifier)
