"""A real `ttsqueue up` to measure: its own process, its own data folder."""

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
def served(folder: Path, command: str = "up") -> Generator[tuple[str, subprocess.Popen[str]], None, None]:
    """The address it listens on, and the process of the server."""
    environment = {**os.environ, "TTSQUEUE_DATA": str(folder), "WORKER_ID": "bench"}
    arguments = [sys.executable, "-m", "ttsqueue.cli", command, "--port", "0"]
    with (folder.parent / "server.log").open("w") as log:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    try:
        assert process.stdout is not None
        address = next(found[0] for line in process.stdout if (found := _ADDRESS.search(line)))
        yield address, process
    finally:
        process.terminate()
        process.wait(20)
