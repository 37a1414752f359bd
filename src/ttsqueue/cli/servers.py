"""`ttsqueue servers`: how the TTS servers are doing, and what they may be asked."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import click

from ttsqueue.cli.failure import complain
from ttsqueue.cli.options import as_json
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.session import with_app

if TYPE_CHECKING:
    from ttsqueue.servers.report import ServerReport

_HEADINGS = ("SERVER", "STATE", ">CALLS NOW", ">429", ">P50", ">P95", ">REAL TIME", "LIMITS", "LAST ERROR")


class RateType(click.FloatRange):
    """Above zero; `nan` lies in every range and is none."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        rate = float(super().convert(value, param, ctx))
        return rate if isfinite(rate) else self.fail(f"{value} is no limit.", param, ctx)


_NUMBER = RateType(0, min_open=True)


@click.group(invoke_without_command=True)
@as_json
@click.pass_context
def servers(context: click.Context, as_json: bool) -> None:
    """Show how the TTS servers are doing, or change what they may be asked."""
    if context.invoked_subcommand is not None:
        return
    reports = with_app(lambda app: app.servers.reports())
    if as_json:
        from ttsqueue.servers.server_view import server_view

        print_json({"servers": [server_view(report) for report in reports]})
    elif reports:
        print_table(_HEADINGS, map(_row, reports))
    else:
        say("No TTS servers. Name one in servers.toml in the data folder; see docs/servers.md.")


@servers.command("limit")
@click.argument("name", metavar="SERVER")
@click.option("--max-concurrent", metavar="NUMBER", type=click.IntRange(1), help="Calls at the same time.")
@click.option("--calls-per-second", metavar="NUMBER", type=_NUMBER, help="Calls that may start in a second.")
@click.option("--calls-per-minute", metavar="NUMBER", type=_NUMBER, help="Calls that may start in a minute.")
@click.option("--characters-per-minute", metavar="NUMBER", type=_NUMBER, help="Characters handed over in a minute.")
@click.option("--file", "of_file", is_flag=True, help="Go back to the limits of servers.toml.")
def limit(name: str, of_file: bool, **limits: Any) -> None:
    """Limit what a server is asked, by all workers, instead of what servers.toml says. It holds within a second.

    What is not named has no limit.
    """
    from ttsqueue.servers.limits import ServerLimits
    from ttsqueue.servers.words import limits_in_words

    wished = ServerLimits(**limits)
    if of_file == (wished != ServerLimits()):
        raise click.UsageError("Name at least one limit, or --file to go back to those of servers.toml.")
    report = with_app(lambda app: app.servers.set_limits(name, None if of_file else wished))
    say(f"{report.server.name}: {limits_in_words(report.limits)}.")
    if report.is_changed:
        complain(f"Go back to what servers.toml says with: ttsqueue servers limit {name} --file")


def _row(report: ServerReport) -> tuple[str, ...]:
    from ttsqueue.servers.words import calls, condition, figure, last_trouble, limits_in_words

    return (
        report.server.name,
        condition(report),
        calls(report),
        f"{report.state.limited:,}",
        figure(report.pace(50), " s"),
        figure(report.pace(95), " s"),
        figure(report.real_time_factor),
        limits_in_words(report.limits) + (" (changed)" if report.is_changed else ""),
        last_trouble(report),
    )
