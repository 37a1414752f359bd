"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from math import isfinite
from pathlib import Path
from typing import Any

import click

from ttsqueue.cli.chapter_range import ChapterRange, read_chapter_range
from ttsqueue.cli.wish import Wish
from ttsqueue.submission import AUDIO_FORMATS, FASTEST, SLOWEST

Callback = Callable[..., Any]

EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
job_argument = click.argument("job_id", metavar="JOB")
job_arguments = click.argument("job_ids", metavar="JOB...", nargs=-1, required=True)


class SpeedType(click.FloatRange):
    """A speed that can be spoken; `nan` lies in every range and is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        speed = float(super().convert(value, param, ctx))
        return speed if isfinite(speed) else self.fail(f"{value} is no speed.", param, ctx)


_BOOK_OPTIONS = (
    click.option(
        "--voice", metavar="VOICE", default="default", show_default=True, help="default, espeak:en-us, or just en-us."
    ),
    click.option(
        "--speed",
        metavar="NUMBER",
        default=1.0,
        show_default=True,
        type=SpeedType(SLOWEST, FASTEST),
        help="0.5 to 2.5 times the voice's own pace.",
    ),
    click.option(
        "--format",
        "audio_format",
        metavar="FORMAT",
        type=click.Choice(AUDIO_FORMATS),
        help=f"{', '.join(AUDIO_FORMATS)}. Default: m4b.",
    ),
    click.option(
        "--chapters",
        metavar="RANGE",
        type=read_chapter_range,
        help="3-7, 3, 3-, -7 or 1,3,5-, as --dry-run numbers them.",
    ),
    click.option("--cover", metavar="FILE", type=EXISTING_FILE, help="JPEG or PNG. Default: the book's own."),
    click.option(
        "--language",
        metavar="LANGUAGE",
        help="Language of the book, such as en-US, if its file is wrong or silent about it.",
    ),
)


def book_options(command: Callback) -> Callback:
    """Options for how a book is to be spoken; the command gets them together as `wish`."""

    @wraps(command)
    def with_wish(
        *args: Any,
        voice: str,
        speed: float,
        audio_format: str | None,
        chapters: ChapterRange | None,
        cover: Path | None,
        language: str | None,
        **others: Any,
    ) -> Any:
        return command(*args, wish=Wish(voice, speed, audio_format, chapters, cover, language), **others)

    for option in reversed(_BOOK_OPTIONS):
        with_wish = option(with_wish)
    return with_wish
