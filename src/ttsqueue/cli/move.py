"""`ttsqueue move`: take what waits from one store to another."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import click

from ttsqueue.cli.failure import FAILED, INTERRUPTED, complain
from ttsqueue.cli.interruption import interruptible
from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, say
from ttsqueue.cli.wording import are, counted

if TYPE_CHECKING:
    from ttsqueue.cli.moving import Moving, Outcome, Waiting
    from ttsqueue.settings import Settings


@click.command()
@click.option("--from", "source", metavar="STORE", help="URL, or path of a SQLite file. Default: see below.")
@click.option("--to", "target", metavar="STORE", help="The same. Default: the store that the settings name.")
@click.option("--dry-run", is_flag=True, help="Only count what waits.")
@click.option("--wait", is_flag=True, help="Go on until nothing is spoken there any more either.")
@click.option("--give-back", is_flag=True, help="Put what is on its way back, asking no destination.")
@as_json
def move(source: str | None, target: str | None, dry_run: bool, wait: bool, give_back: bool, as_json: bool) -> None:
    """Move the books that wait to another store.

    With their finished chapters, priorities, delays, attempts and histories, while both sides are in use. Stop it
    whenever you like: the same command goes on where it stopped. Without --from it takes the books from the store that
    the settings name, or, when they name the destination, from the one before it: for Redis that is DATABASE_URL or the
    SQLite file in the data folder, for PostgreSQL that file.
    """
    from ttsqueue.cli.store_address import both_addresses, shown, store_of
    from ttsqueue.settings import load_settings

    settings = load_settings()
    if give_back:
        asyncio.run(_give_back(source or store_of(settings), settings, as_json))
        return
    addresses = both_addresses(source, target, settings)
    if shown(addresses[0]) == shown(addresses[1]):
        raise click.UsageError(f"{shown(addresses[0])} is both ends of this move; name another store.")
    if dry_run:
        asyncio.run(_count(addresses, settings, as_json))
    else:
        asyncio.run(_move(addresses, settings, wait, as_json))


async def _count(addresses: tuple[str, str], settings: Settings, as_json: bool) -> None:
    from ttsqueue.cli.moving import answers, opened, what_waits
    from ttsqueue.cli.store_address import shown

    async with opened(addresses[0], settings, must_exist=True) as source:
        await answers(addresses[1], settings)
        waiting = await what_waits(source)
    if as_json:
        print_json({"from": shown(addresses[0]), "to": shown(addresses[1]), **_waiting_json(waiting)})
        return
    stats = waiting.stats
    say(f"{_books_would_move(stats.pending, stats.delayed)} from {shown(addresses[0])} to {shown(addresses[1])}.")
    if waiting.on_the_way:
        say(f"{counted(waiting.on_the_way, 'book')} of an earlier move {are(waiting.on_the_way)} on the way.")
    if stats.processing:
        say(f"{counted(stats.processing, 'book')} {are(stats.processing)} being spoken there, and would stay.")


def _books_would_move(pending: int, delayed: int) -> str:
    late = f" ({delayed:,} of them delayed)" if delayed else ""
    return f"{counted(pending, 'book')}{late} would move"


def _waiting_json(waiting: Waiting) -> dict[str, Any]:
    stats = waiting.stats
    return {
        "pending": stats.pending,
        "delayed": stats.delayed,
        "processing": stats.processing,
        "onTheWay": waiting.on_the_way,
    }


async def _move(addresses: tuple[str, str], settings: Settings, wait: bool, as_json: bool) -> None:
    from ttsqueue.app import make_storage
    from ttsqueue.cli.move_report import report
    from ttsqueue.cli.moving import Moving, opened
    from ttsqueue.errors import StoreUnavailable

    async with opened(addresses[0], settings, must_exist=True) as source, opened(addresses[1], settings) as target:
        moving = Moving(source, target, make_storage(settings), settings.stuck_after)
        trouble: StoreUnavailable | None = None
        interrupted = False
        try:
            interrupted = await interruptible(moving.run(until_empty=wait), INTERRUPTED)
        except StoreUnavailable as error:
            trouble = error
            complain(str(error))
        outcome = await _outcome(moving)
        is_cut_short = interrupted or trouble is not None
        report(outcome, source, target, as_json, is_cut_short=is_cut_short)
    if is_cut_short or outcome.stayed or outcome.on_the_way:
        raise click.exceptions.Exit(INTERRUPTED if interrupted else FAILED)


async def _outcome(moving: Moving) -> Outcome:
    """Exit code 1 when the source does not even tell that: then it is what was complained of."""
    from ttsqueue.errors import StoreUnavailable

    try:
        return await moving.outcome()
    except StoreUnavailable:
        complain("The same command goes on from here.")
        raise click.exceptions.Exit(FAILED) from None


async def _give_back(address: str | None, settings: Settings, as_json: bool) -> None:
    from ttsqueue.cli.moving import opened
    from ttsqueue.departed import give_back

    if address is None:
        raise click.UsageError("Name the store that the books left: ttsqueue move --give-back --from STORE.")
    async with opened(address, settings, must_exist=True) as source:
        returned, stayed = await give_back(source)
    if as_json:
        print_json({"from": source.name, "returned": returned})
    elif returned or stayed:
        say(f"{counted(returned, 'book')} {are(returned)} back in {source.name}.")
    else:
        say(f"No book is on its way from {source.name}.")
    for each in stayed:
        complain(f"{each.job.title or 'A book'} (job {each.job.id}) is kept: {each.reason}.")
    if stayed:
        raise click.exceptions.Exit(FAILED)
