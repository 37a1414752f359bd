"""Which voice `default` is, over all engines together."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.piper_voices import make_voice
from ttsqueue.app import make_engines, make_provider, make_servers
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.settings import load_settings

SERVER = '[[server]]\nname = "home"\nengine = "openai"\nurl = "http://127.0.0.1:1/v1"\nvoices = ["bella"]\n'


async def default(folder: Path, language: str, **settings: str) -> str:
    loaded = load_settings({"TTSQUEUE_DATA": folder, **settings})
    catalogue = VoiceCatalogue(make_engines(loaded, make_servers(loaded, make_provider(loaded))), loaded.default_voice)
    try:
        return (await catalogue.resolve("default", language)).id
    finally:
        await catalogue.aclose()


async def test_a_piper_voice_goes_before_a_server_and_a_server_before_espeak(tmp_path: Path) -> None:
    assert await default(tmp_path, "en") == "espeak:en-us"
    (tmp_path / "servers.toml").write_text(SERVER)
    assert await default(tmp_path, "en") == "openai:bella"
    make_voice(tmp_path / "voices", "hum", language="en_GB")
    assert await default(tmp_path, "en") == "piper:hum"


async def test_each_book_gets_a_voice_of_its_own_language(tmp_path: Path) -> None:
    (tmp_path / "servers.toml").write_text(f'{SERVER}language = "fr"\n')
    make_voice(tmp_path / "voices", "hum", language="de_DE")
    chosen = [await default(tmp_path, language) for language in ("de-AT", "fr", "en-US", "pl")]
    assert chosen == ["piper:hum", "openai:bella", "espeak:en-us", "espeak:pl"]


async def test_a_server_may_have_voices_of_many_languages(tmp_path: Path) -> None:
    voices = '["bella", { name = "siwis", language = "fr-FR" }, { name = "xiaobei", language = "zh" }]'
    (tmp_path / "servers.toml").write_text(SERVER.replace('["bella"]', voices))
    chosen = [await default(tmp_path, language) for language in ("en", "fr", "zh-CN", "pl")]
    assert chosen == ["openai:bella", "openai:siwis", "openai:xiaobei", "espeak:pl"]


@pytest.mark.parametrize("bill", ["price_per_million_characters = 15", 'api_key_env = "HOME_KEY"'])
async def test_a_server_that_may_send_a_bill_is_never_chosen_unless_named(
    tmp_path: Path, bill: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME_KEY", "secret")
    (tmp_path / "servers.toml").write_text(f"{SERVER}{bill}\n")
    assert await default(tmp_path, "en") == "espeak:en-us"
    assert await default(tmp_path, "en", TTSQUEUE_VOICE="openai:bella") == "openai:bella"
