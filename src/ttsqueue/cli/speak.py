"""`ttsqueue speak`: one command from a book to an audiobook."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.destination import Destination, audio_format, destination
from ttsqueue.cli.failure import FAILED, INTERRUPTED, complain
from ttsqueue.cli.interruption import interruptible
from ttsqueue.cli.options import as_json, book_options
from ttsqueue.cli.output import print_json
from ttsqueue.cli.session import with_app
from ttsqueue.cli.view import View, make_view
from ttsqueue.cli.wish import Wish
from ttsqueue.cli.wording import length

if TYPE_CHECKING:
    from ttsqueue.app import App
    from ttsqueue.cli.speaking import Audiobook


@click.command()
@click.argument("books", metavar="BOOK...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", "out", metavar="OUT", help="A folder, or a file for one book. Default: this folder.")
@book_options
@click.option("--dry-run", is_flag=True, help="Only show chapters, characters, length and cost.")
@as_json
def speak(books: tuple[Path, ...], out: str | None, wish: Wish, dry_run: bool, as_json: bool) -> None:
    """Turn books into audiobooks and put them into this folder.

    Stop it whenever you like: the same command goes on from where it was.
    """
    where = destination(out, len(books))
    wish = replace(wish, audio_format=audio_format(wish.audio_format, where))
    if dry_run:
        from ttsqueue.cli.dry_run import show_books

        code = show_books(list(books), wish, as_json)
    else:
        code = with_app(lambda app: _speak(app, list(books), wish, where, as_json))
    raise click.exceptions.Exit(code)


async def _speak(app: App, books: list[Path], wish: Wish, where: Destination, as_json: bool) -> int:
    from ttsqueue.cli.hired_worker import WorkerGone
    from ttsqueue.cli.kept import kept_chapters
    from ttsqueue.cli.speaking import Speaking

    view = make_view(app.queue)

    def tell(audiobook: Audiobook) -> None:
        _tell(audiobook, view, as_json, several=len(books) > 1)

    speaking = Speaking(app, wish, where, view, tell)
    try:
        with view:
            interrupted = await interruptible(speaking.speak(books), INTERRUPTED)
    except WorkerGone as error:
        complain(f"{error} {await kept_chapters(app.queue, speaking.unfinished.values())}")
        return FAILED
    if interrupted:
        complain(f"Stopped. {await kept_chapters(app.queue, speaking.unfinished.values())}")
        return INTERRUPTED
    return FAILED if speaking.failures else 0


def _tell(audiobook: Audiobook, view: View, as_json: bool, several: bool) -> None:
    if as_json:
        print_json(_json(audiobook))
    if audiobook.error is not None:
        view.complain(f"{audiobook.book.name}: {audiobook.error}" if several else audiobook.error)
    elif not as_json:
        view.say(f"{audiobook.file} ({length(audiobook.seconds or 0)})")


def _json(audiobook: Audiobook) -> dict[str, object]:
    return {
        "book": str(audiobook.book),
        "title": audiobook.title,
        "jobId": audiobook.job_id,
        "file": audiobook.file and str(audiobook.file),
        "totalDuration": audiobook.seconds,
        "error": audiobook.error,
    }
