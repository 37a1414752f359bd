"""What a user learns of a TTS server's trouble: the reason, and neither keys nor addresses, wherever they look."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.api.access_tokens import by_secret
from tests.engines.remote import Remote, remote_server, servers_toml
from tests.web.website import WITH_TOKENS, Website, open_website
from tests.worker.at_work import final
from ttsqueue.book import VoiceSettings
from ttsqueue.jobs import Job

KEY = "hunter2hunter2"
SECRETS = (KEY, "10.0.0.7", "secret", "sk-12345", "127.0.0.1:")


@pytest.fixture
def remote() -> Iterator[Remote]:
    with remote_server() as remote:
        yield remote


@pytest.fixture
async def website(tmp_path: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Website]:
    """With a worker, in this process."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    monkeypatch.setenv("ATTIC_KEY", KEY)
    (data / "servers.toml").write_text(servers_toml(remote, 'api_key_env = "ATTIC_KEY"'))
    async with open_website(data, **WITH_TOKENS) as website:
        work = asyncio.create_task(website.app.work())
        yield website
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)


async def spoken(website: Website) -> Job:
    job = await website.add(voice_settings=VoiceSettings("openai:bella"))
    return await final(website.app.queue, job.id)


async def everything_that_the_owner_sees(website: Website, job: Job) -> str:
    browser = await website.signed_in()
    token = {"Authorization": f"Bearer {by_secret()}"}
    api = [f"/api/tts/queue?jobId={job.id}", "/api/tts/queue", f"/api/tts/queue/{job.id}/timeline"]
    answers = [await browser.get(address, headers=token) for address in api]
    answers += [await browser.get(address) for address in (f"/books/{job.id}", "/books")]
    assert [answer.status_code for answer in answers] == [200] * len(answers)
    return "\n".join(answer.text for answer in answers)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_a_refusal_is_told_with_its_reason_and_without_its_secrets(
    website: Website, remote: Remote, status: int
) -> None:
    await remote.told(bad_words={"night": status})
    job = await spoken(website)
    assert (job.status, job.attempts) == ("failed", 1)
    reason = "The TTS server attic refuses: No such voice at (hidden) with (hidden)"
    quoting = f'openai:bella cannot speak this ({reason}): "It was night.".'  # "a" was spoken
    assert job.error_message == (quoting if status == 400 else f"{reason}.")
    seen = await everything_that_the_owner_sees(website, job)
    assert "No such voice at (hidden)" in seen
    assert not [secret for secret in SECRETS if secret in seen]
    assert {call["key"] for call in (await remote.record())["calls"]} == {f"Bearer {KEY}"}


async def test_trouble_that_passed_is_nothing_that_a_user_sees(website: Website, remote: Remote) -> None:
    await remote.told("status 500", "busy 0.5")
    job = await spoken(website)
    assert (job.status, job.attempts, job.last_error) == ("completed", 1, None)
    seen = await everything_that_the_owner_sees(website, job)
    assert not [secret for secret in (*SECRETS, "HTTP 500") if secret in seen]
