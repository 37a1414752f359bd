"""SQL lives in .sql files, one statement each; loaded once, so that the same string meets the statement cache."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_PACKAGE = "ttsqueue.providers.sqlite"


@cache
def query(name: str) -> str:
    """The statement in queries/NAME.sql."""
    return files(_PACKAGE).joinpath("queries", f"{name}.sql").read_text("utf-8")


@cache
def query_for_rows(name: str, rows: int) -> str:
    """The statement in queries/NAME.sql, whose line of VALUES is for one row, for so many."""
    lines = query(name).splitlines()
    (place,) = (number for number, line in enumerate(lines) if line.startswith("VALUES "))
    lines[place] += (", " + lines[place].removeprefix("VALUES ")) * (rows - 1)
    return "\n".join(lines)


@cache
def query_for_count(name: str) -> str:
    """How many rows the statement in queries/NAME.sql would bring."""
    return f"SELECT count(*) FROM (\n{query(name)}\n)"  # noqa: S608 - no text from outside


@cache
def migrations() -> tuple[str, ...]:
    """Every migration script, first to last."""
    scripts = files(_PACKAGE).joinpath("migrations").iterdir()
    return tuple(script.read_text("utf-8") for script in sorted(scripts, key=lambda script: script.name))
