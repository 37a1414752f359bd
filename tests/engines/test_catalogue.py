from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Engine, Voice
from ttsqueue.engines.espeak import EspeakEngine
from ttsqueue.errors import EngineError, UnknownVoice


class Humming:
    """The smallest engine there can be: the same hum for every text."""

    name = "hum"
    sample_rate = 8000
    is_costly = False
    max_characters = 100

    def __init__(self, *languages: str, broken: bool = False, may_cost: bool = False) -> None:
        self._languages = languages
        self._broken = broken
        self._may_cost = may_cost

    async def voices(self) -> list[Voice]:
        if self._broken:
            raise EngineError("The hum is out of order.")
        return [
            Voice("hum", f"voice-{language}" if language else "de", language, may_cost=self._may_cost)
            for language in self._languages
        ]

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        yield bytes(len(text))

    async def aclose(self) -> None:
        self._languages = ()


@pytest.fixture
async def catalogue() -> AsyncIterator[VoiceCatalogue]:
    catalogue = VoiceCatalogue([EspeakEngine()])
    yield catalogue
    await catalogue.aclose()


BOOKS = {
    "en-US": "en-us", "en-GB": "en-gb", "en": "en-us", "en-AU": "en-gb", "en-CA": "en-us", "": "en-us",
    "und": "en-us", "EN_us": "en-us", "de": "de", "de-AT": "de", "fr": "fr", "fr-CA": "fr", "fr-BE": "fr-be",
    "es": "es", "es-MX": "es-419", "pt": "pt", "pt-BR": "pt-br", "zh": "cmn", "zh-Hant-TW": "cmn", "zh-HK": "yue",
    "no": "nb", "nn-NO": "nb", "sr-Latn": "sr", "vi-VN": "vi",
}  # fmt: skip


async def test_default_speaks_the_language_of_the_book(catalogue: VoiceCatalogue) -> None:
    chosen = {language: (await catalogue.resolve("default", language)).name for language in BOOKS}
    assert chosen == BOOKS


async def test_a_language_that_nobody_speaks_is_told_with_a_way_out(catalogue: VoiceCatalogue) -> None:
    with pytest.raises(UnknownVoice, match=r"No voice here speaks 'bo'.*for example espeak:"):
        await catalogue.resolve("default", "bo")


@pytest.mark.parametrize("voice_id", ["espeak:en-us", "en-us", "ESPEAK:EN-US", " espeak:en-us "])
async def test_a_voice_is_found_by_its_id_or_its_bare_name(catalogue: VoiceCatalogue, voice_id: str) -> None:
    voice = await catalogue.resolve(voice_id, "de")
    assert voice.id == "espeak:en-us"
    assert catalogue.engine_of(voice).name == "espeak"


@pytest.mark.parametrize("voice_id", ["espeak:en-usa", "en-uss", "espaek:en-us"])
async def test_an_unknown_voice_names_the_nearest_first(catalogue: VoiceCatalogue, voice_id: str) -> None:
    with pytest.raises(UnknownVoice, match=f"no voice '{voice_id}' here.*for example espeak:en-us[,.]"):
        await catalogue.resolve(voice_id, "")


async def test_an_unknown_voice_unlike_any_names_some_all_the_same(catalogue: VoiceCatalogue) -> None:
    with pytest.raises(UnknownVoice, match=r"for example espeak:\w+, espeak:\w+, espeak:"):
        await catalogue.resolve("§§§§", "")


async def test_the_engine_named_first_speaks() -> None:
    catalogue = VoiceCatalogue([Humming("de-DE"), EspeakEngine()])
    assert (await catalogue.resolve("default", "de")).engine == "hum"
    assert (await catalogue.resolve("default", "fr")).engine == "espeak"
    await catalogue.aclose()


async def test_a_voice_that_may_cost_money_speaks_only_where_somebody_named_it() -> None:
    engines: list[Engine] = [Humming("de-DE", may_cost=True), EspeakEngine()]
    catalogue = VoiceCatalogue(engines)
    assert (await catalogue.resolve("default", "de")).engine == "espeak"
    assert (await catalogue.resolve("hum:voice-de-DE", "de")).engine == "hum"
    assert (await VoiceCatalogue(engines, "hum:voice-de-DE").resolve("default", "de")).engine == "hum"
    with pytest.raises(UnknownVoice, match="No voice here speaks"):
        await VoiceCatalogue(engines[:1]).resolve("default", "de")
    await catalogue.aclose()


async def test_a_voice_for_every_language_is_taken_when_no_other_fits() -> None:
    catalogue = VoiceCatalogue([Humming("", "de-DE")])
    assert (await catalogue.resolve("default", "bo")).name == "de"
    assert (await catalogue.resolve("default", "de")).name == "voice-de-DE"


async def test_a_bare_name_of_two_engines_is_refused_with_both_ids() -> None:
    catalogue = VoiceCatalogue([Humming(""), EspeakEngine()])
    with pytest.raises(UnknownVoice, match="hum:de or espeak:de"):
        await catalogue.resolve("de", "")
    await catalogue.aclose()


async def test_the_chosen_default_speaks_its_own_language_only() -> None:
    catalogue = VoiceCatalogue([EspeakEngine()], default="espeak:en-gb-scotland")
    assert (await catalogue.resolve("default", "en-US")).name == "en-gb-scotland"
    assert (await catalogue.resolve("default", "")).name == "en-gb-scotland"
    assert (await catalogue.resolve("default", "de")).name == "de"
    await catalogue.aclose()


async def test_a_failing_engine_does_not_hide_the_others() -> None:
    catalogue = VoiceCatalogue([Humming(broken=True), EspeakEngine()])
    assert (await catalogue.resolve("default", "de")).id == "espeak:de"
    with pytest.raises(EngineError, match="out of order"):
        await catalogue.resolve("hum:anything", "de")
    await catalogue.aclose()


async def test_when_every_engine_fails_the_reason_is_told() -> None:
    with pytest.raises(EngineError, match="out of order"):
        await VoiceCatalogue([Humming(broken=True)]).resolve("default", "de")


async def test_without_any_voice_the_sentence_says_so() -> None:
    with pytest.raises(UnknownVoice, match="no engine has any voice"):
        await VoiceCatalogue([]).resolve("espeak:de", "de")
    with pytest.raises(UnknownVoice, match="once an engine with voices is installed"):
        await VoiceCatalogue([]).resolve("default", "de")


def test_a_voice_of_an_engine_that_is_gone_is_refused() -> None:
    with pytest.raises(UnknownVoice, match="there is no engine 'piper'"):
        VoiceCatalogue([]).engine_of(Voice("piper", "amy", "en-US"))
