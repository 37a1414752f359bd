"""Notes: small texts that processes share, of which no write gets lost under another."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ttsqueue.notes import Note
from ttsqueue.provider import QueueProvider


def said(note: Note) -> tuple[str, int]:
    return note.text, note.version


async def test_a_note_that_nobody_wrote_is_empty(provider: QueueProvider) -> None:
    assert said(await provider.note("server:attic")) == ("", 0)


async def test_what_one_process_writes_another_reads(provider: QueueProvider, other: QueueProvider) -> None:
    text = '{"voice": "dès l\'aube \N{SUNRISE}"}'
    assert await provider.write_note("server:attic", text, 0)
    assert said(await other.note("server:attic")) == (text, 1)
    assert said(await other.note("server:Attic")) == ("", 0)


async def test_whoever_read_an_older_version_changes_nothing(provider: QueueProvider, other: QueueProvider) -> None:
    assert await provider.write_note("server:attic", "first", 0)
    assert await other.write_note("server:attic", "second", 1)
    for version in (0, 1, 3):
        assert not await provider.write_note("server:attic", "late", version)
    assert said(await provider.note("server:attic")) == ("second", 2)


async def test_of_many_who_count_in_a_note_none_is_lost(provider: QueueProvider, other: QueueProvider) -> None:
    async def count(store: QueueProvider) -> None:
        while True:
            note = await store.note("counter")
            if await store.write_note("counter", str(int(note.text or 0) + 1), note.version):
                return

    await asyncio.gather(*(count((provider, other)[number % 2]) for number in range(40)))
    assert said(await provider.note("counter")) == ("40", 40)


async def test_its_time_is_the_stores(provider: QueueProvider, other: QueueProvider) -> None:
    first, second = await provider.note("clock"), await other.note("clock")
    assert timedelta(0) <= second.read_at - first.read_at < timedelta(seconds=5)
    assert first.read_at.utcoffset() == timedelta(0)
