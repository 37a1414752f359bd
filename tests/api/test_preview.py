from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace

import pytest
from httpx import ASGITransport, AsyncClient, RemoteProtocolError

from tests.api.conftest import ADMIN, make_site
from tests.api.test_bodies import listening
from ttsqueue.api.server import make_server
from ttsqueue.app import App
from ttsqueue.engines.catalogue import VoiceCatalogue
from ttsqueue.engines.engine import Voice
from ttsqueue.errors import EngineError

PREVIEW = "/api/tts/preview"


async def test_a_sentence_is_heard_as_wav(client: AsyncClient) -> None:
    answer = await client.post(PREVIEW, json={"text": "The fog came in.", "language": "en"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "audio/wav"
    riff, wave, fmt, size, pcm, channels, rate, _, _, bits, data = struct.unpack_from(
        "<4s4x4s4sIHHIIHH4s", answer.content
    )
    assert (riff, wave, fmt, size, pcm, channels, bits, data) == (b"RIFF", b"WAVE", b"fmt ", 16, 1, 1, 16, b"data")
    seconds = (len(answer.content) - 44) / 2 / rate
    assert 0.5 < seconds < 3
    assert max(answer.content[44:]) > 0


async def test_speed_changes_the_length(client: AsyncClient) -> None:
    lengths = [
        len((await client.post(PREVIEW, json={"text": "The fog came in.", "speed": speed})).content)
        for speed in (0.5, 1, 2)
    ]
    assert lengths[0] > lengths[1] > lengths[2]


async def test_a_long_text_is_spoken_up_to_a_sentence_end(client: AsyncClient) -> None:
    short = await client.post(PREVIEW, json={"text": "The fog came in. " * 29, "voiceId": "espeak:en-us"})
    long = await client.post(PREVIEW, json={"text": "The fog came in. " * 3000, "voiceId": "espeak:en-us"})
    assert len(long.content) == pytest.approx(len(short.content), rel=0.05)


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        ({"text": " \n ... "}, "invalid_job", "nothing to speak"),
        ({"text": ""}, "invalid_job", "nothing to speak"),
        ({"text": "\x00"}, "invalid_job", "nothing to speak"),
        ({"text": "Fog.", "voiceId": "espeak:nobody"}, "unknown_voice", "There is no voice 'espeak:nobody'"),
        ({"text": "Fog.", "language": "x-none"}, "unknown_voice", "No voice here speaks"),
        ({"text": "Fog.", "speed": 99}, "invalid_job", "speed must be between"),
    ],
)
async def test_what_cannot_be_spoken_gets_a_sentence(
    client: AsyncClient, body: dict[str, object], code: str, sentence: str
) -> None:
    answer = await client.post(PREVIEW, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert sentence in answer.json()["error"]


@dataclass
class Singer:
    """An engine that makes sound until it is stopped."""

    name: str = "singer"
    sample_rate: int = 22050
    is_costly = False
    max_characters: int = 100
    singing: int = 0
    most: int = 0
    chunks: int = 10**9
    pace: float = 0.01
    spoken: list[str] = field(default_factory=list)

    async def voices(self) -> list[Voice]:
        return [Voice("singer", "a", "en")]

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        if "broken" in text:
            raise EngineError("The singer is hoarse.")
        self.spoken.append(text)
        self.singing += 1
        self.most = max(self.most, self.singing)
        try:
            for _ in range(self.chunks):
                await asyncio.sleep(self.pace)
                yield b"\x01\x02" * 1000
        finally:
            self.singing -= 1

    async def aclose(self) -> None:
        pass


def with_singer(app: App, singer: Singer) -> App:
    return replace(app, voices=VoiceCatalogue([singer]))


async def test_sound_comes_while_it_is_made_and_stops_with_the_listener(app: App) -> None:
    singer = Singer()
    async with listening(make_server(make_site(with_singer(app, singer), ADMIN))) as port:
        async with (
            AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
            client.stream("POST", PREVIEW, json={"text": "Sing."}) as answer,
        ):
            assert (await anext(answer.aiter_raw())).startswith(b"RIFF")
            assert singer.singing == 1
        async with asyncio.timeout(3):
            while singer.singing:  # noqa: ASYNC110 - the singer is a real engine, and knows no events
                await asyncio.sleep(0.01)


async def test_two_sing_at_once_and_the_others_wait(app: App) -> None:
    singer = Singer(chunks=5)
    server = make_server(make_site(with_singer(app, singer), ADMIN))
    async with AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1") as client:
        answers = await asyncio.gather(*(client.post(PREVIEW, json={"text": "Sing."}) for _ in range(6)))
    assert {len(answer.content) for answer in answers} == {44 + 5 * 2000}
    assert singer.most == 2


async def test_a_text_longer_than_the_engine_takes_is_spoken_in_pieces(app: App) -> None:
    singer = Singer(chunks=1)
    text = "The keeper lit the lamp before the fog came in. " * 5
    server = make_server(make_site(with_singer(app, singer), ADMIN))
    async with AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1") as client:
        await client.post(PREVIEW, json={"text": text})
    assert "".join(singer.spoken) == text.strip()
    assert len(singer.spoken) > 1


async def test_an_engine_that_fails_at_once_is_told_by_the_status(app: App) -> None:
    server = make_server(make_site(with_singer(app, Singer(chunks=1)), ADMIN))
    async with AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1") as client:
        for _ in range(3):  # no turn is lost
            answer = await client.post(PREVIEW, json={"text": "This is broken."})
            assert (answer.status_code, answer.json()["error"]) == (503, "The singer is hoarse.")
        assert (await client.post(PREVIEW, json={"text": "This is not."})).status_code == 200


async def test_a_voice_that_does_not_answer_keeps_no_place_for_long(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ttsqueue.api.preview._PATIENCE", 0.3)
    singer = Singer(pace=30)
    server = make_server(make_site(with_singer(app, singer), ADMIN))
    async with AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1") as client:
        answers = await asyncio.gather(*(client.post(PREVIEW, json={"text": "Sing."}) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [503] * 4
    assert "does not answer at the moment" in answers[0].json()["error"]
    assert singer.singing == 0


async def test_a_preview_that_never_ends_is_cut_off(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ttsqueue.api.preview._LONGEST", 0.5)
    singer = Singer()
    async with (
        listening(make_server(make_site(with_singer(app, singer), ADMIN))) as port,
        AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):
        with pytest.raises(RemoteProtocolError):
            await client.post(PREVIEW, json={"text": "Sing."})
    assert singer.singing == 0


async def test_an_engine_that_fails_later_ends_the_sound(app: App) -> None:
    server = make_server(make_site(with_singer(app, Singer(chunks=1)), ADMIN))
    text = "The keeper lit the lamp before the fog came in from the sea and over the whole town. Then it was broken."
    async with AsyncClient(transport=ASGITransport(server), base_url="http://127.0.0.1") as client:
        answer = await client.post(PREVIEW, json={"text": text})
    assert len(answer.content) == 44 + 2000
