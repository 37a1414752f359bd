from __future__ import annotations

import re
import sys

import pytest

from tests.engines.speech import seconds
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.errors import EngineError

WELL_FORMED = re.compile(
    r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*(-x(-[a-z0-9]{1,8})+)?"
)


async def test_voices_have_the_names_that_people_type(engine: EspeakEngine) -> None:
    voices = {voice.name: voice for voice in await engine.voices()}
    assert len(voices) > 130
    assert {"en-us", "en-gb", "de", "fr", "es", "pt-br", "cmn", "yue"} <= set(voices)
    assert voices["en-us"].id == "espeak:en-us"
    assert voices["en-us"].language == "en-US"
    assert voices["en-us"].label == "English (America)"
    assert voices["en-gb"].language == "en-GB"
    assert voices["fr"].language == "fr-FR"


async def test_every_language_is_a_well_formed_tag(engine: EspeakEngine) -> None:
    assert [voice for voice in await engine.voices() if not WELL_FORMED.fullmatch(voice.language)] == []


async def test_names_are_unique(engine: EspeakEngine) -> None:
    names = [voice.name for voice in await engine.voices()]
    assert len(names) == len(set(names))


async def test_every_listed_voice_can_be_heard(engine: EspeakEngine) -> None:
    text = "a b c 1 2 3, ждя, 你好"
    silent = [voice for voice in await engine.voices() if await seconds(engine, text, voice=voice.name) < 0.7]
    assert silent == []


async def test_a_voice_without_its_dictionary_is_not_listed(engine: EspeakEngine) -> None:
    # The wheel lists Faroese but lacks its dictionary: every book would be silence.
    assert "fo" not in {voice.name for voice in await engine.voices()}


async def test_the_missing_package_is_named(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    with pytest.raises(EngineError, match=r"Install ttsqueue\[espeak\]") as caught:
        await engine.voices()
    assert not caught.value.retryable
