"""A book through a TTS server, from the command line."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.remote import Remote, remote_server

from .program import Program, end

BOOK = "# The Stairs\n\nThe keeper climbed the stairs at noon.\n\n# The Lamp\n\nThe lamp was lit, and he went away.\n"


@pytest.fixture
def remote(ttsqueue: Program) -> Iterator[Remote]:
    with remote_server() as remote:
        ttsqueue.data.mkdir(mode=0o700)
        server = (
            f'name = "attic"\nengine = "openai"\nurl = "{remote.address}/v1"\nvoices = ["bella"]\nmax_concurrent = 1'
        )
        (ttsqueue.data / "servers.toml").write_text(f"[[server]]\n{server}\n")
        yield remote


def test_a_book_is_spoken_by_a_server_within_its_limits(ttsqueue: Program, here: Path, remote: Remote) -> None:
    (here / "book.md").write_text(BOOK)
    asyncio.run(remote.told("busy 0.5", "status 500", seconds=0.2))
    ttsqueue("speak", "book.md", "--voice", "openai:bella", "-o", "book.m4b")
    assert (here / "book.m4b").stat().st_size > 5_000
    record = asyncio.run(remote.record())
    assert record["most_busy"] == 1
    assert len({call["text"] for call in record["calls"]}) == 2
    assert len(record["calls"]) == 4


def test_what_a_server_refuses_is_told(ttsqueue: Program, here: Path, remote: Remote) -> None:
    (here / "book.md").write_text(BOOK)
    asyncio.run(remote.told("status 401", "status 401"))
    ended = ttsqueue("speak", "book.md", "--voice", "openai:bella", code=1)
    assert "attic refuses: No such voice" in ended.err
    assert "12345" not in ended.err


def test_doctor_lets_the_default_voice_of_a_server_speak(ttsqueue: Program, remote: Remote) -> None:
    ttsqueue.variables.update(TTSQUEUE_VOICE="openai:bella", TTSQUEUE_PORT="0")
    assert "openai:bella speaks." in ttsqueue("doctor").out


def test_a_mistake_in_the_file_stops_the_program_with_one_sentence(ttsqueue: Program) -> None:
    ttsqueue.data.mkdir(mode=0o700)
    (ttsqueue.data / "servers.toml").write_text("[[server]]\n")
    assert "server 1: 'name' is missing" in ttsqueue("voices", code=2).err


def test_after_kill_9_only_the_calls_that_were_under_way_are_made_again(
    ttsqueue: Program, here: Path, remote: Remote
) -> None:
    sentence = "The lamp was lit for the {}th time, and the keeper wrote down the hour and the wind in his book. "
    (here / "book.md").write_text("# The Log\n\n" + "".join(sentence.format(number) for number in range(150)))
    asyncio.run(remote.told(seconds=0.25))
    ttsqueue("add", "book.md", "--voice", "openai:bella")
    killed = ttsqueue.start("work")
    while len(asyncio.run(remote.record())["calls"]) < 6:
        time.sleep(0.1)
    end(killed)
    again = ttsqueue.start("work")
    try:
        while '"completed": 1' not in ttsqueue("stats", "--json").out.replace(" ", "").replace(":", ": "):
            time.sleep(0.3)
    finally:
        end(again)
    texts = [call["text"] for call in asyncio.run(remote.record())["calls"]]
    assert len(set(texts)) > 12
    assert len(texts) <= len(set(texts)) + 1
