"""`ttsqueue pause` and `ttsqueue resume`."""

from __future__ import annotations

import click

from ttsqueue.cli.output import say
from ttsqueue.cli.session import with_app


@click.command()
def pause() -> None:
    """Start no further book until `resume`. What is being spoken goes on."""
    with_app(lambda app: app.queue.pause())
    say("Paused. Books that are being spoken go on; go back to normal with: ttsqueue resume")


@click.command()
def resume() -> None:
    """Let workers start books again."""
    with_app(lambda app: app.queue.resume())
    say("Workers start books again.")
