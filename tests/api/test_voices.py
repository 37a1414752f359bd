from __future__ import annotations

import pytest
from httpx import AsyncClient

VOICES = "/api/tts/voices"


async def test_every_voice_is_listed_with_the_default(client: AsyncClient) -> None:
    body = (await client.get(VOICES)).json()
    assert len(body["voices"]) > 100
    by_id = {voice["id"]: voice for voice in body["voices"]}
    assert by_id["espeak:de"] == {
        "id": "espeak:de",
        "engine": "espeak",
        "name": "de",
        "language": "de",
        "label": by_id["espeak:de"]["label"],
    }
    assert by_id[body["default"]]["language"] == "en-US"


@pytest.mark.parametrize(("language", "default"), [("de", "espeak:de"), ("EN_gb", "espeak:en-gb"), ("x-none", None)])
async def test_voices_of_one_language(client: AsyncClient, language: str, default: str | None) -> None:
    body = (await client.get(VOICES, params={"language": language})).json()
    wanted = language.replace("_", "-").lower()
    assert all(voice["language"].lower().startswith(wanted) for voice in body["voices"])
    assert bool(body["voices"]) == (default is not None)
    assert body["default"] == default


async def test_a_near_word_is_not_the_language(client: AsyncClient) -> None:
    assert (await client.get(VOICES, params={"language": "d"})).json()["voices"] == []
