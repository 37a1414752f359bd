"""servers.toml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ttsqueue.app import make_provider, make_servers
from ttsqueue.errors import SettingsError
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.servers_file import read_servers
from ttsqueue.settings import load_settings

HOME = '[[server]]\nname = "attic"\nengine = "openai"\nurl = "http://127.0.0.1:8880/v1/"\n'
PAGE = (Path(__file__).parents[2] / "docs" / "servers.md").read_text()
README = (Path(__file__).parents[2] / "README.md").read_text()


def read(tmp_path: Path, text: str, **environment: str) -> tuple[SpeechServer, ...]:
    path = tmp_path / "servers.toml"
    path.write_text(text)
    return read_servers(path, environment)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_servers(tmp_path / "servers.toml", {}) == ()


def test_every_example_of_the_page_is_read(tmp_path: Path) -> None:
    text = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    (tmp_path / "servers.toml").write_text(text)
    keys = {"OPENAI_API_KEY": " sk-1 ", "ELEVENLABS_API_KEY": "xi-2"}
    kokoro, rented, *others = read_servers(tmp_path / "servers.toml", keys)
    assert [(voice, kokoro.language_of(voice)) for voice in kokoro.voices] == [
        *(("af_bella", "en"), ("bf_emma", "en"), ("ff_siwis", "fr"))
    ]
    assert rented.limits == ServerLimits(max_concurrent=4, calls_per_minute=50)
    assert (rented.api_key, rented.price_per_million_characters) == ("sk-1", 15)
    assert "sk-1" not in repr(rented)
    own, coqui, eleven = (server for server in others if server.model != "kokoro")
    assert own.response_format == "wav"
    assert (coqui.engine, eleven.engine) == ("coqui", "elevenlabs")
    assert [server.may_cost for server in (kokoro, rented, own, coqui, eleven)] == [False, True, False, False, True]
    assert [server.name for server in others if server.model == "kokoro"] == ["upstairs", "downstairs"]


def test_a_server_has_speed_unless_it_is_said_to_have_none(tmp_path: Path) -> None:
    (attic,) = read(tmp_path, HOME)
    (deaf,) = read(tmp_path, HOME + "has_speed = false")
    assert (attic.has_speed, deaf.has_speed) == (True, False)


def test_a_key_may_stand_in_the_env_file_and_the_environment_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = HOME.replace("attic", "cellar") + 'api_key_env = "CELLAR_KEY"\n'
    (tmp_path / "servers.toml").write_text(f'{HOME}api_key_env = "ATTIC_KEY"\n{other}')
    (tmp_path / ".env").write_text("ATTIC_KEY=of-the-file\nCELLAR_KEY=of-the-file\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ATTIC_KEY", "of-the-environment")
    monkeypatch.setenv("CELLAR_KEY", "")
    settings = load_settings({"TTSQUEUE_DATA": tmp_path})
    servers = make_servers(settings, make_provider(settings)).servers
    assert [server.api_key for server, _ in servers] == ["of-the-environment", "of-the-file"]


def two_with_one_voice(first: str = "", second: str = "", voice: str = "bella") -> str:
    servers = (HOME + f'voices = ["bella"]\n{first}\n', HOME + f'voices = ["{voice}", "adam"]\n{second}\n')
    return servers[0] + servers[1].replace("attic", "cellar").replace("8880", "8881")


def test_servers_share_a_voice_only_when_both_name_the_model_that_speaks_it(tmp_path: Path) -> None:
    model, other = 'model = "kokoro-1.0"', 'model = "kokoro-0.19"'
    for first, second in (("", ""), (model, ""), ("", model), (model, other)):
        with pytest.raises(SettingsError, match=r"'attic' and 'cellar' both have the voice 'bella'.*in the middle"):
            read(tmp_path, two_with_one_voice(first, second))
    for text in (two_with_one_voice(model, model), two_with_one_voice(voice="emma")):
        assert len(read(tmp_path, text)) == 2


def test_each_voice_may_have_a_language_of_its_own(tmp_path: Path) -> None:
    voices = 'voices = ["bf_emma", { name = "ff_siwis", language = "fr-FR" }, { name = "bf_lily" }]\n'
    (server,) = read(tmp_path, f'{HOME}{voices}language = "en-GB"\n')
    assert server.voices == ("bf_emma", "ff_siwis", "bf_lily")
    assert [server.language_of(voice) for voice in server.voices] == ["en-GB", "fr-FR", "en-GB"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:8880/v1", "HTTP://127.0.0.1:8880/v1//", "http://127.0.0.1:8880/v1/"],
    ids=["as it is", "otherwise written", "with a slash"],
)
def test_one_server_is_written_down_once_so_that_its_limits_are_its_limits(tmp_path: Path, url: str) -> None:
    second = f'[[server]]\nname = "french"\nengine = "openai"\nurl = "{url}"\nvoices = ["siwis"]\n'
    with pytest.raises(SettingsError, match=r"'attic' and 'french' have one url.*language = "):
        read(tmp_path, HOME + second)


def test_a_usual_port_makes_no_other_server(tmp_path: Path) -> None:
    rented = HOME.replace("http://127.0.0.1:8880", "https://API.example.com")
    with pytest.raises(SettingsError, match="have one url"):
        read(tmp_path, rented + rented.replace("attic", "cellar").replace("API.example.com", "api.example.com:443"))


@pytest.mark.parametrize("differs", ['model = "tts-1-hd"', 'api_key_env = "OTHER_KEY"'], ids=["model", "key"])
def test_what_differs_in_model_or_key_has_limits_of_its_own(tmp_path: Path, differs: str) -> None:
    """As at OpenAI, whose limits and prices are those of a model and of an account."""
    second = HOME.replace("attic", "hd") + differs
    assert len(read(tmp_path, HOME + second, OTHER_KEY="sk-2")) == 2


def test_the_servers_of_the_readme_are_read_as_they_stand(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    kokoro, other, rented = read(tmp_path, block, OPENAI_API_KEY="sk-1")
    assert (kokoro.name, other.name, rented.name) == ("kokoro", "any", "rented")
    assert (kokoro.api_key, other.api_key, rented.api_key) == ("", "", "sk-1")
    assert [server.may_cost for server in (kokoro, other, rented)] == [False, False, True]
    assert not [server for server in (kokoro, other, rented) if server.is_unpriced]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is this", "cannot be read"),
        ('mood = "fine"', "nothing else"),
        (HOME + 'colour = "red"', "there is no 'colour'"),
        (HOME.replace('name = "attic"\n', ""), "'name' is missing"),
        (HOME + HOME, "two servers 'attic'"),
        (HOME + 'voices = "bella"', "list of names"),
        (HOME + "voices = [{}]", "list of names"),
        (HOME + 'voices = [{ language = "fr" }]', "list of names"),
        (HOME + 'voices = [{ name = "siwis", language = 4 }]', "list of names"),
        (HOME + 'voices = [{ name = "siwis", lang = "fr" }]', "list of names"),
        (HOME + 'voices = ["siwis", { name = "siwis", language = "fr" }]', "'siwis' twice"),
        (HOME + "max_concurrent = 1.5", "whole number"),
        (HOME + "calls_per_second = 0", "above zero"),
        (HOME + "price_per_million_characters = -1", "zero or more"),
        (HOME + "price_per_million_characters = false", "zero or more"),
        (HOME + "calls_per_second = nan", "above zero"),
        (HOME + "calls_per_second = inf", "above zero"),
        (HOME + 'api_key_env = "NO_KEY"', "NO_KEY holds no key"),
        (HOME.replace("openai", "gramophone"), "no engine 'gramophone'"),
        (HOME.replace("http:", "ftp:"), "must begin with http"),
        (HOME.replace("8880", "99999"), "must begin with http"),
        (HOME.replace("127.0.0.1", "[127"), "must begin with http"),
        (HOME.replace("http://", "http://ada:sesame@"), "'api_key_env' names the variable"),
        (HOME.replace("http://", "http://sesame@"), "'api_key_env' names the variable"),
        (HOME + 'response_format = "mp3"', "must be pcm or wav"),
        (HOME + "has_speed = 0", "'has_speed' must be true or false"),
        (HOME + 'has_speed = "no"', "'has_speed' must be true or false"),
        (
            two_with_one_voice('model = "k"', 'model = "k"\nlanguage = "de"'),
            "two languages",
        ),
        (
            two_with_one_voice('model = "k"', 'model = "k"', voice='ann", { name = "bella", language = "de" }, "eve'),
            "two languages",
        ),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(tmp_path, text)
