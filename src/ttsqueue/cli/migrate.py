"""`ttsqueue migrate`: bring the store up to date at a moment of one's own choice."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import click

from ttsqueue.cli.failure import FAILED
from ttsqueue.cli.output import say

if TYPE_CHECKING:
    from ttsqueue.provider import QueueProvider
    from ttsqueue.schema_state import SchemaState


@click.command()
@click.option("--print", "as_script", is_flag=True, help="Print the SQL instead, for a migration tool. Asks no server.")
@click.option("--check", is_flag=True, help="Change nothing; exit code 1 if there is something to do.")
def migrate(as_script: bool, check: bool) -> None:
    """Bring the store's schema up to date.

    Every program that opens the store does so too; this is for doing it before. Several at once do no harm.
    """
    from ttsqueue.app import make_provider
    from ttsqueue.settings import load_settings

    provider = make_provider(load_settings())
    if as_script:
        click.echo(provider.schema_script().rstrip())
    elif check:
        _tell(asyncio.run(provider.schema_state()))
    else:
        asyncio.run(_migrate(provider))


def _tell(state: SchemaState) -> None:
    _refuse_newer(state)
    if state.is_behind:
        say(f"{_there_is(state)}; this program brings {_wanted(state)}. Install it with: ttsqueue migrate")
        raise click.exceptions.Exit(FAILED)
    say(f"Up to date: version {state.installed}.")


async def _migrate(provider: QueueProvider) -> None:
    before = await provider.schema_state()
    _refuse_newer(before)
    if not before.is_behind:
        say(f"Up to date already: version {before.installed}.")
        return
    try:
        await provider.open()
    finally:
        await provider.aclose()
    say(f"{_there_is(before)}; now it is {_wanted(before)}.")


def _refuse_newer(state: SchemaState) -> None:
    from ttsqueue.errors import StoreTooNew

    if state.is_too_new:
        raise StoreTooNew(
            f"{_there_is(state)}, and this program knows version {state.wanted}; upgrade ttsqueue to use it."
        )


def _there_is(state: SchemaState) -> str:
    return f"The store has version {state.installed}" if state.installed else "The store is empty"


def _wanted(state: SchemaState) -> str:
    return f"version {state.wanted}" + " with the columns of your tables" * state.leaves_columns_unused
