"""One thing that `doctor` looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """`warn` can wait; `fail` keeps books from being spoken, or the server from starting."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Finding:
    """`message` says what was found and, unless it is ok, what to do."""

    subject: str
    state: State
    message: str


def ok(subject: str, message: str) -> Finding:
    return Finding(subject, State.OK, message)


def warn(subject: str, message: str) -> Finding:
    return Finding(subject, State.WARN, message)


def fail(subject: str, message: str) -> Finding:
    return Finding(subject, State.FAIL, message)
