"""Servers of applications that are let in at one store are let in at the other, too."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial

from ttsqueue.errors import KeyNameTaken
from ttsqueue.patience import Patience
from ttsqueue.provider import QueueProvider
from ttsqueue.server_keys import ServerKey
from ttsqueue.side import Side
from ttsqueue.store_identity import identity_of


async def copy_keys(source: Side, target: Side, patience: Patience, tell: Callable[[str], None]) -> None:
    """Once: a key that was taken away there stays away. That it is done is noted last. StoreUnavailable."""
    note = await target.provider.note(f"keys of {await identity_of(source.provider)}")
    if note.text:
        return
    for key in await source.patiently(source.provider.keys, patience, tell):
        await target.patiently(partial(_let_in, target.provider, key), patience, tell)
    write = partial(target.provider.write_note, note.name, "copied", note.version)
    await target.patiently(write, patience, tell)


async def _let_in(provider: QueueProvider, key: ServerKey) -> None:
    with suppress(KeyNameTaken):
        await provider.add_key(key)
