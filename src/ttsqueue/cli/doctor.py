"""`ttsqueue doctor`: is everything there that a book, and the server, needs?"""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.failure import FAILED
from ttsqueue.cli.finding import Finding, State, fail
from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, say
from ttsqueue.errors import TTSQueueError

if TYPE_CHECKING:
    from ttsqueue.settings import Settings


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check everything that speaking a book, and the server, needs. Exit code 1 if something is missing.

    Every TTS server is asked for one letter, also those that cost.
    """
    from ttsqueue.settings import load_settings

    findings = asyncio.run(_examine(load_settings()))
    if as_json:
        print_json({"findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            say(f"{finding.state:4}  {finding.subject}: {finding.message}")
    if any(finding.state is State.FAIL for finding in findings):
        raise click.exceptions.Exit(FAILED)


async def _examine(settings: Settings) -> list[Finding]:
    from ttsqueue.cli.check_disk import check_folder, check_room
    from ttsqueue.cli.check_server import check_server
    from ttsqueue.cli.check_sound import check_encoder, check_speech
    from ttsqueue.cli.check_storage import check_storage
    from ttsqueue.cli.check_tts_servers import check_tts_servers
    from ttsqueue.cli.check_voices import check_voices

    return [
        check_folder(settings.data),
        check_room(settings.data),
        *await check_storage(settings),
        *await _examine_queue(settings),
        *await check_voices(settings),
        await check_speech(settings),
        *await check_tts_servers(settings),
        await check_encoder(settings.data),
        *check_server(settings.data),
    ]


async def _examine_queue(settings: Settings) -> list[Finding]:
    from ttsqueue.app import open_app
    from ttsqueue.cli.check_queue import check_queue

    try:
        async with open_app(settings) as app:
            return await check_queue(app.queue, settings)
    except TTSQueueError as error:
        return [fail("store", str(error))]
