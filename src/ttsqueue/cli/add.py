"""`ttsqueue add`: put books into the queue."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.failure import complain
from ttsqueue.cli.options import as_json, book_options
from ttsqueue.cli.output import print_json, say
from ttsqueue.cli.session import with_app
from ttsqueue.cli.wish import Wish
from ttsqueue.priority import LATEST, SOONEST

if TYPE_CHECKING:
    from ttsqueue.app import App


def read_delay(text: str) -> timedelta:
    """`90s`, `30min`, `24h`, `7d`. click.BadParameter for anything else."""
    from ttsqueue.settings import parse_duration

    try:
        return parse_duration(text)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{error}.") from None


@click.command()
@click.argument("book", metavar="BOOK", type=click.Path(path_type=Path))
@book_options
@click.option(
    "--delay", metavar="DURATION", type=read_delay, default="0s", help="Start no sooner than in 90s, 30min, 24h, 7d."
)
@click.option(
    "--priority",
    metavar="NUMBER",
    type=click.IntRange(SOONEST, LATEST),
    default=5,
    show_default=True,
    help="1 (first) to 10.",
)
@as_json
def add(book: Path, wish: Wish, delay: timedelta, priority: int, as_json: bool) -> None:
    """Put a book into the queue, for a worker to speak."""
    job_id = with_app(lambda app: _add(app, book, wish, delay, priority))
    if as_json:
        print_json({"jobId": job_id})
    else:
        say(f"Added as job {job_id}. Look at it with: ttsqueue status {job_id}")


async def _add(app: App, book: Path, wish: Wish, delay: timedelta, priority: int) -> str:
    from ttsqueue.cli.wished_job import wished_job

    job = await wished_job(book, wish, app.storage, complain)
    return await app.queue.add_job(replace(job, delay=delay), priority)
