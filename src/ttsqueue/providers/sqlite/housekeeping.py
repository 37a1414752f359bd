"""Workers, pause and pruning: the writes that concern no single job."""

from __future__ import annotations

from dataclasses import asdict

from ttsqueue.errors import WorkerNameTaken
from ttsqueue.providers.sqlite import counting, moving, usage
from ttsqueue.providers.sqlite.adding import KEY_LIFETIME
from ttsqueue.providers.sqlite.transaction import Transaction
from ttsqueue.workers import Worker


def nothing(_: Transaction) -> None:
    """Enough to have the file opened and migrated."""


def register_worker(transaction: Transaction, worker: Worker) -> None:
    values = {"name": worker.name, "instance": worker.instance, "version": worker.version, "slots": worker.slots}
    entered = transaction.run("register_worker", values | asdict(worker.process) | {"now": transaction.now})
    if not entered:
        raise WorkerNameTaken(worker.name)


def worker_alive(transaction: Transaction, instance: str) -> bool:
    return transaction.run("worker_alive", {"instance": instance, "now": transaction.now}) > 0


def remove_worker(transaction: Transaction, instance: str) -> None:
    transaction.run("remove_worker", {"instance": instance})


def set_paused(transaction: Transaction, paused: bool) -> None:
    transaction.run("set_paused", {"paused": paused})
    transaction.has_news_for_workers = True


def prune(transaction: Transaction) -> None:
    transaction.run("prune_idempotency_keys", {"since": transaction.now - KEY_LIFETIME})
    usage.prune(transaction)
    counting.prune(transaction)
    moving.prune(transaction)
