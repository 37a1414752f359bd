"""Engines that a setting names."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest

from ttsqueue.app import make_engines, make_provider, make_servers
from ttsqueue.engines.own_engines import own_engines
from ttsqueue.errors import SettingsError
from ttsqueue.settings import load_settings

EXAMPLES = Path(__file__).parents[2] / "examples"

ENGINE = """
class {name}:
    name, sample_rate, max_characters, is_costly = {called!r}, 8000, 10, False
    async def voices(self): return []
    async def speak(self, text, voice, speed): yield b""
    async def aclose(self): pass
"""
MODULE = f"""
{ENGINE.format(name="Good", called="good")}
{ENGINE.format(name="Twin", called="good")}
{ENGINE.format(name="Espeak", called="espeak")}
class Nameless(Good): name = None
class Rateless(Good): sample_rate = "8000"
class Mute(Good): speak = None
class Returning(Good):
    async def speak(self, text, voice, speed): return b""
class Angry(Good):
    def __init__(self): raise RuntimeError("not today")
"""


@pytest.fixture(autouse=True)
def _a_module_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "my_own_voices.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(EXAMPLES))
    yield
    sys.modules.pop("my_own_voices", None)


def test_without_the_setting_there_are_none() -> None:
    assert own_engines("") == []


async def test_an_engine_of_the_users_own_comes_first(tmp_path: Path) -> None:
    settings = load_settings({"TTSQUEUE_DATA": tmp_path, "TTSQUEUE_ENGINES": "my_own_voices:Good, own_engine:Morse"})
    engines = make_engines(settings, make_servers(settings, make_provider(settings)))
    assert [engine.name for engine in engines] == ["good", "morse", "piper", "espeak"]


async def test_the_example_speaks() -> None:
    (engine,) = own_engines("own_engine:Morse")
    async with aclosing(engine.speak("sos", "slow", 1.0)) as speech:
        pcm = b"".join([part async for part in speech])
    assert len(pcm) / 2 / engine.sample_rate == pytest.approx(0.12 * 30, rel=0.01)


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("my_own_voices", "must be written package.module:ClassName"),
        ("my_own_voices:", "must be written package.module:ClassName"),
        ("nowhere.at_all:Good", "nowhere.at_all:Good cannot be used: ModuleNotFoundError: .*PYTHONPATH"),
        ("my_own_voices:Bad", "cannot be used: AttributeError"),
        ("my_own_voices:Angry", "cannot be used: RuntimeError: not today"),
        ("my_own_voices:Nameless", r"lacks name \(str\)"),
        ("my_own_voices:Rateless", r"lacks sample_rate \(int\)"),
        ("my_own_voices:Mute", r"lacks speak\(\)"),
        ("my_own_voices:Returning", r"a speak\(\) that yields"),
        ("my_own_voices:Good,my_own_voices:Twin", "two engines 'good'"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(setting: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        own_engines(setting)


def test_the_name_of_an_engine_that_is_there_already_is_taken(tmp_path: Path) -> None:
    settings = load_settings({"TTSQUEUE_DATA": tmp_path, "TTSQUEUE_ENGINES": "my_own_voices:Espeak"})
    with pytest.raises(SettingsError, match="the name 'espeak' is taken"):
        make_engines(settings, make_servers(settings, make_provider(settings)))
