"""A statement of queries/ as the server wants it: `$1` where our files say `%(name)s`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from psycopg.adapt import PyFormat

from ttsqueue.providers.postgres.operation import Values
from ttsqueue.providers.postgres.sql import query

_PLACE = re.compile(r"%\((\w+)\)([sbt])|%%")


@dataclass(frozen=True, slots=True)
class Statement:
    """Text and the names of its values, in the order of their numbers."""

    text: bytes
    names: tuple[str, ...]
    formats: tuple[PyFormat, ...]

    def arguments(self, values: Values) -> Sequence[object]:
        return [values[name] for name in self.names]


@cache
def statement(name: str) -> Statement:
    """That of queries/NAME.sql."""
    places: dict[str, PyFormat] = {}

    def numbered(found: re.Match[str]) -> str:
        value, form = found.groups()
        if value is None:
            return "%"
        places.setdefault(value, PyFormat(form))
        return f"${list(places).index(value) + 1}"

    text = _PLACE.sub(numbered, query(name))
    return Statement(text.encode(), tuple(places), tuple(places.values()))
