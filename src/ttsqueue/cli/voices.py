"""`ttsqueue voices`: who can speak, and voices of piper that come and go."""

from __future__ import annotations

import click

from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.session import with_app
from ttsqueue.cli.voices_add import add, download
from ttsqueue.cli.voices_remove import remove
from ttsqueue.engines.engine import Voice


@click.group(invoke_without_command=True)
@click.option("--language", metavar="LANGUAGE", help="Only voices of this language, such as de or en-GB.")
@as_json
@click.pass_context
def voices(context: click.Context, language: str | None, as_json: bool) -> None:
    """List the voices that can be used now; add and remove voices of piper."""
    if context.invoked_subcommand is None:
        _list(language, as_json)


for _command in (add, download, remove):
    voices.add_command(_command)


def _list(language: str | None, as_json: bool) -> None:
    found = [voice for voice in with_app(lambda app: app.voices.voices()) if _speaks(voice, language)]
    if as_json:
        print_json({"voices": [_json(voice) for voice in found]})
    elif found:
        print_table(("VOICE", "LANGUAGE", "NAME"), ((voice.id, voice.language, voice.label) for voice in found))
    else:
        say("No voice of this language." if language else "No voices. See what is missing with: ttsqueue doctor")


def _speaks(voice: Voice, language: str | None) -> bool:
    wanted = (language or "").lower()
    spoken = voice.language.lower()
    return not wanted or spoken == wanted or spoken.startswith(f"{wanted}-")


def _json(voice: Voice) -> dict[str, str]:
    return {
        "id": voice.id,
        "engine": voice.engine,
        "name": voice.name,
        "language": voice.language,
        "label": voice.label,
    }
