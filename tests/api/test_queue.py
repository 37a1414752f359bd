"""/api/tts/queue, as the guide prints it."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient

from tests.api.conftest import ADMIN, OWNER, STRANGER, ClientOf
from ttsqueue.api.caller import Caller
from ttsqueue.app import App
from ttsqueue.outcome import Complete, Fail
from ttsqueue.result import ChapterSound, JobResult

URL = "/api/tts/queue"
USER = Caller(OWNER)


def body(**changes: Any) -> dict[str, Any]:
    """The guide's request."""
    return {
        "workId": str(uuid4()),
        "chapters": [{"id": "ch1", "text": "It rained.", "title": "Chapter 1"}],
        "voiceSettings": {"voiceId": "default"},
        "jobType": "full_book",
    } | changes


async def add(client: AsyncClient, **changes: Any) -> str:
    answer = await client.post(URL, json=body(**changes))
    assert answer.status_code == 202, answer.text
    job_id: str = answer.json()["jobId"]
    return job_id


async def test_a_new_job_is_answered_as_the_guide_prints_it(client_of: ClientOf) -> None:
    answer = await client_of(USER).post(URL, json=body())
    assert answer.status_code == 202
    data = answer.json()
    assert data["success"] is True
    assert UUID(data["jobId"])
    printed = {"id": data["jobId"], "status": "pending", "priority": 5, "progressPercent": 0, "totalChapters": 1}
    assert printed.items() <= data["job"].items()
    assert answer.headers["location"] == f"{URL}?jobId={data['jobId']}"


async def test_where_it_points_to_is_the_job(client: AsyncClient) -> None:
    answer = await client.post(URL, json=body())
    found = (await client.get(answer.headers["location"])).json()
    assert found["job"] == answer.json()["job"]
    assert found["position"] == 0


async def test_chapter_id_names_a_chapter_as_well(client: AsyncClient) -> None:
    job_id = await add(client, chapters=[{"chapterId": "eins", "text": "Es regnet."}, {"id": "zwei", "text": "Ja."}])
    chapters = (await client.get(f"{URL}/{job_id}/chapters")).json()["chapters"]
    assert [chapter["chapterId"] for chapter in chapters] == ["eins", "zwei"]


async def test_texts_are_never_sent_back(client: AsyncClient) -> None:
    job_id = await add(client, chapters=[{"id": "ch1", "text": "A secret sentence."}])
    for address in (f"{URL}?jobId={job_id}", URL, f"{URL}/{job_id}/chapters", f"{URL}/{job_id}/timeline"):
        assert "secret" not in (await client.get(address)).text


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"chapters": []}, 422, "invalid_job"),
        ({"workId": "work-1"}, 422, "invalid_job"),
        ({"voiceSettings": {"voiceId": "espeak:klingon-x"}}, 422, "unknown_voice"),
        ({"voiceSettings": {"speed": 99}}, 422, "invalid_job"),
        ({"chapters": [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}]}, 422, "invalid_job"),
        ({"jobType": "single_chapter", "chapters": [{"id": "a", "text": "x"}, {"id": "b", "text": "y"}]}, 422, None),
        ({"chapters": [{"text": "x"}]}, 400, "malformed"),
        ({"chapters": "x"}, 400, "malformed"),
        ({"chapters": [{"id": "a", "text": 7}]}, 400, "malformed"),
        ({"jobType": "symphony"}, 400, "malformed"),
        ({"delaySeconds": -1}, 400, "malformed"),
        ({"runAt": "2026-01-01T00:00:00"}, 400, "malformed"),
        ({"runAt": "0001-01-01T00:00:00+14:00"}, 400, "malformed"),
    ],
)
async def test_a_wrong_job_is_refused_with_one_sentence(
    client: AsyncClient, changes: dict[str, Any], status: int, code: str | None
) -> None:
    answer = await client.post(URL, json=body(**changes))
    assert answer.status_code == status
    problem = answer.json()
    assert set(problem) == {"error", "code", "details"}
    assert code in (None, problem["code"])
    assert problem["error"].endswith(".")


@pytest.mark.parametrize("missing", ["workId", "chapters"])
async def test_a_missing_member_is_named(client: AsyncClient, missing: str) -> None:
    wanted = body()
    del wanted[missing]
    answer = await client.post(URL, json=wanted)
    assert answer.status_code == 400
    assert missing in answer.json()["error"]


async def test_members_that_nobody_knows_do_no_harm(client: AsyncClient) -> None:
    await add(client, campaign="spring", voiceSettings={"voiceId": "default", "mood": "calm"})


