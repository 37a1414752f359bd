"""A server for a household, as `ttsqueue up --lan` starts it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

_SAYS = re.compile(r"listens on (\S+)\s+Pairing code: (\S+)")


@contextmanager
def served_at_home(data: Path) -> Generator[tuple[str, str], None, None]:
    """Its address, and the code that its terminal shows."""
    environment = {**os.environ, "TTSQUEUE_DATA": str(data)}
    command = [sys.executable, "-m", "ttsqueue.cli", "up", "--lan", "--host", "127.0.0.1", "--port", "0"]
    with (data.parent / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=environment)
    with process:
        assert process.stdout is not None
        try:
            said = ""
            while not (found := _SAYS.search(said)):
                line = process.stdout.readline()
                assert line, (data.parent / "server.log").read_text()
                said += line
            yield found[1], found[2]
        finally:
            process.terminate()
            process.wait(20)
