"""`ttsqueue up`: the server and a worker, for this computer or the home network."""

from __future__ import annotations

import os
from secrets import token_hex
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.serve import asked_address, greet, host_option, port_option

if TYPE_CHECKING:
    from ttsqueue.api.site import Site

ALL_ADDRESSES = "0.0.0.0"  # noqa: S104 - the home network, behind a pairing code


@click.command()
@host_option
@port_option
@click.option("--lan", is_flag=True, help="For the home network: prints a code and a QR code that let phones in.")
def up(host: str | None, port: int | None, lan: bool) -> None:
    """Answer the API, show the pages and speak, until stopped.

    A worker runs beside the server; when it dies, its book goes back at once and it is started again.
    """
    from ttsqueue.cli.invitation import invite
    from ttsqueue.cli.log import log_to_stderr
    from ttsqueue.cli.server_log import ServerLog
    from ttsqueue.cli.serving import serve_until_stopped
    from ttsqueue.server_settings import load_server_settings
    from ttsqueue.settings import load_settings

    if lan:
        host = host or ALL_ADDRESSES
    settings, server_settings = load_settings(), load_server_settings(asked_address(host, port))
    invitation = invite(server_settings) if lan else None
    log_to_stderr(ServerLog())
    if invitation is None:
        serve_until_stopped(settings, server_settings, greet, _speak)
    else:
        serve_until_stopped(settings, server_settings, invitation.show, _speak, code=invitation.code)


async def _speak(site: Site) -> None:
    from ttsqueue.cli.left_behind import UP, release_what_was_left_behind
    from ttsqueue.supervisor import Supervisor

    queue = site.app.queue
    await release_what_was_left_behind(queue)
    await Supervisor(queue, f"{UP}{os.getpid()}-{token_hex(3)}").run()
