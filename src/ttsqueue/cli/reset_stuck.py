"""`ttsqueue reset-stuck`: take books back from workers that gave no sign of life."""

from __future__ import annotations

import click

from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, say
from ttsqueue.cli.session import with_app
from ttsqueue.cli.wording import counted


@click.command("reset-stuck")
@as_json
def reset_stuck(as_json: bool) -> None:
    """Take books back from workers that went silent.

    That is, for TTSQUEUE_STUCK_AFTER. Workers do this by themselves.
    """
    reset = with_app(lambda app: app.queue.reset_stuck_jobs())
    if as_json:
        print_json({"reset": reset})
    else:
        say(f"{counted(reset, 'stuck book')} reset.")
