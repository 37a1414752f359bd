"""What doctor says of TTS servers: whether each speaks, before a book waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator

import pytest

from tests.engines.remote import Remote, remote_server, servers_toml

from .program import Program


@pytest.fixture
def remote(ttsqueue: Program) -> Iterator[Remote]:
    """Two servers in one: the first has a price, a model and a voice of its own."""
    with remote_server() as remote:
        ttsqueue.data.mkdir(mode=0o700)
        ttsqueue.variables["TTSQUEUE_VOICE"] = "espeak:en-us"
        rented = servers_toml(remote, 'price_per_million_characters = 15\nmodel = "large"', name="rented").replace(
            "bella", "nova"
        )
        (ttsqueue.data / "servers.toml").write_text(rented + servers_toml(remote))
        yield remote


def told(ttsqueue: Program, code: int = 0) -> dict[str, tuple[str, str]]:
    findings = ttsqueue("doctor", "--json", code=code).json["findings"]
    return {each["subject"]: (each["state"], each["message"]) for each in findings if "TTS server" in each["subject"]}


def calls(remote: Remote) -> list[tuple[str, str]]:
    return sorted((call["voice"], call["text"]) for call in asyncio.run(remote.record())["calls"])


def test_each_server_says_one_letter_in_its_first_voice(ttsqueue: Program, remote: Remote) -> None:
    assert told(ttsqueue) == {
        "TTS server rented": ("ok", "openai:nova speaks."),
        "TTS server attic": ("ok", "openai:bella speaks."),
    }
    assert calls(remote) == [("bella", "a"), ("nova", "a")]


@pytest.mark.parametrize("status", [500, 400, 401])
def test_a_server_that_answers_with_an_error_is_a_warning(ttsqueue: Program, remote: Remote, status: int) -> None:
    """A voice, a model or a language that it does not know, or a wrong key."""
    asyncio.run(remote.told(bad_words={"": status}))
    began = time.monotonic()
    found = told(ttsqueue)
    assert time.monotonic() - began < 20
    assert {state for state, _ in found.values()} == {"warn"}
    words = "is away: HTTP 500" if status == 500 else "refuses: No such voice"
    assert found["TTS server attic"][1].startswith(f"The TTS server attic {words}")


def test_a_server_that_packs_its_sound_is_a_warning_with_what_to_do(ttsqueue: Program, remote: Remote) -> None:
    asyncio.run(remote.told("mp3", "mp3"))
    assert {(state, 'response_format = "wav"' in words) for state, words in told(ttsqueue).values()} == {("warn", True)}


def test_a_server_without_voices_and_one_that_is_not_there_are_warnings(ttsqueue: Program, remote: Remote) -> None:
    gone = servers_toml(remote).replace(remote.address, "http://127.0.0.1:1")
    silent = servers_toml(remote, name="silent").replace('"bella"', "")
    (ttsqueue.data / "servers.toml").write_text(gone + silent)
    assert told(ttsqueue) == {
        "TTS server attic": ("warn", "The TTS server attic is away: it cannot be reached."),
        "TTS server silent": ("warn", "It has no voices; name those that it knows in servers.toml."),
    }


def test_a_default_voice_that_cannot_speak_keeps_nobody_waiting(ttsqueue: Program, remote: Remote) -> None:
    ttsqueue.variables["TTSQUEUE_VOICE"] = "openai:bella"
    asyncio.run(remote.told(bad_words={"": 500}))
    began = time.monotonic()
    assert "fail  speech: The TTS server attic is away: HTTP 500." in ttsqueue("doctor", code=1).out
    assert time.monotonic() - began < 30
