"""Where things lie. All keys have one hash tag, so that a Redis Cluster keeps them together."""

from __future__ import annotations

from hashlib import sha256

PREFIX = "{tts}"
"""BullMQ's prefix: `new Queue("tts-generation", {prefix: "{tts}"})`."""

QUEUE = "tts-generation"

BULL = f"{PREFIX}:{QUEUE}:"
"""Begins every key of BullMQ's queue."""

OURS = f"{PREFIX}:ttsqueue:"
"""Begins every key of ours."""

EVENTS = f"{BULL}events"
"""BullMQ's stream of what happened."""

CHANGES = f"{OURS}changes"
"""A stream with the id of each job that changes."""

PENDING = f"{OURS}status:pending"
PROCESSING = f"{OURS}status:processing"


def once(user_id: str, key: str) -> str:
    """Where an idempotency key is kept."""
    return f"{OURS}once:{user_id}:{sha256(key.encode()).hexdigest()}"
