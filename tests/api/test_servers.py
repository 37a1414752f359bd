"""What admins see of the TTS servers, and change."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.servers.samples import DOWN, FILE, KEY, LEAVE_ALONE, LIMITS, SECRETS, SPOKEN, calls_ended
from ttsqueue.app import App, open_app
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.settings import load_settings

from .conftest import ADMIN, ClientOf
from .operators import ADMIN_SERVER, SERVER, USER

SERVERS = "/api/tts/servers"
ATTIC = f"{SERVERS}/attic/limits"
OF_FILE = {"maxConcurrent": 4, "callsPerSecond": 10.0, "callsPerMinute": None, "charactersPerMinute": None}


@pytest.fixture
async def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[App, None]:
    monkeypatch.setenv("ATTIC_KEY", KEY)
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "data" / "servers.toml").write_text(FILE)
    async with open_app(load_settings({"TTSQUEUE_DATA": tmp_path / "data"})) as app:
        yield app


async def test_each_server_is_shown_with_state_calls_pace_and_last_error(app: App, client: AsyncClient) -> None:
    await calls_ended(app.queue.provider, "attic", SPOKEN, LEAVE_ALONE)
    await calls_ended(app.queue.provider, "cellar & co", DOWN, DOWN, DOWN)
    answer = await client.get(SERVERS)
    attic, cellar = answer.json()["servers"]
    assert attic["leftAloneSeconds"] == pytest.approx(720, abs=10)
    assert attic["lastError"]["message"] == "too many requests"
    assert (attic["state"], attic["calls"], attic["rateLimited"], attic["callsInFlight"]) == ("limited", 2, 1, 0)
    assert (attic["p50"], attic["p95"], attic["realTimeFactor"]) == (2.0, 2.0, pytest.approx(1 / 30))
    assert (attic["limits"], attic["limitsAreChanged"]) == (OF_FILE, False)
    assert (cellar["state"], cellar["failed"], cellar["lastError"]["message"]) == ("open", 3, "HTTP 503")
    assert not [secret for secret in SECRETS if secret in answer.text]


async def test_limits_are_changed_for_all_and_go_back_to_those_of_the_file(app: App, client: AsyncClient) -> None:
    changed = await client.put(ATTIC, json={"maxConcurrent": 2, "callsPerMinute": 30})
    assert changed.status_code == 200
    assert changed.json()["limits"] == OF_FILE | {"maxConcurrent": 2, "callsPerSecond": None, "callsPerMinute": 30.0}
    assert (changed.json()["limitsAreChanged"], changed.json()["limitsOfFile"]) == (True, OF_FILE)
    assert (await app.servers.report("attic")).limits == ServerLimits(max_concurrent=2, calls_per_minute=30)
    back = (await client.delete(ATTIC)).json()
    assert (back["limits"], back["limitsAreChanged"]) == (OF_FILE, False)
    assert (await app.servers.report("attic")).limits == LIMITS


@pytest.mark.parametrize(
    "limits",
    [{"maxConcurrent": 0}, {"maxConcurrent": 1.5}, {"callsPerSecond": -1}, {"callsPerMinute": "many"}, [1], None],
)
async def test_limits_that_are_none_are_refused(app: App, client: AsyncClient, limits: object) -> None:
    answer = await client.put(ATTIC, json=limits)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert not (await app.servers.report("attic")).is_changed


async def test_a_server_that_is_not_there_is_told_with_those_that_are(client: AsyncClient) -> None:
    for answer in (await client.put(f"{SERVERS}/loft/limits", json={}), await client.delete(f"{SERVERS}/loft/limits")):
        assert (answer.status_code, answer.json()["code"]) == (404, "server_not_found")
        assert answer.json()["error"] == "There is no TTS server 'loft'; there are attic, cellar & co."
    assert (await client.put(f"{SERVERS}/cellar%20%26%20co/limits", json={})).json()["name"] == "cellar & co"


async def test_only_admins_and_their_keys_see_and_change_servers(app: App, client_of: ClientOf) -> None:
    for method, path in (("GET", SERVERS), ("PUT", ATTIC), ("DELETE", ATTIC)):
        for caller in (USER, SERVER):
            refusal = await client_of(caller).request(method, path, json={"maxConcurrent": 1})
            assert (refusal.status_code, refusal.json()["code"]) == (403, "forbidden")
        assert not (await app.servers.report("attic")).is_changed
        for caller in (ADMIN, ADMIN_SERVER):
            assert (await client_of(caller).request(method, path, json={})).status_code == 200
        await app.servers.set_limits("attic", None)
