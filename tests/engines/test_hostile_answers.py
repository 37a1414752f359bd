"""Answers of TTS servers are hostile until proved: nothing that one sends harms more than one call."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress
from pathlib import Path

import pytest

from tests.engines.remote import Remote, remote_server
from ttsqueue.engines.http_answer import reason_of, retry_after
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import RemoteSpeech
from ttsqueue.errors import EngineError
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic

TEXT = "The keeper climbed the stairs, and the lamp was lit at noon."
SPOKEN = 4 * 24_000 * 2


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    with remote_server("tests.engines.wire_server") as remote:
        yield remote


@pytest.fixture
async def traffic(tmp_path: Path) -> AsyncIterator[Traffic]:
    store = SqliteProvider(tmp_path / "store.db")
    await store.open()
    yield Traffic(store, "attic", ServerLimits(max_concurrent=4))
    await store.aclose()


@pytest.fixture
async def engine(remote: Remote, traffic: Traffic) -> AsyncIterator[RemoteSpeech]:
    server = SpeechServer("attic", "openai", f"{remote.address}/v1", "hunter2hunter2", ("bella",), "en")
    made = RemoteSpeech(OpenAIDialect(), [(server, traffic)], Timeouts(connect=2, silence=0.6, call=1.5, waiting=30))
    yield made
    await made.aclose()


async def spoken(engine: RemoteSpeech) -> bytes:
    async with aclosing(engine.speak(TEXT, "bella", 1.0)) as speech:
        return b"".join([pcm async for pcm in speech])


BROKEN = (
    *("close", "half a head", "no HTTP", "less than it says", "drops", "drops of a head"),
    *("endless head", "retry", "bomb", "json"),
)


@pytest.mark.parametrize("trick", BROKEN)
async def test_an_answer_that_is_broken_costs_one_call(engine: RemoteSpeech, remote: Remote, trick: str) -> None:
    """And a short one more when it took all the time there is: whether the server speaks anything is asked first."""
    before = len((await remote.record())["calls"])
    await remote.told(trick)
    began = time.monotonic()
    assert len(await spoken(engine)) == SPOKEN
    assert time.monotonic() - began < 6
    texts = [call["text"] for call in (await remote.record())["calls"][before:]]
    assert texts in ([TEXT, TEXT], [TEXT, "a", TEXT])


async def test_what_went_wrong_is_told_in_plain_words(engine: RemoteSpeech, remote: Remote, traffic: Traffic) -> None:
    told = []
    for trick in ("close", "no HTTP", "drops", "json", "retry"):
        await remote.told(trick)
        with suppress(EngineError):
            await spoken(engine)
        state, _ = await traffic.state()
        assert state.last_trouble is not None
        told.append(state.last_trouble.words)
    assert told == [
        "it hung up in the middle of a call",
        "it hung up in the middle of a call",
        "its answer takes too long",
        "it answers with something that is not sound",
        "too many requests",
    ]


async def test_a_server_that_hangs_up_between_calls_costs_nothing(engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("speak, and close", "speak, and close")
    before = len((await remote.record())["calls"])
    for _ in range(3):
        assert len(await spoken(engine)) == SPOKEN
        await asyncio.sleep(0.05)
    assert len((await remote.record())["calls"]) == before + 3


async def test_a_refusal_that_never_ends_is_a_refusal(engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("drops of a refusal")
    began = time.monotonic()
    with pytest.raises(EngineError, match="attic refuses: HTTP 400 Bad Request"):
        await spoken(engine)
    assert time.monotonic() - began < 6


async def test_a_refusal_in_plain_text_is_told(engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("plain words")
    with pytest.raises(EngineError, match=r"attic refuses: There is no voice like that\.$"):
        await spoken(engine)


async def test_a_bomb_is_not_unpacked(engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("bomb")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    await spoken(engine)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30_000


async def test_no_server_is_asked_to_compress_sound(engine: RemoteSpeech, remote: Remote) -> None:
    await spoken(engine)
    assert "accept-encoding: identity\r\n" in (await remote.record())["calls"][-1]["head"].lower()


NOON = "Thu, 26 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        (" 3 ", 3.0),
        ("Thu, 26 Nov 2026 12:01:30 GMT", 90.0),
        ("Thu, 26 Nov 2026 12:01:30", 90.0),
        ("Thu, 26 Nov 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("", None),
        ("soon", None),
        ("1e9", None),
        ("٣", None),
        ("9" * 400, None),
        ("Thu, 26 Nov 99999 12:00:00 GMT", None),
        ("nan", None),
        (None, None),
    ],
)
def test_retry_after_is_read_by_the_clock_of_the_server(header: str | None, seconds: float | None) -> None:
    assert retry_after(header, NOON) == seconds


def test_without_a_clock_of_its_own_ours_counts() -> None:
    assert retry_after(NOON, "yesterday") is not None


@pytest.mark.parametrize(
    "secret",
    [
        "http://10.0.0.7:99/secret",
        "postgresql://u:p@db/x",
        "10.0.0.7",
        "10.0.0.7:8880",
        "[fd00::17]:8880",
        "kokoro:8880",
        "tts.svc.cluster.local",
        "localhost",
        "gpu-1.internal",
        "/srv/models/kokoro/v1.pth",
        r"C:\models\kokoro.onnx",
        "sk-proj-abc123",
        "Bearer abc",
        "api_key=hunter2",
        '"token": "hunter2"',
        "xi-api-key: hunter2",
        "4f8a6e1c2b9d4f8a6e1c2b9d",
        "hunter2hunter2",
    ],
)
def test_a_reason_shows_neither_keys_nor_addresses(secret: str) -> None:
    body = f'{{"error": {{"message": {_quoted(f"It went wrong at {secret} today")}}}}}'
    said = reason_of(500, body.encode(), ["hunter2hunter2"])
    assert said.startswith("It went wrong at ")
    assert "(hidden)" in said
    assert not any(part in said for part in (secret, "hunter2", "10.0.0.7", "8880", "models", "abc123", "secret"))


@pytest.mark.parametrize(
    "words",
    [
        "Incorrect API key provided.",
        "The voice 'bella' does not exist; there are af_bella, am_adam.",
        "Input must be at most 4,096 characters (you sent 5,000).",
        "Speed: 4.5 is not in 0.25-4.0",
    ],
)
def test_a_reason_without_secrets_is_shown_as_it_is(words: str) -> None:
    assert reason_of(400, f'{{"detail": {_quoted(words)}}}'.encode()) == words


SHAPES = {
    "FastAPI, one": (
        b'{"detail": [{"type": "literal_error", "loc": ["body", "voice"], "msg": "Should be alloy", "input": "x"}]}',
        "body.voice: Should be alloy",
    ),
    "FastAPI, two": (
        b'{"detail": [{"loc": ["body", "speed"], "msg": "Too fast"}, {"loc": ["body", "input", 0], "msg": "Empty"}]}',
        "body.speed: Too fast; body.input.0: Empty",
    ),
    "FastAPI, without a place": (b'{"detail": [{"msg": "Field required"}]}', "Field required"),
    "words alone": (b'{"error": "There is no voice \'bella\'."}', "There is no voice 'bella'."),
    "a message in detail": (b'{"detail": {"error": "invalid_model", "message": "No model"}}', "No model"),
    "ElevenLabs": (b'{"detail": {"status": "voice_not_found", "message": "No such voice."}}', "No such voice."),
}


@pytest.mark.parametrize(("body", "said"), SHAPES.values(), ids=SHAPES)
def test_a_reason_is_found_in_each_usual_shape(body: bytes, said: str) -> None:
    assert reason_of(422, body, content_type="application/json") == said


PLAIN = {
    "a line": (b"Unsupported format\n", "Unsupported format"),
    "an empty line first": (
        b"\r\n  Voice 'x' not found  \r\nTraceback (most recent call last)\n",
        "Voice 'x' not found",
    ),
    "with an address": (b"No model at http://10.0.0.7:8880/v1", "No model at (hidden)"),
    "with a key": (b"hunter2hunter2 is no key", "(hidden) is no key"),
    "endless": (b"no " * 2000, ("no " * 67)[:200]),
    "control characters": (b"no\x1b[31m voice\x07", "no[31m voice"),
}


@pytest.mark.parametrize(("body", "said"), PLAIN.values(), ids=PLAIN)
def test_the_first_line_of_plain_text_is_a_reason(body: bytes, said: str) -> None:
    assert reason_of(400, body, ["hunter2hunter2"], "text/plain; charset=utf-8") == said


@pytest.mark.parametrize("content_type", ["", "text/html", "application/octet-stream", "text/plain"])
@pytest.mark.parametrize("body", [b"<html><p>Not here</p>", b" <!DOCTYPE html>", b"<?xml version='1.0'?>"])
def test_a_page_is_never_a_reason(content_type: str, body: bytes) -> None:
    assert reason_of(400, body, content_type=content_type) == "HTTP 400 Bad Request"


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "", "text/html"])
@pytest.mark.parametrize(
    "body",
    [b"<html>", b"[1]", b'{"error": 7}', b"{" * 100_000, b'{"detail": [{}]}', b"\xff", b'{"detail": [{"msg": 7}, 3]}'],
    ids=["html", "list", "number", "deep", "nothing", "no text", "numbers"],
)
def test_a_body_that_says_nothing_leaves_the_name_of_the_status(body: bytes, content_type: str) -> None:
    assert reason_of(401, body, content_type=content_type) == "HTTP 401 Unauthorized"


def _quoted(words: str) -> str:
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
