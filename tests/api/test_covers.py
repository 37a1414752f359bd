from __future__ import annotations

import base64
from pathlib import Path
from uuid import uuid4

import pytest
from httpx import AsyncClient

from tests.api.conftest import OWNER, STRANGER, ClientOf
from tests.audio.test_cover import png, size_of
from ttsqueue.api.caller import Caller
from ttsqueue.app import App

QUEUE = "/api/tts/queue"
WORK = "00000000-0000-4000-8000-0000000000f0"


def data_uri(picture: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(picture).decode()}"


def job(cover: str | None, work: str = WORK) -> dict[str, object]:
    return {"workId": work, "chapters": [{"id": "a", "text": "The fog came in."}], "cover": cover}


def stored(app: App) -> list[str]:
    return [file.name for file in app.storage.folder.glob("*-*/*")]


async def test_a_cover_is_encoded_anew_and_named_in_the_job(client: AsyncClient, app: App) -> None:
    hidden = png(60, 90) + b"<script>"
    answer = await client.post(QUEUE, json=job(data_uri(hidden)))
    assert answer.status_code == 202
    (file_id,) = stored(app)
    assert file_id.startswith(f"{WORK}.cover-")
    picture = Path(app.storage.whereabouts(file_id)).read_bytes()
    assert size_of(picture) == (60, 90)
    assert b"script" not in picture
    assert list(app.storage.drafts.iterdir()) == []
    claimed = await app.queue.claim_next_job("tester")
    assert claimed is not None
    assert claimed.payload.book.cover_file_id == file_id


async def test_the_same_cover_is_stored_once(client: AsyncClient, app: App) -> None:
    for chapters in ("a", "b"):
        body = job(data_uri(png(60, 90))) | {"chapters": [{"id": chapters, "text": "Fog."}]}
        assert (await client.post(QUEUE, json=body)).status_code == 202
    assert len(stored(app)) == 1


@pytest.mark.parametrize(
    ("cover", "sentence"),
    [
        ("", "must be a data URI"),
        ("https://example.org/a.png", "must be a data URI"),
        ("file:///etc/passwd", "must be a data URI"),
        (data_uri(b"<svg/>", "image/svg+xml"), "must be a data URI"),
        ("data:image/png;base64,!!!", "not valid base64"),
        ("data:image/png;base64,AAA", "not valid base64"),
        ("data:image/png;base64,\u00e9", "not valid base64"),
        (data_uri(b"GIF89a"), "neither a JPEG nor a PNG"),
        (data_uri(png(60, 90)[:60]), "damaged"),
        (data_uri(b"\x89PNG" + bytes(5_000_000)), "larger than 5 MB"),
    ],
)
async def test_a_cover_that_cannot_be_used_is_refused_with_a_sentence(
    client: AsyncClient, app: App, cover: str, sentence: str
) -> None:
    answer = await client.post(QUEUE, json=job(cover))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_job")
    assert sentence in answer.json()["error"]
    assert len(answer.json()["error"]) < 200
    assert stored(app) == []
    assert (await client.get(QUEUE)).json()["jobs"] == []


async def test_no_cover_is_no_fault(client: AsyncClient) -> None:
    assert (await client.post(QUEUE, json=job(None))).status_code == 202


@pytest.mark.parametrize("work", ["../../../../etc", "x", ""])
async def test_a_cover_is_stored_under_a_work_only(client: AsyncClient, app: App, work: str) -> None:
    answer = await client.post(QUEUE, json=job(data_uri(png(6, 9)), work))
    assert answer.status_code == 422
    assert "workId must be a UUID" in answer.json()["error"]


async def test_a_cover_is_seen_by_whoever_has_the_work(client_of: ClientOf, app: App) -> None:
    work = str(uuid4())
    owner, stranger = client_of(Caller(OWNER)), client_of(Caller(STRANGER))
    await owner.post(QUEUE, json=job(data_uri(png(60, 90)), work))
    (file_id,) = stored(app)
    seen = await owner.get(f"/api/tts/audio/{file_id}")
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    assert size_of(seen.content) == (60, 90)
    assert (await stranger.get(f"/api/tts/audio/{file_id}")).status_code == 404
