"""A real `ttsqueue` server to measure: its own process, a data folder of ours."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_ADDRESS = re.compile(r"http://[^\s/]+")


@contextmanager
def served(folder: Path, command: str = "up") -> Generator[tuple[str, int], None, None]:
    """Where it listens, and the id of its process. `up` has a worker process beside it, `serve` has none."""
    environment = {**os.environ, "TTSQUEUE_DATA": str(folder), "WORKER_ID": "bench"}
    arguments = [sys.executable, "-m", "ttsqueue.cli", command, "--port", "0"]
    with (folder.parent / "server.log").open("a") as log:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    assert process.stdout is not None
    with process.stdout as lines:
        try:
            yield _address(lines.readline()), process.pid
        finally:
            process.terminate()
            process.wait(20)


def _address(line: str) -> str:
    found = _ADDRESS.search(line)
    if found is None:
        raise SystemExit("The server did not start.")
    return found[0]
