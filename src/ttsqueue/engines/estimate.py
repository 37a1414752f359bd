"""How long a text will take to speak."""

from __future__ import annotations

from ttsqueue.engines.languages import canonical_tag

# Characters per second at speed 1.0, measured with espeak on a page of prose with its pauses. Other
# engines differ, but a book's time left is corrected by what has been spoken already.
_USUAL = 16.5
_PACE = {
    "ar": 10.0, "cmn": 4.2, "cs": 15.3, "de": 17.8, "fi": 14.9, "fr": 21.0, "he": 13.3, "hi": 13.7, "hu": 14.6,
    "ja": 9.4, "ko": 7.1, "pl": 14.8, "ru": 18.0, "sv": 15.8, "ta": 15.3, "th": 9.8, "tr": 14.1, "vi": 17.5,
    "yue": 4.2, "zh": 4.2,
}  # fmt: skip


def estimate_seconds(characters: int, speed: float, language: str) -> float:
    """Seconds of speech for so many characters of prose in `language` (BCP 47), within about 15 %."""
    primary = canonical_tag(language).partition("-")[0]
    return characters / (_PACE.get(primary, _USUAL) * speed)
