"""The programs of docs/bullmq.md on a Redis as it is rented: with TLS, a user name and a password."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis import Redis

from tests.redis.certificates import write_certificates
from tests.redis.test_access import on, tls_server
from tests.redis.test_adoption import soon, with_status
from ttsqueue.jobs import JobStatus

from .node import node, program

PASSWORD = "p@ss/word"


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    write_certificates(tmp_path)
    async with tls_server(tmp_path) as port:
        with Redis("127.0.0.1", port, ssl=True, ssl_ca_certs=str(tmp_path / "ca.pem")) as admin:
            admin.execute_command("ACL", "SETUSER", "books", "on", f">{PASSWORD}", "~*", "&*", "+@all")
            admin.execute_command("ACL", "SETUSER", "default", "off")
        yield f"127.0.0.1:{port}"


@pytest.mark.parametrize(("user", "token"), [("books:p%40ss%2Fword", None), ("books", PASSWORD)])
async def test_every_program_signs_in(address: str, tmp_path: Path, user: str, token: str | None) -> None:
    authority = str(tmp_path / "ca.pem")
    url = f"rediss://{user}@{address}"
    its = {"NODE_EXTRA_CA_CERTS": authority} | ({"REDIS_TOKEN": token} if token else {})
    async with (
        on(f"{url}?ssl_ca_certs={authority}", token) as provider,
        node(program("watch.mjs"), url, **its) as watch,
    ):
        await watch.event("ready")
        await provider.wait_for_work(0.1)
        async with node(program("add-book.mjs"), url, **its) as adding:
            job_id = await adding.line()
        await soon(lambda: with_status(provider, JobStatus.PENDING))
        async with node(program("speak.mjs"), url, **its):
            assert (await watch.event("completed"))["jobId"] == job_id
