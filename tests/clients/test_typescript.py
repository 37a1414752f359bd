"""The TypeScript client against the real server over HTTP. The checks themselves are in clients/typescript/test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from tests.api.access_tokens import SECRET
from tests.api.served import served
from ttsqueue.book import Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.priority import Urgency, get_priority_for_user
from ttsqueue.result import ChapterSound, JobResult
from ttsqueue.storage import Storage

from .conftest import ADA, BEN, Running
from .node_programs import Programs

WORK = "11111111-1111-4111-8111-111111111111"
URGENCIES: tuple[Urgency, ...] = ("urgent", "normal", "bulk")


async def test_the_calls_of_the_guide_work_as_printed(programs: Programs, tmp_path: Path) -> None:
    data = tmp_path / "data"
    create = [sys.executable, "-m", "ttsqueue.cli", "keys", "create", "guide", "--admin", "--json"]
    key = json.loads(subprocess.check_output(create, env={**os.environ, "TTSQUEUE_DATA": str(data)}))["key"]
    with served(data, TTSQUEUE_AUTH="jwt", TTSQUEUE_JWT_SECRET=SECRET) as address:
        await programs.run("guide", TTSQUEUE_URL=address, TTSQUEUE_KEY=key, USER_ID=ADA)


async def test_priorities_are_those_of_the_server(programs: Programs) -> None:
    (line,) = await programs.run("priorities")
    assert json.loads(line) == [
        [get_priority_for_user(premium, wish) for wish in URGENCIES] for premium in (True, False)
    ]


async def test_a_user_lists_cancels_retries_and_deletes_jobs(programs: Programs, server: Running) -> None:
    await programs.run("jobs", **server.given)


async def test_a_finished_job_has_addresses_that_play(programs: Programs, server: Running) -> None:
    job_id = await server.app.queue.add_job(_book("finished"))
    await server.app.queue.claim_next_job()
    sound_id = await _silence(server.app.storage, job_id)
    sound = ChapterSound("finished", "One", sound_id, 0.0, 1.0)
    await server.app.queue.complete_job(job_id, JobResult((sound_id,), 1.0, None, (sound,)))
    await programs.run("finished", **server.given, JOB=job_id, SOUND=sound_id)


async def test_trouble_is_retried_only_where_that_is_safe_and_soon(programs: Programs, server: Running) -> None:
    await programs.run("trouble", **server.given)
    requests = server.trouble.requests
    assert requests == {
        "busy-once": 2,
        "lost-answer": 2,
        "always-busy": 4,
        "busy-retry": 1,
        "limited": 1,
        "silent": 2,
        "no-queue": 2,
        "broken-proxy": 1,
        "always-busy-for-long": 1,
    }


@pytest.mark.parametrize("cut", ["no", "yes"])
async def test_a_watcher_sees_a_job_to_its_end_over_lost_connections(
    programs: Programs, server: Running, cut: str
) -> None:
    queue = server.app.queue
    job_id = await queue.add_job(_book("spoken"), 1)
    waiting = await queue.add_job(_book("waiting"), 9)
    given = {**server.given, "JOB": job_id, "WAITING": waiting, "CUT": cut}
    states: list[list[object]] = []
    async for line in programs.lines("live", **given):
        state = json.loads(line) if line.startswith("[") else []
        if state and state not in states:
            await _go_on(server, job_id, state)
        states.append(state)
    assert states == [["pending", 0, 0], ["processing", 0, None], ["processing", 40, None], ["completed", 100, None]]
    assert (server.trouble.requests["cut"] > 1) == (cut == "yes")


async def _go_on(server: Running, job_id: str, state: list[object]) -> None:
    """The worker's next step, when the watcher has seen the one before."""
    queue = server.app.queue
    match state:
        case ["pending", *_]:
            await queue.claim_next_job()
        case ["processing", 0, _]:
            await queue.update_progress(job_id, progress_percent=40)
        case ["processing", 40, _]:
            await queue.complete_job(job_id, JobResult(("sound-1",), 2.0))


async def test_a_book_file_becomes_a_job(programs: Programs, server: Running) -> None:
    await programs.run("books", **server.given)


async def test_voices_are_listed_and_heard(programs: Programs, server: Running) -> None:
    await programs.run("voices", **server.given)
    await programs.run("preview", **server.given)


async def test_operators_count_pause_and_put_back_jobs(programs: Programs, server: Running) -> None:
    await programs.run("monitoring", TTSQUEUE_URL=server.address, TTSQUEUE_KEY=server.key, USER_ID=ADA)


async def test_a_ticket_opens_one_live_connection(programs: Programs, server: Running) -> None:
    await programs.run("ticket", **server.given)


async def test_the_nextjs_routes_let_nobody_act_for_others(programs: Programs, server: Running) -> None:
    await programs.run("routes", TTSQUEUE_URL=server.address, TTSQUEUE_KEY=server.key, ADA=ADA, BEN=BEN)


def _book(text: str) -> NewJob:
    return NewJob(WORK, ADA, (Chapter(text, f"The sea, as {text}.", "One"),))


async def _silence(storage: Storage, job_id: str) -> str:
    """A second of it, as the job's first chapter; its id."""
    await storage.prepare()
    draft = storage.draft("wav")
    with wave.open(str(draft), "wb") as file:
        file.setparams((1, 2, 22050, 0, "NONE", ""))
        file.writeframes(bytes(2 * 22050))
    sound_id = f"{job_id}.c0001-1.wav"
    await storage.publish(draft, sound_id)
    return sound_id
