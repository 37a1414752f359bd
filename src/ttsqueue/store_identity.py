"""Which store is this? Two addresses may name one, and one address another one tomorrow."""

from __future__ import annotations

from uuid import uuid4

from ttsqueue.provider import QueueProvider

_IDENTITY = "identity"
_PROBE = "identity probe"


async def identity_of(provider: QueueProvider) -> str:
    """A name that this store keeps."""
    note = await provider.note(_IDENTITY)
    if not note.text:
        await provider.write_note(_IDENTITY, uuid4().hex, note.version)
        note = await provider.note(_IDENTITY)
    return note.text


async def tell_apart(one: QueueProvider, other: QueueProvider) -> bool:
    """Whether these are two stores. A copy of a store, which has its identity too, gets one of its own: `other`."""
    if await identity_of(one) != await identity_of(other):
        return True
    word = uuid4().hex
    await one.write_note(_PROBE, word, (await one.note(_PROBE)).version)
    if (await other.note(_PROBE)).text == word:
        return False
    note = await other.note(_IDENTITY)
    await other.write_note(_IDENTITY, uuid4().hex, note.version)
    return True
