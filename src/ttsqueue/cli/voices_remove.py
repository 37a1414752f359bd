"""`ttsqueue voices remove`: a voice of piper goes."""

from __future__ import annotations

from pathlib import Path

import click

from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, say


@click.command()
@click.argument("name", metavar="VOICE")
@as_json
def remove(name: str, as_json: bool) -> None:
    """Remove a piper voice and its files. What it has spoken stays."""
    from ttsqueue.app import VOICES_FOLDER
    from ttsqueue.engines.piper_voice_file import SUFFIX, description_of
    from ttsqueue.errors import UnknownVoice
    from ttsqueue.settings import load_settings

    name = name.removeprefix("piper:")
    model = load_settings().data / VOICES_FOLDER / f"{name}{SUFFIX}"
    if Path(name).name != name or not model.is_file():
        raise UnknownVoice(f"There is no piper voice {name!r} in the data folder; see: ttsqueue voices")
    # The model goes first: what is left of an interruption is no voice.
    for path in (model, description_of(model), model.with_suffix(".wav")):
        path.unlink(missing_ok=True)
    if as_json:
        print_json({"id": f"piper:{name}", "removed": True})
    else:
        say(f"The voice piper:{name} is removed.")
