"""The log of a server: lines on stderr that begin with the time, then the request they belong to."""

from __future__ import annotations

import logging
import sys
import time
from typing import Any

from ttsqueue.api.request_log import current_request_id

FORMAT = "%(asctime)s %(levelname)s %(message)s"
TIME = "%Y-%m-%dT%H:%M:%SZ"


class ServerLog(logging.Formatter):
    """Nothing that came from outside begins a line: messages are one line, and traces are indented."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        request, message = current_request_id(), _visible(record.message)
        record.message = message if message.startswith(request) else f"{request} {message}"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(f"    {_visible(line)}" for line in super().formatException(ei).splitlines())


def log_to_stderr() -> None:
    """From now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(ServerLog(FORMAT, TIME))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
