"""In a terminal there are bars; where they would disturb, there are plain lines."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

from .books import write_book
from .program import PATIENCE, PROGRAM, Program


def in_a_terminal(program: Program, *arguments: str | Path, **variables: str) -> str:
    """What a terminal of 80 columns receives."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, *map(str, arguments)],
        cwd=program.here, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**program.environment, "TERM": "xterm-256color", "COLUMNS": "80", **variables},
    )  # fmt: skip
    os.close(theirs)
    received = b""
    try:
        while chunk := os.read(ours, 65536):
            received += chunk
    except OSError:  # the other end is closed
        pass
    finally:
        os.close(ours)
        assert process.wait(PATIENCE) == 0
    return received.decode()


def test_a_terminal_shows_a_bar_with_title_and_percent(ttsqueue: Program, here: Path) -> None:
    shown = in_a_terminal(ttsqueue, "speak", write_book(here))
    assert "\x1b[" in shown
    assert "100 %" in shown
    assert "Ada Keeper - The Lighthouse at Noon.m4b" in shown


def test_no_color_means_plain_lines(ttsqueue: Program, here: Path) -> None:
    shown = in_a_terminal(ttsqueue, "speak", write_book(here), NO_COLOR="1")
    assert "\x1b" not in shown
    assert "chapter 3 of 3, Part 3, is spoken" in shown


def test_tables_are_plain_where_nobody_wants_colour(ttsqueue: Program, here: Path) -> None:
    ttsqueue("add", write_book(here))
    assert "\x1b" in in_a_terminal(ttsqueue, "list")
    assert "\x1b" not in in_a_terminal(ttsqueue, "list", NO_COLOR="1")
    assert "\x1b" not in in_a_terminal(ttsqueue, "list", TERM="dumb")
