"""What stands in the logs of a worker and of a server: never a text, never where a TTS server is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.remote import Remote, remote_server

from .http import address_of, ask
from .processes import eventually
from .program import Program, end

DIARY = "My secret diary tells of the lighthouse. "


@pytest.fixture
def remote(ttsqueue: Program) -> Iterator[Remote]:
    """Coqui's, which gets the text in the address."""
    with remote_server() as remote:
        ttsqueue.data.mkdir(mode=0o700)
        server = f'name = "cellar"\nengine = "coqui"\nurl = "{remote.address}"\n'
        (ttsqueue.data / "servers.toml").write_text(f"[[server]]\n{server}")
        yield remote


def is_told(log: str, remote: Remote) -> list[str]:
    return [word for word in ("diary", "lighthouse", remote.address.removeprefix("http://")) if word in log]


@pytest.mark.parametrize("is_spoken", [True, False], ids=["spoken", "refused"])
def test_the_log_of_a_worker_holds_no_text_and_no_address(
    ttsqueue: Program, here: Path, remote: Remote, is_spoken: bool
) -> None:
    (here / "book.md").write_text(f"# One\n\n{DIARY}\n")
    if not is_spoken:
        asyncio.run(remote.told(poison=("diary", "silent-wav")))
    job_id = ttsqueue("add", "book.md", "--voice", "coqui:cellar", "--json").json["jobId"]
    worker = ttsqueue.start("work")
    try:
        wanted = "completed" if is_spoken else "failed"
        eventually(lambda: ttsqueue("status", job_id, "--json").json["status"] == wanted, 30)
        worker.terminate()
        log = ttsqueue.wait(worker).err
    finally:
        end(worker)
    assert job_id in log
    assert is_told(log, remote) == []
    if not is_spoken:
        assert "coqui:cellar cannot speak this (the sound is silence)" in log
        assert "diary" in ttsqueue("status", job_id, "--json").json["errorMessage"]


def test_the_log_of_a_server_holds_no_text_and_no_address(ttsqueue: Program, remote: Remote) -> None:
    server = ttsqueue.start("serve", "--port", "0")
    try:
        body = {"text": DIARY, "voiceId": "coqui:cellar"}
        assert ask(address_of(server), "/api/tts/preview", "POST", body).status == 200
        server.terminate()
        log = ttsqueue.wait(server).err
    finally:
        end(server)
    assert "POST /api/tts/preview 200" in log
    assert is_told(log, remote) == []
