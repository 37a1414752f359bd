"""Running the real program, with settings of its own and nothing of whoever runs the tests."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ttsqueue

PROGRAM = [sys.executable, "-m", "ttsqueue.cli"]
PATIENCE = 60.0
_SETTINGS = {"DATABASE_URL", "REDIS_URL", "QUEUE_PROVIDER", "WORKER_ID", "POLL_INTERVAL", "HEARTBEAT_INTERVAL"}
_SOURCE = str(Path(ttsqueue.__file__).absolute().parents[1])
_LOOKS = {"NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLUMNS"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A program that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def json_lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


@dataclass(frozen=True, slots=True)
class Program:
    """`ttsqueue` with one data folder, started in one folder."""

    data: Path
    here: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("TTSQUEUE_") and name not in _SETTINGS | _LOOKS
        }
        return {**kept, "PYTHONPATH": _SOURCE, "TTSQUEUE_DATA": str(self.data), **self.variables}

    def __call__(self, *arguments: str | Path, code: int = 0) -> Ended:
        """Run it to its end; it must end with this code, and never with a traceback."""
        ended = subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            cwd=self.here, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE,
        )  # fmt: skip
        result = Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())
        assert result.code == code, result
        assert "Traceback" not in result.err
        return result

    def start(self, *arguments: str | Path) -> subprocess.Popen[bytes]:
        """Start it and do not wait. Its own session, so that signals reach it alone."""
        return subprocess.Popen(
            [*PROGRAM, *map(str, arguments)],
            cwd=self.here, env=self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def wait(self, process: subprocess.Popen[bytes]) -> Ended:
        out, err = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, out.decode(), err.decode())


def read_until(process: subprocess.Popen[bytes], words: str) -> str:
    """Lines of stderr up to the one that holds these words."""
    assert process.stderr is not None
    seen = ""
    for line in iter(process.stderr.readline, b""):
        seen += line.decode()
        if words in seen:
            return seen
    raise AssertionError(f"{words!r} never came: {seen}")


def end(process: subprocess.Popen[bytes]) -> None:
    """Whatever the test did, leave no process behind."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()
