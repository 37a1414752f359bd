"""How the command line ends badly: one sentence on stderr and an exit code, never a traceback."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn

import click

from ttsqueue.cli.wording import printable
from ttsqueue.errors import SettingsError, TTSQueueError, UnknownVoice

FAILED = 1
WRONG_USE = 2
INTERRUPTED = 130
DEBUG = "TTSQUEUE_DEBUG"


class PlainErrors(click.Command):
    """A command whose errors are told in one sentence. With TTSQUEUE_DEBUG=1 the trace is shown as well."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        _never_fail_on_letters()
        if not os.environ.get(DEBUG):
            logging.getLogger("ttsqueue").addHandler(logging.NullHandler())  # or warnings would come with traces
        try:
            code = super().main(args, prog_name, **{**extra, "standalone_mode": False})
        except Exception as error:
            show_trace(error)
            code = _tell(error)
        sys.exit(code or 0)


def complain(sentence: str) -> None:
    """One line on stderr."""
    with suppress(BrokenPipeError):
        click.echo(printable(sentence), err=True)


def exit_code(error: BaseException) -> int:
    """2 when the call or a setting was wrong, 130 when somebody stopped us, else 1."""
    match error:
        case click.ClickException():
            return error.exit_code
        case SettingsError() | UnknownVoice():
            return WRONG_USE
        case click.Abort():
            return INTERRUPTED
        case _:
            return FAILED


def sentence_of(error: BaseException) -> str:
    """What happened, for a person."""
    match error:
        case click.UsageError(ctx=click.Context() as context):
            return f"{error.format_message()} See '{context.command_path} --help'."
        case click.ClickException():
            return error.format_message()
        case click.Abort():
            return "Stopped."
        case TTSQueueError():
            return str(error)
        case _:
            what = f"{type(error).__name__}: {error}".rstrip(": ")
            return f"Something went wrong that should not ({what}). Run it again with {DEBUG}=1 to see where."


def show_trace(error: BaseException) -> None:
    """Where it happened, for those who asked for it."""
    if os.environ.get(DEBUG):
        traceback.print_exception(error)


def _tell(error: Exception) -> int:
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has had enough; without this, Python complains once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    else:
        complain(sentence_of(error))
    return exit_code(error)


def _never_fail_on_letters() -> None:
    # A title may hold letters that the terminal's encoding lacks.
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
