"""The TypeScript client against the real server over HTTP. The checks themselves are in clients/typescript/test."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from ttsqueue.book import Chapter
from ttsqueue.jobs import NewJob
from ttsqueue.priority import Urgency, get_priority_for_user
from ttsqueue.result import ChapterSound, JobResult

from .conftest import ADA, BEN, Running
from .node_programs import CLIENT, Programs, type_faults

WORK = "11111111-1111-4111-8111-111111111111"
URGENCIES: tuple[Urgency, ...] = ("urgent", "normal", "bulk")


async def test_the_calls_of_the_guide_work_as_printed(programs: Programs, server: Running) -> None:
    await programs.run("guide", TTSQUEUE_URL=server.address, TTSQUEUE_KEY=server.key, USER_ID=ADA)
    (job,) = await server.app.queue.get_user_jobs(ADA)
    assert (job.status, job.priority, job.total_chapters) == ("cancelled", 2, 2)


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
    sound = ChapterSound("finished", "One", "sound-1", 0.0, 2.0)
    await server.app.queue.complete_job(job_id, JobResult(("sound-1",), 2.0, None, (sound,)))
    await programs.run("finished", **server.given, JOB=job_id)


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
        "no-queue": 1,
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


async def test_the_nextjs_routes_let_nobody_act_for_others(programs: Programs, server: Running) -> None:
    await programs.run("routes", TTSQUEUE_URL=server.address, TTSQUEUE_KEY=server.key, ADA=ADA, BEN=BEN)


def test_wrong_calls_do_not_compile(tmp_path: Path, programs: Programs) -> None:
    wrong = {
        "chapters": 'TTSQueue.addJob({ workId: "w", chapters: [{ text: "No id." }] });',
        "jobType": 'TTSQueue.addJob({ workId: "w", chapters: [], jobType: "half_book" });',
        "status": 'TTSQueue.listJobs({ status: "lost" });',
        "jobs": 'const ids: number[] = await TTSQueue.getUserJobs("all");',
    }
    (tmp_path / "tsconfig.json").write_text(
        json.dumps({"extends": str(CLIENT / "tsconfig.json"), "compilerOptions": {"rootDir": "/"}, "include": ["*.ts"]})
    )
    for name, call in wrong.items():
        source = f'import {{ TTSQueue }} from "{CLIENT / "src" / "ttsqueue.js"}";\n{call}\nexport {{}};\n'
        (tmp_path / f"{name}.ts").write_text(source)
    faults = type_faults(tmp_path)
    assert all(f"{name}.ts(2," in faults for name in wrong), faults
    assert "ttsqueue.ts(" not in faults


def _book(text: str) -> NewJob:
    return NewJob(WORK, ADA, (Chapter(text, f"The sea, as {text}.", "One"),))


def test_the_code_in_the_readme_compiles(tmp_path: Path, programs: Programs) -> None:
    snippets = re.findall(r"```ts\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)
    assert len(snippets) == 3
    for number, code in enumerate(snippets):
        source = code.replace('"@/lib/queue"', f'"{CLIENT / "src" / "ttsqueue.js"}"')
        (tmp_path / f"snippet{number}.ts").write_text(f"{source}\nexport {{}};\n")
    (tmp_path / "tsconfig.json").write_text(
        json.dumps({"extends": str(CLIENT / "tsconfig.json"), "compilerOptions": {"rootDir": "/"}, "include": ["*.ts"]})
    )
    assert type_faults(tmp_path) == ""
