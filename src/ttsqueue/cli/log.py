"""The log of a program: lines on stderr that begin with the time."""

from __future__ import annotations

import logging
import sys
import time


class ProgramLog(logging.Formatter):
    """Times are UTC."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")


def log_to_stderr(formatter: ProgramLog) -> None:
    """From now on. Of others only warnings: what httpx tells of each call is its address, which may hold the text."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("ttsqueue").setLevel(logging.INFO)
