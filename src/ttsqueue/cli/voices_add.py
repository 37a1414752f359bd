"""`ttsqueue voices add` and `download`: a voice of piper comes into the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from ttsqueue.cli.failure import complain
from ttsqueue.cli.options import EXISTING_FILE, as_json
from ttsqueue.cli.output import print_json, say

if TYPE_CHECKING:
    from ttsqueue.cli.new_voice import NewVoice

_output = click.option(
    "-o",
    "--output",
    metavar="WAV",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the sentence goes that it says. Default: beside the voice.",
)


@click.command()
@click.argument("model", metavar="FILE.onnx", type=EXISTING_FILE)
@_output
@as_json
def add(model: Path, output: Path | None, as_json: bool) -> None:
    """Add a piper voice: an .onnx file with its .onnx.json beside it."""
    from ttsqueue.cli.new_voice import add_voice

    async def added() -> tuple[NewVoice, None]:
        return await add_voice(model, _folder(), output), None

    _show(added(), as_json)


@click.command()
@click.argument("name", metavar="NAME")
@_output
@as_json
def download(name: str, output: Path | None, as_json: bool) -> None:
    """Fetch a voice of the piper project, en_US-lessac-medium for example, and add it."""
    _show(_downloaded(name, output), as_json)


async def _downloaded(name: str, output: Path | None) -> tuple[NewVoice, str]:
    """With the address of its card."""
    from ttsqueue.cli.megabytes import Megabytes
    from ttsqueue.cli.new_voice import add_voice
    from ttsqueue.cli.voice_download import check_name, fetch_voice

    check_name(name)
    folder = _folder()
    with TemporaryDirectory(prefix=".download-", dir=folder) as draft:
        complain(f"Fetching {name} with piper's own downloader. That may take a while.")
        with Megabytes() as megabytes:
            fetched = await fetch_voice(name, Path(draft), megabytes.show)
        return await add_voice(fetched.model, folder, output), fetched.card


def _folder() -> Path:
    from ttsqueue.app import VOICES_FOLDER
    from ttsqueue.settings import load_settings

    data = load_settings().data
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = data / VOICES_FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _show(coming: Coroutine[Any, Any, tuple[NewVoice, str | None]], as_json: bool) -> None:
    new, card = asyncio.run(coming)
    if as_json:
        print_json(
            {
                "id": new.voice.id,
                "language": new.voice.language,
                "speakers": new.speakers,
                "licence": new.licence or None,
                "card": card,
                "sample": str(new.sample),
                "sampleSeconds": round(new.seconds, 2),
                "timesRealTime": round(new.times_real_time, 1),
            }
        )
        return
    many = f", with {new.speakers} speakers: ttsqueue voices" if new.speakers > 1 else ""
    say(f"{new.voice.id} is there, for {new.voice.language}{many}.")
    say(f"It said {new.seconds:.1f} s, {new.times_real_time:.1f} times as fast as that plays: {new.sample}")
    say(f"Licence: {new.licence}" if new.licence else "No licence lies beside it; ask where the voice comes from.")
    if card:
        say(f"Its card: {card}")
    say("Mind its licence before you publish what it speaks.")
    say(f"Use it: ttsqueue speak BOOK --voice {new.voice.id}")
