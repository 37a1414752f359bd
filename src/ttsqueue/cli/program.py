"""`ttsqueue`: all commands under one name."""

from __future__ import annotations

import click

from ttsqueue.cli.add import add
from ttsqueue.cli.cancel import cancel
from ttsqueue.cli.delete import delete
from ttsqueue.cli.doctor import doctor
from ttsqueue.cli.failure import PlainErrors
from ttsqueue.cli.jobs_list import list_jobs
from ttsqueue.cli.keys import keys
from ttsqueue.cli.migrate import migrate
from ttsqueue.cli.move import move
from ttsqueue.cli.pausing import pause, resume
from ttsqueue.cli.reset_stuck import reset_stuck
from ttsqueue.cli.retry import retry
from ttsqueue.cli.serve import serve
from ttsqueue.cli.servers import servers
from ttsqueue.cli.speak import speak
from ttsqueue.cli.stats import stats
from ttsqueue.cli.status import status
from ttsqueue.cli.up import up
from ttsqueue.cli.voices import voices
from ttsqueue.cli.work import work


class Program(PlainErrors, click.Group):
    """The group, with our way of telling errors and its commands in the order they are met."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(
    "ttsqueue", cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="ttsqueue")
def main() -> None:
    """Turn books into audiobooks.

    `ttsqueue speak BOOK` does it all in one go, and `ttsqueue up` shows pages that do. `add` and `work` are the same
    in two steps: one puts books into the queue, the other speaks them.
    """


for _command in (
    speak, up, add, status, list_jobs, cancel, retry, delete, stats, pause, resume, reset_stuck, work, serve, keys,
    voices, servers, doctor, migrate, move,
):  # fmt: skip
    main.add_command(_command)
