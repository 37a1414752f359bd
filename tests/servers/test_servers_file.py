"""servers.toml."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ttsqueue.errors import SettingsError
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.servers_file import read_servers

HOME = '[[server]]\nname = "attic"\nengine = "openai"\nurl = "http://127.0.0.1:8880/v1/"\n'
PAGE = (Path(__file__).parents[2] / "docs" / "servers.md").read_text()


def read(tmp_path: Path, text: str, **environment: str) -> object:
    path = tmp_path / "servers.toml"
    path.write_text(text)
    return read_servers(path, environment)


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_servers(tmp_path / "servers.toml", {}) == ()


def test_every_example_of_the_page_is_read(tmp_path: Path) -> None:
    text = "\n".join(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL))
    (tmp_path / "servers.toml").write_text(text)
    kokoro, rented = read_servers(tmp_path / "servers.toml", {"OPENAI_API_KEY": " sk-1 "})
    assert kokoro.voices == ("af_bella", "bf_emma")
    assert rented.limits == ServerLimits(max_concurrent=4, calls_per_minute=50)
    assert (rented.api_key, rented.price_per_million_characters) == ("sk-1", 15)
    assert "sk-1" not in repr(rented)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what is this", "cannot be read"),
        ('mood = "fine"', "nothing else"),
        (HOME + 'colour = "red"', "there is no 'colour'"),
        (HOME.replace('name = "attic"\n', ""), "'name' is missing"),
        (HOME + HOME, "two servers 'attic'"),
        (HOME + 'voices = "bella"', "list of names"),
        (HOME + "max_concurrent = 1.5", "whole number"),
        (HOME + "calls_per_second = 0", "above zero"),
        (HOME + 'api_key_env = "NO_KEY"', "NO_KEY holds no key"),
        (HOME.replace("openai", "gramophone"), "no engine 'gramophone'"),
        (HOME.replace("http:", "ftp:"), "must begin with http"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        read(tmp_path, text)
