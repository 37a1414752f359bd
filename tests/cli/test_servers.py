"""A book through a TTS server, from the command line."""

from __future__ import annotations

import asyncio
import json
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


@pytest.mark.parametrize(("engine", "path"), [("coqui", ""), ("elevenlabs", "/v1")])
def test_other_kinds_of_servers_speak_books_too(
    ttsqueue: Program, here: Path, remote: Remote, engine: str, path: str
) -> None:
    server = f'name = "cellar"\nengine = "{engine}"\nurl = "{remote.address}{path}"\nvoices = ["emma"]\n'
    (ttsqueue.data / "servers.toml").write_text(f"[[server]]\n{server}")
    (here / "book.md").write_text(BOOK)
    assert f"{engine}:emma" in ttsqueue("voices").out
    spoken = ttsqueue("speak", "book.md", "--voice", f"{engine}:emma", "--speed", "1.5", "--json").json
    letters = sum(len(call["text"]) for call in asyncio.run(remote.record())["calls"])
    assert spoken["totalDuration"] >= letters / 15 / 1.5 * 0.95


def test_doctor_lets_the_default_voice_of_a_server_speak(ttsqueue: Program, remote: Remote) -> None:
    ttsqueue.variables.update(TTSQUEUE_VOICE="openai:bella", TTSQUEUE_PORT="0")
    assert "openai:bella speaks." in ttsqueue("doctor").out


def test_servers_are_shown_and_their_limits_changed(ttsqueue: Program, here: Path, remote: Remote) -> None:
    (here / "book.md").write_text(BOOK)
    asyncio.run(remote.told("busy 0.5", seconds=0.05))
    ttsqueue("speak", "book.md", "--voice", "openai:bella", "-o", "book.m4b")
    (shown,) = json.loads(ttsqueue("servers", "--json").out)["servers"]
    assert (shown["name"], shown["state"], shown["calls"], shown["rateLimited"]) == ("attic", "up", 3, 1)
    ended = ttsqueue("servers", "limit", "attic", "--max-concurrent", "3", "--calls-per-minute", "50")
    assert ended.out == "attic: 3 at once, 50 calls a minute.\n"
    assert "servers limit attic --file" in ended.err
    table = ttsqueue("servers").out
    assert "3 at once, 50 calls a minute (changed)" in table
    assert remote.address.removeprefix("http://") not in table
    assert ttsqueue("servers", "limit", "attic", "--file").out == "attic: 1 at once.\n"


def test_limits_that_cannot_be_are_told(ttsqueue: Program, remote: Remote) -> None:
    assert "there are attic" in ttsqueue("servers", "limit", "loft", "--max-concurrent", "3", code=1).err
    for wrong in ((), ("--file", "--max-concurrent", "3")):
        assert "--file to go back" in ttsqueue("servers", "limit", "attic", *wrong, code=2).err
    for number in ("0", "-1", "many", "nan", "inf"):
        ttsqueue("servers", "limit", "attic", "--calls-per-second", number, code=2)


def test_without_servers_it_is_told_how_to_get_some(ttsqueue: Program) -> None:
    assert "servers.toml" in ttsqueue("servers").out


def test_a_mistake_in_the_file_stops_the_program_with_one_sentence(ttsqueue: Program) -> None:
    ttsqueue.data.mkdir(mode=0o700)
    (ttsqueue.data / "servers.toml").write_text("[[server]]\n")
    assert "server 1: 'name' is missing" in ttsqueue("voices", code=2).err


SLOTS = 4


@pytest.mark.parametrize(
    ("calls", "seconds", "kills"),
    [
        pytest.param(40, 0.3, (0.4,), id="fast"),
        pytest.param(
            100, 1.0, (0.3, 0.6), marks=[pytest.mark.drill, pytest.mark.timeout(900)], id="as slow as real servers"
        ),
    ],
)
def test_after_each_kill_9_only_the_calls_that_were_under_way_are_made_again(
    ttsqueue: Program, here: Path, remote: Remote, calls: int, seconds: float, kills: tuple[float, ...]
) -> None:
    settings = ttsqueue.data / "servers.toml"
    settings.write_text(settings.read_text().replace("max_concurrent = 1", f"max_concurrent = {SLOTS}"))
    ttsqueue.variables["TTSQUEUE_CHAPTERS"] = str(SLOTS)
    (here / "book.md").write_text(book_of_calls(calls))
    asyncio.run(remote.told(seconds=seconds))
    ttsqueue("add", "book.md", "--voice", "openai:bella")
    for share in kills:
        worker = ttsqueue.start("work")
        while len(spoken(remote)) < share * calls:
            time.sleep(0.05)
        end(worker)
    finished = ttsqueue.start("work")
    try:
        while not (ended := ttsqueue("stats", "--json").json)["completed"]:
            assert not ended["failed"], ttsqueue("list", "--json").out
            time.sleep(0.3)
    finally:
        end(finished)
    texts = spoken(remote)
    assert len(set(texts)) == calls
    assert calls <= len(texts) <= calls + len(kills) * SLOTS


