"""Passwords, users with few rights, TLS, and clusters."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from bullmq import Queue
from redis import Redis

from tests.redis_server import Server, free_port, program
from tests.worker.at_work import eventually
from ttsqueue.errors import StoreUnavailable
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.redis.keys import PREFIX, QUEUE

from .certificates import write_certificates
from .life import SCRIPTS, live, scripts_run
from .proxy import proxied

PAGE = Path(__file__).parents[2] / "docs" / "bullmq.md"


@asynccontextmanager
async def on(url: str, token: str | None = None) -> AsyncIterator[RedisProvider]:
    provider = RedisProvider(url, token)
    try:
        await provider.open()
        yield provider
    finally:
        await provider.aclose()


@asynccontextmanager
async def bullmq_on(server: Server) -> AsyncIterator[Queue]:
    queue = Queue(QUEUE, {"connection": server.url, "prefix": PREFIX})
    try:
        yield queue
    finally:
        await queue.close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server("--appendonly", "yes")
    yield server
    server.remove()


async def test_the_token_is_the_password_when_the_url_has_none(server: Server) -> None:
    server.run("ACL", "SETUSER", "books", "on", ">secret", "~*", "+@all")
    named = server.url.replace("redis://", "redis://books@")
    async with on(named, "secret") as provider:
        assert (await provider.stats()).pending == 0
    async with on(server.url.replace("redis://", "redis://books:secret@"), "another") as provider:
        assert (await provider.stats()).pending == 0
    with pytest.raises(StoreUnavailable, match="refuses the user name or password"):
        async with on(named, "guess"):
            pass


def documented_rights() -> list[str]:
    lines = re.findall(r"^ACL SETUSER books (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert lines
    return ["books", *(right.replace(">...", ">secret") for line in lines for right in line.split())]


async def test_the_rights_of_the_page_are_enough(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.run("ACL", "SETUSER", *documented_rights())
    seen = scripts_run(monkeypatch)
    async with (
        bullmq_on(server) as bullmq,
        on(server.url.replace("redis://", "redis://books@"), "secret") as provider,
    ):
        await live(provider, bullmq)
        found = await provider.condition()
        assert (found.version == "", found.syncs) == (False, "everysec")
    assert seen == SCRIPTS


@pytest.mark.parametrize("right", ["+time", "+@scripting", "+@read", "+@write"])
async def test_none_of_the_rights_of_the_page_is_idle(server: Server, right: str) -> None:
    rights = documented_rights()
    assert right in rights
    server.run("ACL", "SETUSER", *(each for each in rights if each != right))
    with pytest.raises(StoreUnavailable, match=r"refuses us a command.*docs/bullmq\.md"):
        async with bullmq_on(server) as bullmq, on(server.url.replace("redis://", "redis://books:secret@")) as provider:
            await live(provider, bullmq)


async def test_a_connection_with_tls_trusts_only_who_is_vouched_for(tmp_path: Path) -> None:
    write_certificates(tmp_path)
    async with tls_server(tmp_path) as port:
        url = f"rediss://127.0.0.1:{port}"
        async with on(f"{url}?ssl_ca_certs={tmp_path / 'ca.pem'}") as provider:
            found = await provider.condition()
            assert (await provider.stats()).pending == 0
            assert found.is_encrypted
        with pytest.raises(StoreUnavailable, match="certificate"):
            async with on(url):
                pass


@asynccontextmanager
async def tls_server(folder: Path) -> AsyncIterator[int]:
    """Redis with TLS; a program that was built without it gets TLS in front."""
    knows_tls = b"tls-cert-file" in Path(program()).read_bytes()
    port = free_port()
    files = f"--tls-cert-file {folder}/server.pem --tls-key-file {folder}/server.key --tls-ca-cert-file {folder}/ca.pem"
    options = f"--tls-port {port} --tls-auth-clients no {files}".split() if knows_tls else []
    server = Server("--appendonly", "yes", *options)
    try:
        if knows_tls:
            yield port
        else:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(folder / "server.pem", folder / "server.key")
            async with proxied(server.url, context) as front:
                yield front.port
    finally:
        server.remove()


@pytest.fixture
def cluster() -> Iterator[list[Server]]:
    """Two nodes that share the slots."""
    nodes = [Server("--appendonly", "yes", "--cluster-enabled", "yes") for _ in range(2)]
    half = 16384 // 2
    for number, node in enumerate(nodes):
        node.run("CLUSTER", "ADDSLOTS", *map(str, range(number * half, (number + 1) * half)))
    nodes[0].run("CLUSTER", "MEET", "127.0.0.1", str(nodes[1].port))
    yield nodes
    for node in nodes:
        node.remove()


def slot_holder(nodes: list[Server]) -> int:
    with Redis(port=nodes[0].port) as client:
        slot = client.execute_command("CLUSTER", "KEYSLOT", f"{PREFIX}:x")
    return int(slot) // (16384 // 2)


async def _is_up(node: Server) -> bool:
    with Redis(port=node.port) as client:
        state = client.execute_command("CLUSTER", "INFO")
        return "cluster_state:ok" in (state if isinstance(state, str) else str(state))


async def test_on_a_cluster_the_queue_is_on_one_node(cluster: list[Server], monkeypatch: pytest.MonkeyPatch) -> None:
    """A script that touched a key of another slot would be refused there."""
    for node in cluster:
        await eventually(partial(_is_up, node))
    seen = scripts_run(monkeypatch)
    ours = slot_holder(cluster)
    async with bullmq_on(cluster[ours]) as bullmq, on(cluster[ours].url) as provider:
        await live(provider, bullmq)
    assert seen == SCRIPTS
    with Redis(port=cluster[ours].port, decode_responses=True) as client:
        assert all(key.startswith(f"{PREFIX}:") for key in client.scan_iter())
    with pytest.raises(StoreUnavailable, match=f"another node of the cluster.*127.0.0.1:{cluster[ours].port}"):
        async with on(cluster[1 - ours].url):
            pass
