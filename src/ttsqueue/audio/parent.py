"""The worker, as seen from one of its audio children."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator

from ttsqueue.audio.framing import HEADER, Kind, header, parse_header

_NICENESS = 10  # behind the web server, the database and whatever else runs here


class Parent:
    """Orders come in by stdin, answers go out by stdout; end of stdin means that the worker is gone."""

    def __init__(self) -> None:
        os.nice(_NICENESS)
        self._orders = os.fdopen(os.dup(0), "rb")
        self._answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # nothing that prints can disturb the answers

    def order(self) -> dict[Kind, bytes]:
        """All messages of one order; ends this process if the worker dies before it is complete."""
        received = {}
        for kind, payload in self.messages():
            received[kind] = payload
            if kind is Kind.FINISH:
                return received
        raise SystemExit

    def messages(self) -> Iterator[tuple[Kind, bytes]]:
        """Until the worker closes the pipe or dies."""
        while len(head := self._orders.read(HEADER.size)) == HEADER.size:
            kind, length = parse_header(head)
            payload = self._orders.read(length)
            if len(payload) < length:
                return
            yield kind, payload

    def send(self, kind: Kind, payload: bytes = b"") -> None:
        self._answers.write(header(kind, payload) + payload)
        self._answers.flush()

    def check_alive(self) -> None:
        """Ends this process if the worker is gone: during work it never speaks, so readable means closed."""
        if select.select([self._orders], [], [], 0)[0]:
            raise SystemExit
