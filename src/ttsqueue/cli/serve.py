"""`ttsqueue serve`: the API and the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ttsqueue.cli.output import say

if TYPE_CHECKING:
    from ttsqueue.api.site import Site

host_option = click.option("--host", metavar="ADDRESS", help="Where to listen. Default: TTSQUEUE_HOST, else 127.0.0.1.")
port_option = click.option(
    "--port",
    metavar="NUMBER",
    type=click.IntRange(0, 65535),
    help="0 takes a free one. Default: TTSQUEUE_PORT, else 8642.",
)


@click.command()
@host_option
@port_option
def serve(host: str | None, port: int | None) -> None:
    """Answer the API and show the pages until stopped; 'ttsqueue work' speaks.

    Prints the address when it listens. SIGTERM and Ctrl-C let running requests end.
    """
    from ttsqueue.cli.log import log_to_stderr
    from ttsqueue.cli.server_log import ServerLog
    from ttsqueue.cli.serving import serve_until_stopped
    from ttsqueue.server_settings import load_server_settings
    from ttsqueue.settings import load_settings

    settings, server_settings = load_settings(), load_server_settings(asked_address(host, port))
    log_to_stderr(ServerLog())
    serve_until_stopped(settings, server_settings, greet)


def asked_address(host: str | None, port: int | None) -> dict[str, str | int]:
    """Settings that were given as options."""
    asked = {"TTSQUEUE_HOST": host, "TTSQUEUE_PORT": port}
    return {name: value for name, value in asked.items() if value is not None}


def greet(_site: Site, host: str, port: int) -> None:
    """Where to find it."""
    from ttsqueue.cli.serving import url

    say(f"ttsqueue listens on {url(host, port)}")
