"""One call of `ttsqueue move`, between two opened stores."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from ttsqueue.cli.move_view import MoveView, make_move_view
from ttsqueue.cli.store_address import shown, store_at
from ttsqueue.departed import Stayed, UnderWay, under_way
from ttsqueue.errors import SettingsError, StoreUnavailable, TTSQueueError
from ttsqueue.listing import QueueStats
from ttsqueue.mover import Mover
from ttsqueue.moving import MovingJob
from ttsqueue.settings import Settings
from ttsqueue.side import Side
from ttsqueue.storage import Storage
from ttsqueue.store_identity import identity_of

_MOST_LOOKED_FOR = 5
"""Chapters whose sound is looked for: a wrong folder shows with the first."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What there is to move."""

    stats: QueueStats
    on_the_way: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    moved: int
    stayed: tuple[Stayed, ...]
    waiting: int
    """Jobs that wait at the source; with those that stayed, and those that came in meanwhile."""
    speaking: int
    """Jobs that are being spoken there."""
    on_the_way: tuple[UnderWay, ...]
    destination: str
    """Identity of the store that books were moved to. Empty when it did not tell."""
    missing_sound: int
    """Finished chapters whose sound was looked for and not found."""


@asynccontextmanager
async def opened(address: str, settings: Settings, *, must_exist: bool = False) -> AsyncGenerator[Side, None]:
    """A store, with its address in front of whatever is wrong with it. SettingsError, StoreUnavailable."""
    side = Side(store_at(address, settings), shown(address))
    with _named(side):
        if must_exist and not (await side.provider.schema_state()).installed:
            raise SettingsError(f"There is no queue in {side.name}: nothing to move.")
        await side.provider.open()
    try:
        yield side
    finally:
        await side.provider.aclose()


async def answers(address: str, settings: Settings) -> None:
    """Whether a store answers, without making anything there. StoreUnavailable."""
    side = Side(store_at(address, settings), shown(address))
    with _named(side):
        await side.provider.schema_state()


@contextmanager
def _named(side: Side) -> Iterator[None]:
    try:
        yield
    except StoreUnavailable as error:
        raise StoreUnavailable(f"{side.name}: {error}") from error


async def what_waits(source: Side) -> Waiting:
    return Waiting(await source.provider.stats(), len(await source.provider.departed()))


class Looker:
    """Passes on what moves, and looks whether its sound is where these settings say."""

    def __init__(self, view: MoveView, storage: Storage) -> None:
        self.missing = 0
        self._moved = 0
        self._looked_for = 0
        self._view = view
        self._storage = storage

    async def moved(self, moving: MovingJob) -> None:
        self._moved += 1
        self._view.moved(self._moved)
        for spoken in moving.chapters[: _MOST_LOOKED_FOR - self._looked_for]:
            self._looked_for += 1
            with suppress(TTSQueueError):  # the sound of a worker that is not ours, or a storage that is away
                self.missing += not await self._storage.exists(spoken.chapter.audio_file_id)

    def waiting(self, sentence: str) -> None:
        self._view.waiting(sentence)


@dataclass(slots=True)
class Moving:
    """Moves all that waits. `outcome` tells how far it came, however it ended."""

    source: Side
    target: Side
    storage: Storage
    stuck_after: timedelta
    missing_sound: int = 0
    _mover: Mover | None = None

    async def run(self, *, until_empty: bool) -> None:
        """SameStore, StoreUnavailable."""
        waiting = await what_waits(self.source)
        with make_move_view(waiting.stats.pending + waiting.on_the_way) as view:
            looker = Looker(view, self.storage)
            await self._finish_the_other_way(looker)
            self._mover = Mover(self.source, self.target, looker, self.stuck_after)
            try:
                await self._mover.prepare()
                await (self._mover.run_until_empty() if until_empty else self._mover.run())
            finally:
                self.missing_sound = looker.missing

    async def _finish_the_other_way(self, looker: Looker) -> None:
        """Somebody who changed their mind: what is on its way here from there arrives first, and then goes back."""
        here = await identity_of(self.source.provider)
        if any(each.to == here for each in await self.target.provider.departed()):
            back = Mover(self.target, self.source, looker, self.stuck_after)
            await back.prepare()
            await back.finish()

    async def outcome(self) -> Outcome:
        """StoreUnavailable."""
        stats = await self.source.provider.stats()
        mover = self._mover
        return Outcome(
            moved=mover.moved if mover else 0,
            stayed=tuple(mover.stayed.values()) if mover else (),
            waiting=stats.pending,
            speaking=stats.processing,
            on_the_way=tuple(await under_way(self.source.provider)),
            destination=mover.destination if mover else "",
            missing_sound=self.missing_sound,
        )