async def test_nul_and_lone_surrogates_in_texts_are_removed(client: AsyncClient) -> None:
    raw = json.dumps(body(chapters=[{"id": "ch1", "text": "A\0b \ud800c."}]))
    answer = await client.post(URL, content=raw, headers={"content-type": "application/json"})
    assert answer.status_code == 202
    (chapter,) = (await client.get(f"{URL}/{answer.json()['jobId']}/chapters")).json()["chapters"]
    assert chapter["characters"] == len("Ab c.")


async def test_broken_json_is_malformed(client: AsyncClient) -> None:
    answer = await client.post(URL, content=b'{"workId": ', headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_double_click_gets_409_with_the_job_that_is_there(client: AsyncClient) -> None:
    wanted = body()
    first = await client.post(URL, json=wanted)
    second = await client.post(URL, json=wanted)
    assert (second.status_code, second.json()["code"]) == (409, "duplicate_job")
    assert second.json()["details"] == [{"jobId": first.json()["jobId"], "status": "pending"}]


async def test_an_idempotency_key_makes_two_requests_one(client: AsyncClient) -> None:
    wanted, key = body(), {"Idempotency-Key": "order-7"}
    answers = [await client.post(URL, json=wanted, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert len({answer.json()["jobId"] for answer in answers}) == 1
    other = await client.post(URL, json=body(), headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


@pytest.mark.parametrize(
    ("caller", "wish", "status", "priority"),
    [
        (Caller(OWNER), None, 202, 5),
        (Caller(OWNER, is_premium=True), None, 202, 2),
        (Caller(OWNER), 4, 403, None),
        (Caller(OWNER), 10, 202, 10),
        (Caller(OWNER, is_premium=True), 1, 202, 1),
        (Caller(OWNER), 0, 403, None),
        (ADMIN, 1, 202, 1),
        (ADMIN, 11, 422, None),
    ],
)
async def test_nobody_chooses_a_better_priority_than_their_tier(
    client_of: ClientOf, caller: Caller, wish: int | None, status: int, priority: int | None
) -> None:
    answer = await client_of(caller).post(URL, json=body(priority=wish))
    assert answer.status_code == status, answer.text
    assert priority is None or answer.json()["job"]["priority"] == priority


async def test_a_servers_key_names_the_user_and_their_tier(client_of: ClientOf) -> None:
    server = client_of(Caller(None, is_service=True))
    answer = await server.post(URL, json=body(userId=STRANGER, isPremium=True))
    assert answer.json()["job"]["userId"] == STRANGER
    assert answer.json()["job"]["priority"] == 2
    nobody = await server.post(URL, json=body())
    assert (nobody.status_code, nobody.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize("claim", [{"userId": STRANGER}, {"isPremium": True}])
async def test_a_user_names_neither_another_user_nor_a_tier(client_of: ClientOf, claim: dict[str, Any]) -> None:
    answer = await client_of(USER).post(URL, json=body(**claim))
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


async def test_the_list_holds_the_callers_own_jobs_newest_first(client_of: ClientOf) -> None:
    mine = [await add(client_of(USER)) for _ in range(3)]
    await add(client_of(Caller(STRANGER)))
    for address in (URL, f"{URL}?userId={OWNER}"):
        jobs = (await client_of(USER).get(address)).json()["jobs"]
        assert [job["id"] for job in jobs] == mine[::-1]


async def test_lists_come_a_page_at_a_time(client: AsyncClient) -> None:
    ids = [await add(client) for _ in range(5)]
    seen: list[str] = []
    cursor = None
    for _ in range(3):
        page = (await client.get(URL, params={"limit": 2} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [job["id"] for job in page["jobs"]]
        cursor = page["nextCursor"]
    assert cursor is None
    assert seen == ids[::-1]


async def test_a_list_may_be_asked_for_states_and_a_work(client: AsyncClient) -> None:
    work = str(uuid4())
    cancelled = await add(client, workId=work)
    await client.delete(URL, params={"jobId": cancelled})
    waiting = await add(client, workId=work)
    await add(client)
    assert await listed(client, workId=work) == [waiting, cancelled]
    assert await listed(client, workId=work, status="cancelled") == [cancelled]


async def listed(client: AsyncClient, **params: str) -> list[str]:
    return [job["id"] for job in (await client.get(URL, params=params)).json()["jobs"]]


async def test_everybodys_jobs_are_for_admins(client_of: ClientOf) -> None:
    theirs = await add(client_of(Caller(STRANGER)))
    assert await listed(client_of(ADMIN), userId="all") == [theirs]
    for caller in (USER, Caller(None, is_service=True)):
        answer = await client_of(caller).get(URL, params={"userId": "all"})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "?jobId={}"),
        ("DELETE", "?jobId={}"),
        ("GET", "/{}/chapters"),
        ("GET", "/{}/timeline"),
        ("POST", "/{}/retry"),
        ("DELETE", "/{}"),
    ],
)
async def test_somebody_elses_job_looks_like_one_that_is_not_there(
    client_of: ClientOf, method: str, address: str
) -> None:
    theirs = await add(client_of(Caller(STRANGER)))
    answer = await client_of(USER).request(method, URL + address.format(theirs))
    nothing = await client_of(USER).request(method, URL + address.format(uuid4()))
    assert answer.status_code == nothing.status_code == 404
    assert answer.json()["code"] == nothing.json()["code"] == "job_not_found"
    assert (await client_of(Caller(STRANGER)).get(f"{URL}?jobId={theirs}")).json()["job"]["status"] == "pending"


async def test_cancelling_answers_as_the_guide_prints_it(client: AsyncClient) -> None:
    job_id = await add(client)
    for _ in range(2):
        answer = await client.delete(URL, params={"jobId": job_id})
        assert answer.status_code == 200
        assert {"success": True, "message": "Job cancelled successfully"}.items() <= answer.json().items()
    assert (await client.get(f"{URL}?jobId={job_id}")).json()["job"]["status"] == "cancelled"


async def finish(app: App, outcome: Complete | Fail) -> None:
    (claim,) = await app.queue.provider.claim("test")
    await app.queue.provider.settle(claim.lease, outcome)


async def test_a_completed_job_cannot_be_cancelled(client: AsyncClient, app: App) -> None:
    job_id = await add(client)
    await finish(app, Complete(JobResult((), 0.0)))
    answer = await client.delete(URL, params={"jobId": job_id})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_cancellable")


async def test_a_failed_job_is_tried_again(client: AsyncClient, app: App) -> None:
    job_id = await add(client)
    early = await client.post(f"{URL}/{job_id}/retry")
    assert (early.status_code, early.json()["code"]) == (409, "not_retryable")
    await finish(app, Fail("The voice went away.", "ENGINE_FAILED"))
    answer = await client.post(f"{URL}/{job_id}/retry")
    assert answer.json()["job"]["status"] == "pending"
    history = (await client.get(f"{URL}/{job_id}/timeline")).json()
    assert [step["status"] for step in history["history"]] == ["pending", "processing", "failed", "pending"]
    assert history["attempts"][0]["error"] == "The voice went away."


async def test_a_result_carries_addresses_that_play(client: AsyncClient, app: App) -> None:
    job_id = await add(client)
    sound = ChapterSound("ch1", "Chapter 1", f"{job_id}.c0000-1.m4a", 0.0, 2.5)
    await finish(app, Complete(JobResult((sound.audio_file_id,), 2.5, f"{job_id}.book-1.m4b", (sound,))))
    result = (await client.get(f"{URL}?jobId={job_id}")).json()["job"]["result"]
    assert result["audioFileIds"] == [sound.audio_file_id]
    assert "signature=" in result["audiobookUrl"]
    assert result["chapters"][0]["audioUrl"].startswith(f"/api/tts/audio/{sound.audio_file_id}?expires=")


async def test_a_finished_job_is_deleted_with_its_sound(client: AsyncClient, app: App) -> None:
    job_id = await add(client)
    early = await client.delete(f"{URL}/{job_id}")
    assert (early.status_code, early.json()["code"]) == (409, "not_deletable")
    await client.delete(URL, params={"jobId": job_id})
    await app.storage.prepare()
    draft = app.storage.draft("m4a")
    draft.write_bytes(b"sound")
    await app.storage.publish(draft, f"{job_id}.c0000-1.m4a")
    assert (await client.delete(f"{URL}/{job_id}")).json() == {"success": True}
    assert list(await app.storage.files_of(job_id)) == []
    assert (await client.get(f"{URL}?jobId={job_id}")).status_code == 404


async def test_unknown_addresses_and_methods_have_the_same_shape(client: AsyncClient) -> None:
    for method, address, status in (("GET", "/api/tts/nothing", 404), ("PATCH", URL, 405)):
        answer = await client.request(method, address)
        assert answer.status_code == status
        assert set(answer.json()) == {"error", "code", "details"}


async def test_a_store_that_is_down_gives_503_and_says_no_more(client: AsyncClient, app: App) -> None:
    await app.queue.provider.aclose()
    answer = await client.get(f"{URL}?jobId={uuid4()}")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert answer.headers["retry-after"]
    assert str(app.settings.data) not in answer.text
    assert (await client.get("/healthz")).status_code == 200
    assert (await client.get("/readyz")).status_code == 503
