"""A real server process of a test's own."""

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
def served(data: Path, command: str = "serve", *options: str, **settings: str) -> Generator[str, None, None]:
    """The address on which `ttsqueue serve` or `up` listens. Its log lies beside the data folder."""
    environment = {**os.environ, "TTSQUEUE_DATA": str(data), **settings}
    arguments = [sys.executable, "-m", "ttsqueue.cli", command, "--port", "0", *options]
    log = data.parent / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment)
    assert process.stdout is not None
    try:
        found = next((match[0] for line in process.stdout if (match := _ADDRESS.search(line))), None)
        assert found, log.read_text()
        yield found
    finally:
        process.terminate()
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
