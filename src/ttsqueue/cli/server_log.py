"""The log of a server: each line names the request that it belongs to."""

from __future__ import annotations

import logging
from typing import Any

from ttsqueue.api.request_log import current_request_id
from ttsqueue.cli.log import ProgramLog


class ServerLog(ProgramLog):
    """Nothing that came from outside begins a line: messages are one line, and traces are indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is logging's
        request, message = current_request_id(), _visible(record.message)
        record.message = message if message.startswith(request) else f"{request} {message}"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        return "\n".join(f"    {_visible(line)}" for line in super().formatException(ei).splitlines())


def _visible(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
