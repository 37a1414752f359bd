"""Workers, keys, pause and pruning: the writes that concern no single job."""

from __future__ import annotations

from dataclasses import asdict

from ttsqueue.activity import ACTIVITY_KEPT
from ttsqueue.errors import KeyNameTaken, WorkerNameTaken
from ttsqueue.providers.postgres.operation import Operation, Rows, one
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker


def registering_worker(worker: Worker) -> Operation[None]:
    def answer(found: Rows) -> None:
        if not found:
            raise WorkerNameTaken(worker.name)

    values = {"name": worker.name, "instance": worker.instance, "version": worker.version, "slots": worker.slots}
    return Operation(one("register_worker", values | asdict(worker.process)), answer)


def keeping_worker_alive(instance: str) -> Operation[bool]:
    return Operation(one("worker_alive", {"instance": instance}), bool, may_be_lost=True)


def removing_worker(instance: str) -> Operation[None]:
    return Operation(one("remove_worker", {"instance": instance}), _nothing)


def pausing(paused: bool) -> Operation[None]:
    return Operation(one("set_paused", {"paused": paused}), _nothing, wakes=True)


def pruning() -> Operation[None]:
    kept = {"kept": ACTIVITY_KEPT}
    names = ("prune_idempotency_keys", "prune_usage", "prune_activity", "prune_waits", "prune_arrivals")
    return Operation(tuple((name, kept) for name in names), _nothing)


def adding_key(key: ServerKey) -> Operation[None]:
    def answer(found: Rows) -> None:
        if not found:
            raise KeyNameTaken(key.name)

    return Operation(one("add_key", {"name": key.name, "digest": key.digest, "is_admin": key.is_admin}), answer)


def removing_key(name: str) -> Operation[bool]:
    return Operation(one("remove_key", {"name": name}), bool)


def _nothing(_: Rows) -> None:
    """There is nothing to say."""
