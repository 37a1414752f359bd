"""A real S3 server for tests: moto's, as a child process on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import uuid4

from lxml import etree

PATIENCE = 30.0


@dataclass
class S3Server:
    """A running one."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What programs need to reach it; a proxy of whoever runs the tests must not stand between."""
        return {
            "AWS_ACCESS_KEY_ID": "key-of-tests",
            "AWS_SECRET_ACCESS_KEY": "secret-of-tests",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_REGION": "us-east-1",
            "NO_PROXY": "127.0.0.1",
        }

    def new_bucket(self) -> Bucket:
        bucket = Bucket(self, f"tests-{uuid4().hex}")
        bucket.ask("PUT")
        return bucket

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


@dataclass(frozen=True)
class Bucket:
    """Looked at past our own code."""

    server: S3Server
    name: str

    @property
    def storage_url(self) -> str:
        return f"s3://{self.name}/books/sound"

    def ask(self, method: str, query: str = "") -> bytes:
        request = Request(f"{self.server.url}/{self.name}{query}", method=method)
        with urlopen(request, timeout=PATIENCE) as answer:
            content: bytes = answer.read()
            return content

    def objects(self) -> list[str]:
        """Of all objects that anybody can see."""
        return _texts(self.ask("GET", query="?list-type=2"), "Key")

    def unfinished(self) -> list[str]:
        """The keys of uploads that somebody has begun and not ended."""
        return _texts(self.ask("GET", query="?uploads"), "Key")


def _texts(answer: bytes, name: str) -> list[str]:
    return [element.text or "" for element in etree.fromstring(answer).iter("{*}" + name)]


@contextmanager
def s3_server() -> Iterator[S3Server]:
    server = _start(_free_port())
    try:
        _wait_until_it_answers(server)
        yield server
    finally:
        server.end()


def _start(port: int) -> S3Server:
    process = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return S3Server(port, process)


def _wait_until_it_answers(server: S3Server) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        if server.process.poll() is not None:
            raise RuntimeError("The S3 server of moto does not start: pip install 'moto[server]'.")
        try:
            urlopen(f"{server.url}/moto-api/data.json", timeout=1).close()
        except HTTPError:
            raise
        except OSError:
            if time.monotonic() > until:
                server.end()
                raise
            time.sleep(0.05)
        else:
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
