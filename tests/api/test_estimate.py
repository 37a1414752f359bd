"""POST /api/tts/queue?dryRun=true, and what may be spent in a day."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from ttsqueue.api.caller import Caller
from ttsqueue.api.server import make_server
from ttsqueue.app import App, open_app
from ttsqueue.listing import JobFilter
from ttsqueue.settings import load_settings

from .conftest import ADMIN, OWNER, ClientOf, make_site

QUEUE = "/api/tts/queue"
USER = Caller(OWNER)
SERVERS = """
[[server]]
name = "attic"
engine = "openai"
url = "http://127.0.0.1:9/v1"
voices = ["bella"]
price_per_million_characters = 1_000_000
"""


@pytest.fixture
async def app(tmp_path: Path) -> AsyncGenerator[App, None]:
    """A character costs 1, and a user may spend 1,000 in a day."""
    (tmp_path / "servers.toml").write_text(SERVERS)
    settings = {
        "TTSQUEUE_DATA": tmp_path / "data",
        "TTSQUEUE_SERVERS": tmp_path / "servers.toml",
        "TTSQUEUE_MAX_COST_PER_DAY": 1000,
    }
    async with open_app(load_settings(settings)) as app:
        yield app


def body(characters: int = 400, voice: str = "openai:bella", **changes: Any) -> dict[str, Any]:
    chapters = [{"id": "a", "text": "ab" * (characters // 4)}, {"id": "b", "text": "cd" * (characters // 4)}]
    return {"workId": str(uuid4()), "chapters": chapters, "voiceSettings": {"voiceId": voice}, **changes}


async def test_a_dry_run_tells_length_calls_and_cost_and_queues_nothing(app: App, client_of: ClientOf) -> None:
    answer = await client_of(USER).post(f"{QUEUE}?dryRun=true", json=body(400, language="en"))
    assert answer.status_code == 200
    estimate = answer.json()["estimate"]
    assert estimate.pop("estimatedSeconds") == pytest.approx(400 / 16.5, abs=0.1)
    assert estimate == {
        "voiceId": "openai:bella",
        "chapters": 2,
        "characters": 400,
        "calls": 2,
        "estimatedCost": 400.0,
        "costUnknown": None,
    }
    assert answer.json()["success"] is True
    assert (await app.queue.list_jobs(JobFilter())).jobs == ()
    assert (await client_of(USER).post(f"{QUEUE}?dryRun=true", json=body(1000))).status_code == 200


async def test_a_voice_that_costs_nothing_says_so(client_of: ClientOf) -> None:
    answer = await client_of(USER).post(f"{QUEUE}?dryRun=true", json=body(4_000_000, "default", language="en"))
    told = answer.json()["estimate"]
    assert (told["estimatedCost"], told["costUnknown"]) == (None, None)


async def test_a_dry_run_says_that_a_price_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTIC_KEY", "sk-1")
    unpriced = SERVERS.replace("price_per_million_characters = 1_000_000", 'api_key_env = "ATTIC_KEY"')
    (tmp_path / "servers.toml").write_text(unpriced)
    settings = {"TTSQUEUE_DATA": tmp_path / "data", "TTSQUEUE_SERVERS": tmp_path / "servers.toml"}
    async with open_app(load_settings(settings)) as app:
        transport = ASGITransport(make_server(make_site(app, USER)))
        async with AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            answer = await client.post(f"{QUEUE}?dryRun=true", json=body())
    told = answer.json()["estimate"]
    assert told["estimatedCost"] is None
    assert told["costUnknown"].startswith("The TTS server attic may cost money")


@pytest.mark.parametrize("dry", ["?dryRun=true", ""])
@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"chapters": []}, 422, "invalid_job"),
        ({"voiceSettings": {"voiceId": "nobody"}}, 422, "unknown_voice"),
        ({"voiceSettings": {"speed": 99}}, 422, "invalid_job"),
        ({"userId": str(uuid4())}, 403, "forbidden"),
        ({"workId": 7}, 400, "malformed"),
    ],
)
async def test_a_dry_run_refuses_what_would_be_refused(
    client_of: ClientOf, wrong: dict[str, Any], status: int, code: str, dry: str
) -> None:
    answer = await client_of(USER).post(QUEUE + dry, json=body() | wrong)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_the_ceiling_of_a_day_says_when_there_is_room_again(client_of: ClientOf) -> None:
    client = client_of(USER)
    assert (await client.post(QUEUE, json=body(800))).status_code == 202
    for dry in ("", "?dryRun=true"):
        answer = await client.post(QUEUE + dry, json=body(400))
        assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")
        assert 86_000 < int(answer.headers["Retry-After"]) <= 86_400
        assert "of which 200.00 is left. There is room in about 24 hours." in answer.json()["error"]


async def test_what_is_dearer_than_a_day_is_wrong_and_not_late(client_of: ClientOf) -> None:
    answer = await client_of(USER).post(QUEUE, json=body(1200))
    assert (answer.status_code, answer.json()["code"]) == (422, "too_costly")
    assert "Retry-After" not in answer.headers


async def test_admins_have_a_ceiling_too(client_of: ClientOf) -> None:
    admin = client_of(ADMIN)
    answers = [await admin.post(QUEUE, json=body(600)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 429]


async def test_of_parallel_requests_no_more_get_in_than_there_is_money_for(client_of: ClientOf) -> None:
    client = client_of(USER)
    answers = await asyncio.gather(*(client.post(QUEUE, json=body(300)) for _ in range(12)))
    assert Counter(answer.status_code for answer in answers) == {202: 3, 429: 9}


async def test_previews_of_a_voice_that_costs_money_count(client_of: ClientOf) -> None:
    client = client_of(USER)
    assert (await client.post(QUEUE, json=body(900))).status_code == 202
    answer = await client.post("/api/tts/preview", json={"text": "no " * 100, "voiceId": "openai:bella"})
    assert (answer.status_code, answer.json()["code"]) == (429, "limit_reached")


async def test_trying_again_costs_nothing_new(app: App, client_of: ClientOf) -> None:
    client = client_of(USER)
    job_id = (await client.post(QUEUE, json=body(800))).json()["jobId"]
    await client.delete(QUEUE, params={"jobId": job_id})
    assert (await client.post(f"/api/tts/queue/{job_id}/retry")).status_code == 200
    job = await app.queue.claim_next_job()
    assert job is not None
    await app.purse.begin(job, "openai:bella")