def book_of_calls(calls: int) -> str:
    """Ten calls to a chapter: a sentence is nearly as long as a call may be."""
    sentence = (
        "The lamp was lit for the {}th time " + "and the keeper wrote down the hour and the wind " * 18 + "again. "
    )
    chapters = [range(first, first + 10) for first in range(0, calls, 10)]
    return "\n\n".join(f"# {one.start}\n\n" + "".join(map(sentence.format, one)) for one in chapters)


def spoken(remote: Remote) -> list[str]:
    return [call["text"] for call in asyncio.run(remote.record())["calls"]]


POISONED = "# The Log\n\nThe lamp was lit at noon. The xyzzy stood at seven. Then the keeper went home.\n"


def test_a_sentence_that_a_server_cannot_speak_is_spoken_by_the_fallback_and_marked(
    ttsqueue: Program, here: Path, remote: Remote
) -> None:
    ttsqueue.variables["TTSQUEUE_FALLBACK"] = "espeak"
    (here / "book.md").write_text(POISONED)
    asyncio.run(remote.told(poison=("xyzzy", "silent")))
    job_id = ttsqueue("add", "book.md", "--language", "en", "--voice", "openai:bella", "--json").json["jobId"]
    ttsqueue("speak", "book.md", "--language", "en", "--voice", "openai:bella", "-o", "book.m4b")
    job = ttsqueue("status", job_id, "--json").json
    assert job["attempts"] == 1
    (chapter,) = job["result"]["chapters"]
    assert chapter["substitutions"] == [{"text": "The xyzzy stood at seven.", "voiceId": "espeak:en-us"}]
    assert sum("xyzzy" in text for text in spoken(remote)) == 4


def test_without_a_fallback_the_book_fails_at_its_first_attempt_and_quotes_the_sentence(
    ttsqueue: Program, here: Path, remote: Remote
) -> None:
    (here / "book.md").write_text(POISONED)
    asyncio.run(remote.told(poison=("xyzzy", "silent")))
    ended = ttsqueue("speak", "book.md", "--voice", "openai:bella", code=1)
    assert 'openai:bella cannot speak this (the sound is silence): "The xyzzy stood at seven."' in ended.err
    assert sum("xyzzy" in text for text in spoken(remote)) == 4


def test_more_than_may_be_spent_in_a_day_is_refused_before_anything_is_spoken(
    ttsqueue: Program, here: Path, remote: Remote
) -> None:
    settings = ttsqueue.data / "servers.toml"
    settings.write_text(settings.read_text() + "price_per_million_characters = 15\n")
    ttsqueue.variables["TTSQUEUE_MAX_COST_PER_DAY"] = "0.0001"
    (here / "book.md").write_text(BOOK)
    ended = ttsqueue("speak", "book.md", "--voice", "openai:bella", code=1)
    assert "and 0.0001 may be spent in 24 hours for you" in ended.err
    assert spoken(remote) == []


def test_with_a_ceiling_a_key_without_a_price_stops_every_start(ttsqueue: Program, here: Path, remote: Remote) -> None:
    settings = ttsqueue.data / "servers.toml"
    settings.write_text(settings.read_text() + 'api_key_env = "ATTIC_KEY"\n')
    ttsqueue.variables.update(ATTIC_KEY="sk-12345", TTSQUEUE_MAX_COST_PER_DAY="0.01")
    (here / "book.md").write_text(BOOK)
    for command in (("add", "book.md", "--voice", "openai:bella"), ("work",), ("serve", "--port", "0")):
        ended = ttsqueue(*command, code=2)
        assert "TTS server attic" in ended.err
        assert "price_per_million_characters" in ended.err
    settings.write_text(settings.read_text() + "price_per_million_characters = 0\n")
    ttsqueue("add", "book.md", "--voice", "openai:bella")


def test_a_dry_run_tells_as_many_calls_as_are_made(ttsqueue: Program, here: Path, remote: Remote) -> None:
    paragraph = "The keeper climbed the stairs, lit the lamp and wrote down the wind of that hour in his book. " * 7
    (here / "book.md").write_text("# One\n\n" + "\n\n".join(f"Day {day}. {paragraph}" for day in range(12)))
    told = ttsqueue("speak", "book.md", "--voice", "openai:bella", "--dry-run").out.splitlines()[-1]
    ttsqueue("speak", "book.md", "--voice", "openai:bella", "-o", "book.m4b")
    calls = len(spoken(remote))
    assert 12 <= calls <= 14
    assert told.startswith(f"openai:bella: about {calls} calls with ")
    assert "call" not in ttsqueue("speak", "book.md", "--voice", "espeak:en-us", "--dry-run").out
