"""Who holds a permit: a place of a process that is dead is free at once, where somebody can see that it is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from uuid import uuid4

from ttsqueue.process_identity import Fate, fate_of, this_process
from ttsqueue.servers.state import ServerState
from ttsqueue.workers import WorkerProcess


class Holder:
    """A process that takes permits. The id of each says whose it is, in a way that only its own machine can read."""

    def __init__(self, process: WorkerProcess | None = None) -> None:
        self._process = process or this_process()
        machine = "\0".join((self._process.host, self._process.boot_id, self._process.pid_namespace))
        self._machine = hashlib.sha256(machine.encode()).hexdigest()[:12]

    def new_permit(self) -> str:
        """An id that nobody else has."""
        return f"{self._machine}/{self._process.pid}/{self._process.started!r}/{uuid4().hex[:12]}"

    def without_the_dead(self, state: ServerState) -> ServerState:
        """Permits of dead processes of this machine end; those of other machines and containers do so by themselves."""
        return replace(state, permits=tuple(permit for permit in state.permits if not self._has_outlived(permit.id)))

    def _has_outlived(self, permit_id: str) -> bool:
        machine, *rest = permit_id.split("/")
        if machine != self._machine:
            return False
        holder = replace(self._process, pid=int(rest[0]), started=float(rest[1]))
        return holder != self._process and fate_of(holder, self._process) is Fate.DEAD
