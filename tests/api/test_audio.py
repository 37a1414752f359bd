from __future__ import annotations

import wave
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response

from tests.api.conftest import OWNER, STRANGER, ClientOf, make_site
from tests.audio.sounds import heard, tone
from tests.audio.test_chapter_sound import encode
from ttsqueue.api.audio_file import disposition
from ttsqueue.api.byte_range import RangeNotSatisfiable, wanted_range
from ttsqueue.api.caller import Caller
from ttsqueue.api.identity.identity import Identity
from ttsqueue.api.identity.server_keys import ServerKeys
from ttsqueue.api.server import make_server
from ttsqueue.app import App
from ttsqueue.audio import AudioFormat, Encoder
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.jobs import NewJob

AUDIO = "/api/tts/audio/"
TITLE = 'Fog "and"\r\nSet-Cookie: a=b; Ärger; 海'
Publish = Callable[[bytes, str], Awaitable[str]]


@pytest.fixture
async def job_id(app: App) -> str:
    new = NewJob(str(uuid4()), OWNER, (Chapter("a", "The fog came in."),), book=BookInfo(TITLE))
    return await app.queue.add_job(new)


@pytest.fixture
def publish(app: App, job_id: str) -> Publish:
    """Put bytes into storage as a part of the job, and name them."""

    async def put(data: bytes, part: str = "c0003-1.wav") -> str:
        await app.storage.prepare()
        draft = app.storage.draft("wav")
        draft.write_bytes(data)
        await app.storage.publish(draft, f"{job_id}.{part}")
        return f"{job_id}.{part}"

    return put


@pytest.fixture
async def sound(publish: Publish, tmp_path: Path) -> tuple[str, bytes]:
    """A second of tone in storage: its id and its bytes."""
    path = tmp_path / "tone.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(tone(1))
    data = path.read_bytes()
    return await publish(data, "c0003-1.wav"), data


async def test_a_whole_file_is_played(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    file_id, data = sound
    answer = await client.get(AUDIO + file_id)
    assert (answer.status_code, answer.content) == (200, data)
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["content-length"] == str(len(data))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["etag"] == f'"{file_id}"'
    assert "last-modified" in answer.headers
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_a_spoken_chapter_arrives_as_it_is(client: AsyncClient, publish: Publish, tmp_path: Path) -> None:
    async with Encoder(tmp_path) as encoder:
        await encode(encoder, tmp_path / "a.m4a", tone(2), AudioFormat.M4B)
    file_id = await publish((tmp_path / "a.m4a").read_bytes(), "c0001-7.m4a")
    answer = await client.get(AUDIO + file_id)
    assert answer.headers["content-type"] == "audio/mp4"
    (tmp_path / "b.m4a").write_bytes(answer.content)
    assert heard(tmp_path / "b.m4a") == heard(tmp_path / "a.m4a")


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ("book-1.m4b", "audio/mp4"),
        ("c0001-1.m4a", "audio/mp4"),
        ("book-1.mp3", "audio/mpeg"),
        ("book-1.opus", "audio/ogg"),
        ("book-1.flac", "audio/flac"),
        ("book-1.wav", "audio/wav"),
        ("cover-1.jpg", "image/jpeg"),
        ("cover-1.png", "image/png"),
        ("book-1.html", "application/octet-stream"),
    ],
)
async def test_every_kind_of_file_has_its_type(client: AsyncClient, publish: Publish, part: str, kind: str) -> None:
    assert (await client.get(AUDIO + await publish(b"<script>", part))).headers["content-type"] == kind


@pytest.mark.parametrize(
    ("asked", "first", "end"),
    [
        ("bytes=0-", 0, None),
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=-5", -5, None),
        ("bytes=44000-99999999", 44000, None),
        ("bytes=-99999999", 0, None),
        ("BYTES = 1-2", 1, 3),
    ],
)
async def test_a_part_is_played(
    client: AsyncClient, sound: tuple[str, bytes], asked: str, first: int, end: int | None
) -> None:
    file_id, data = sound
    answer = await client.get(AUDIO + file_id, headers={"Range": asked})
    assert (answer.status_code, answer.content) == (206, data[first:end])
    start, stop, _ = slice(first, end).indices(len(data))
    assert answer.headers["content-range"] == f"bytes {start}-{stop - 1}/{len(data)}"
    assert answer.headers["content-length"] == str(stop - start)
    assert answer.headers["content-type"] == "audio/wav"


@pytest.mark.parametrize(
    "asked",
    ["bytes=", "bytes=-", "bytes=a-b", "bytes=9-1", "lines=0-1", "bytes=0-1,5-9", "0-1", "bytes=--1", "bytes=٣-"],
)
async def test_a_range_that_is_none_gives_the_whole_file(
    client: AsyncClient, sound: tuple[str, bytes], asked: str
) -> None:
    answer = await client.get(AUDIO + sound[0], headers=[(b"Range", asked.encode())])
    assert (answer.status_code, answer.content) == (200, sound[1])


@pytest.mark.parametrize("asked", ["bytes=44144-", "bytes=99999999-", "bytes=-0", "bytes=99999999-100000000"])
async def test_a_range_beyond_the_end_is_told(client: AsyncClient, sound: tuple[str, bytes], asked: str) -> None:
    assert len(sound[1]) == 44144
    answer = await client.get(AUDIO + sound[0], headers={"Range": asked})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */44144"


def test_an_empty_file_has_no_part() -> None:
    with pytest.raises(RangeNotSatisfiable):
        wanted_range("bytes=0-", 0)
    assert wanted_range(None, 0) is None


