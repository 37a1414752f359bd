"""The way that docs/moving.md shows is gone, command by command, by a shell."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.postgres_server import fresh_database
from tests.redis_server import fresh_redis

from .books import write_book
from .program import Program

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "moving.md").read_text()
BLOCKS = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
INSTALL = re.compile(r"^pip install .*\n", re.MULTILINE)


@pytest.fixture
def shell(ttsqueue: Program, tmp_path: Path) -> dict[str, str]:
    """The environment of somebody who has installed ttsqueue."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "ttsqueue").write_text(f'#!/bin/sh\nexec {sys.executable} -m ttsqueue.cli "$@"\n')
    (programs / "ttsqueue").chmod(0o755)
    return {**ttsqueue.environment, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "TTSQUEUE_PORT": "0"}


def test_the_way_to_redis(ttsqueue: Program, here: Path, shell: dict[str, str]) -> None:
    write_book(here).rename(here / "book.md")
    ttsqueue("add", here / "book.md")
    (ttsqueue.data / "ttsqueue.db").rename(here / "old.db")
    with fresh_redis() as redis, fresh_database() as database:
        commands = INSTALL.sub("", "\n".join(BLOCKS))
        for shown, real in (
            ("redis://localhost:6379", redis),
            ("postgresql://ttsqueue:secret@db.example.org/books", database),
        ):
            assert shown in commands
            commands = commands.replace(shown, real)
        ended = subprocess.run(
            ["bash", "-e", "-c", commands], cwd=here, env=shell, capture_output=True, text=True, timeout=200
        )
    assert ended.returncode == 0, ended
    file = ttsqueue.data / "ttsqueue.db"
    assert f"1 book would move from {file} to {redis}.\n1 book moved from {file} to {redis}.\n" in ended.stdout
    assert "pending  0  The Lighthouse at Noon" in ended.stdout


def test_what_it_installs_exists() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    installed = re.findall(r"ttsqueue\[(\w+)\]", PAGE)
    assert installed
    assert set(installed) <= extras.keys()


def test_it_is_to_be_found() -> None:
    for page in ("README.md", "docs/README.md", "docs/bullmq.md"):
        assert "moving.md)" in (ROOT / page).read_text()
