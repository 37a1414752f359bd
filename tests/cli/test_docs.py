from __future__ import annotations

from pathlib import Path

import click
import pytest

from ttsqueue.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
COMMANDS = sorted(main.commands)


def section(command: str) -> str:
    assert f"\n## {command}\n" in PAGE
    return PAGE.partition(f"\n## {command}\n")[2].partition("\n## ")[0]


def options_of(command: click.Command) -> list[click.Option]:
    """With those of the commands below it."""
    below = command.commands.values() if isinstance(command, click.Group) else ()
    own = [option for option in command.params if isinstance(option, click.Option)]
    return own + [option for each in below for option in options_of(each)]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_an_example(command: str) -> None:
    assert f"\n    ttsqueue {command}" in section(command)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented_where_its_command_is(command: str) -> None:
    visible = [option for option in options_of(main.commands[command]) if not option.hidden and not option.is_eager]
    assert [name for option in visible for name in option.opts if f"`{name}" not in section(command)] == []


def test_nothing_is_documented_that_is_not_there() -> None:
    headings = [line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")]
    assert sorted(headings) == COMMANDS
