"""Jobs that are gone, moved or deleted, have no row from which those who watch could learn it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ttsqueue.providers.sqlite.transaction import Transaction

_MOST_TOLD = 200
"""The newest ones; who watches looks every few milliseconds."""


def tell_watchers(transaction: Transaction, job_ids: Sequence[str]) -> None:
    if job_ids:
        told = transaction.one("note", {"name": "left"})
        earlier = json.loads(told["text"]) if told else []
        number = transaction.number
        text = json.dumps([*earlier, *job_ids][-_MOST_TOLD:])
        transaction.run("put_note", {"name": "left", "text": text, "version": number})
        transaction.run("raise_counter", {"number": number})
