"""`ttsqueue stats`: how many books wait, are spoken, are done."""

from __future__ import annotations

import click

from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, print_table
from ttsqueue.cli.session import with_app
from ttsqueue.contract import stats_to_json


@click.command()
@as_json
def stats(as_json: bool) -> None:
    """Count the books by what is happening to them. Delayed ones are among the pending."""
    counts = stats_to_json(with_app(lambda app: app.queue.get_queue_stats()))
    if as_json:
        print_json(counts)
    else:
        print_table(("STATUS", ">BOOKS"), ((status, f"{number:,}") for status, number in counts.items()))