async def test_a_file_that_the_client_has_is_not_sent(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    tag = (await client.get(AUDIO + sound[0])).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        answer = await client.get(AUDIO + sound[0], headers={"If-None-Match": known})
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    assert (await client.get(AUDIO + sound[0], headers={"If-None-Match": '"x"'})).status_code == 200


async def test_a_part_of_another_version_is_not_mixed_in(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    whole = await client.get(AUDIO + sound[0])
    for condition, status in (
        (whole.headers["etag"], 206),
        (whole.headers["last-modified"], 206),
        ('"other"', 200),
        (f"W/{whole.headers['etag']}", 200),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 200),
    ):
        answer = await client.get(AUDIO + sound[0], headers={"Range": "bytes=1-2", "If-Range": condition})
        assert answer.status_code == status


async def test_head_tells_all_but_the_sound(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    get, head = await client.get(AUDIO + sound[0]), await client.head(AUDIO + sound[0], headers={"Range": "bytes=0-1"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("download", ["0", "1"])
async def test_a_title_becomes_a_file_name_and_nothing_else(
    client: AsyncClient, sound: tuple[str, bytes], download: str
) -> None:
    answer = await client.get(AUDIO + sound[0], params={"download": download})
    assert "set-cookie" not in answer.headers
    kind, plain, full = answer.headers["content-disposition"].split("; filename", 2)
    assert kind == ("attachment" if download == "1" else "inline")
    name = "Fog -and- Set-Cookie- a=b; Ärger; 海 - 3.wav"
    assert unquote(full.removeprefix("*=UTF-8''")) == name
    assert plain == '="Fog -and- Set-Cookie- a=b; _rger; _ - 3.wav"'


def test_what_quotes_and_escapes_stays_out_of_the_plain_name() -> None:
    assert disposition('a"b\\c%22\r\nd.wav', download=True).startswith('attachment; filename="a_b_c_22__d.wav"; ')
    assert disposition('a"b\\c%22\r\nd.wav', download=True).isprintable()


@pytest.mark.parametrize(
    "file_id",
    [
        "nobody",
        "..",
        "../secret",
        "..%2fsecret",
        "%2e%2e%2f%2e%2e%2fsecret",
        "..\\secret",
        "\x00",
        "00000000-0000-4000-8000-0000000000aa.c0001-1.wav",
        "------------------------------------.c0001-1.wav",
        "00000000-0000-4000-8000-0000000000aa.c0001-1.wav/../../secret",
        "x" * 5000,
    ],
)
async def test_what_is_not_there_is_not_found(client: AsyncClient, file_id: str) -> None:
    for address in (AUDIO + file_id.replace("\x00", "%00"), AUDIO + quote(file_id, safe="")):
        assert (await client.get(address)).status_code == 404


async def test_a_file_that_is_gone_is_not_found(client: AsyncClient, app: App, sound: tuple[str, bytes]) -> None:
    await app.storage.delete(sound[0])
    answer = await client.get(AUDIO + sound[0])
    assert (answer.status_code, answer.json()["code"]) == (404, "audio_not_found")


async def test_somebody_elses_sound_is_not_there(client_of: ClientOf, sound: tuple[str, bytes]) -> None:
    def seen(answer: Response) -> tuple[int, bytes]:
        return answer.status_code, answer.content

    stranger, owner = client_of(Caller(STRANGER)), client_of(Caller(OWNER))
    assert seen(await owner.get(AUDIO + sound[0])) == (200, sound[1])
    missing = seen(await stranger.get(AUDIO + sound[0].replace("c0003", "c0004")))
    assert seen(await stranger.get(AUDIO + sound[0])) == missing
    assert missing[0] == 404


@pytest.fixture
def nobody(app: App) -> AsyncClient:
    """A client that the server does not know."""
    site = replace(make_site(app, Caller(None)), identity=Identity(ServerKeys(app.queue.provider)))
    transport = ASGITransport(make_server(site))
    return AsyncClient(transport=transport, base_url="http://127.0.0.1")


async def test_a_signed_address_plays_for_anybody_on_any_site(
    nobody: AsyncClient, app: App, sound: tuple[str, bytes]
) -> None:
    address = make_site(app, Caller(None)).audio_links.url(sound[0])
    answer = await nobody.get(address)
    assert (answer.status_code, answer.content) == (200, sound[1])
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "Fog -and-" in answer.headers["content-disposition"]
    assert (await nobody.get(address, headers={"Range": "bytes=1-2"})).status_code == 206
    assert (await nobody.head(address)).status_code == 200


async def test_without_identity_and_signature_there_is_no_sound(nobody: AsyncClient, sound: tuple[str, bytes]) -> None:
    answer = await nobody.get(AUDIO + sound[0])
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_a_forged_or_old_address_says_so(nobody: AsyncClient, app: App, sound: tuple[str, bytes]) -> None:
    links = make_site(app, Caller(None)).audio_links
    good = links.url(sound[0])
    old = f"{AUDIO}{sound[0]}?expires=1000&signature={links._signature(sound[0], 1000)}"
    for address, sentence in (
        (good[:-1] + ("0" if good[-1] != "0" else "1"), "not made by this server"),
        (good.replace("c0003", "c0004"), "not made by this server"),
        (good.replace("expires=", "expires=1"), "not made by this server"),
        (f"{AUDIO}{sound[0]}?signature=x", "not made by this server"),
        (old, "has expired"),
    ):
        answer = await nobody.get(address)
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
        assert sentence in answer.json()["error"]


async def test_an_old_address_still_plays_for_its_owner(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    answer = await client.get(f"{AUDIO}{sound[0]}?expires=1000&signature=x")
    assert answer.status_code == 200
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


async def test_parameters_of_the_wrong_type_are_malformed(client: AsyncClient, sound: tuple[str, bytes]) -> None:
    answer = await client.get(AUDIO + sound[0], params={"expires": "soon", "signature": "x"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
