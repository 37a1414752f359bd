"""Job ids are UUIDs of version 7."""

from __future__ import annotations

import time
from uuid import RFC_4122, UUID

from ttsqueue.uuid7 import uuid7


def test_an_id_says_its_version_variant_and_time() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(uuid7())
    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000


def test_ids_differ_and_later_ids_sort_later() -> None:
    early = {uuid7() for _ in range(1000)}
    time.sleep(0.002)
    assert len(early) == 1000
    assert uuid7() > max(early)


def test_ids_made_in_a_row_sort_in_that_row() -> None:
    made = [uuid7() for _ in range(20_000)]
    assert made == sorted(set(made))
