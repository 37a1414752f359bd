"""The admin's query field: `state:failed tier:free error:RATE_LIMIT user:... older:1h lighthouse`. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from ttsqueue.activity import LAST_PREMIUM_PRIORITY
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.priority import LATEST, SOONEST
from ttsqueue.settings import parse_duration

STATES: Mapping[str, JobStatus] = {
    "waiting": JobStatus.PENDING,
    "speaking": JobStatus.PROCESSING,
    "done": JobStatus.COMPLETED,
    "stopped": JobStatus.CANCELLED,
    **{status.value: status for status in JobStatus},
}
"""The words of the pages and those of the API."""

TIERS: Mapping[str, frozenset[int]] = {
    "premium": frozenset(range(SOONEST, LAST_PREMIUM_PRIORITY + 1)),
    "free": frozenset(range(LAST_PREMIUM_PRIORITY + 1, LATEST + 1)),
}
"""The priorities that each tier has."""


class UnreadableQuery(ValueError):
    """The text is no query; the message is a sentence that says what to write instead."""


def read_query(text: str, now: datetime) -> JobFilter:
    """The jobs that are asked for; `older:` counts back from `now`. UnreadableQuery."""
    which = JobFilter()
    seen: set[str] = set()
    words: list[str] = []
    for part in _parts(text):
        key, colon, value = part.partition(":")
        key = key.lower()
        if not colon or key not in _READERS:
            words.append(_title_word(part, key, colon))
            continue
        _check_once(key, seen)
        which = _READERS[key](which, _filled(key, value), now)
    return replace(which, text=" ".join(words)) if words else which


def term(key: str, value: str) -> str:
    """A piece of a query that asks for this value; empty where no query can."""
    if '"' in value or not value.strip(","):
        return ""
    return f'{key}:"{value}"' if len(value.split()) != 1 or value != value.strip() else f"{key}:{value}"


def _parts(text: str) -> list[str]:
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    lexer.escape = ""
    lexer.quotes = '"'
    try:
        return list(lexer)
    except ValueError:
        raise UnreadableQuery('A quotation mark is never closed; write title words as "The Long Night".') from None


def _title_word(part: str, key: str, colon: str) -> str:
    """A colon behind a plain word is a mistyped key; elsewhere (`10:30`, quoted words) it belongs to the title."""
    if colon and key.isidentifier() and not part.endswith(":"):
        raise UnreadableQuery(f"There is no {key}: here; there are {', '.join(_READERS)}.")
    return part


def _check_once(key: str, seen: set[str]) -> None:
    if key in seen:
        hint = ", as in state:failed,stopped" if key == "state" else ""
        raise UnreadableQuery(f"{key}: is there twice; write it once{hint}.")
    seen.add(key)


def _filled(key: str, value: str) -> str:
    if not value.strip(","):
        raise UnreadableQuery(f"Write a value behind {key}: without a space.")
    return value


def _state(which: JobFilter, value: str, _: datetime) -> JobFilter:
    names = [name.lower() for name in value.split(",") if name]
    wrong = next((name for name in names if name not in STATES), None)
    if wrong is not None:
        raise UnreadableQuery(f"{wrong} is no state; there are {', '.join(tuple(STATES)[:4])} and failed.")
    return replace(which, statuses=frozenset(STATES[name] for name in names))


def _tier(which: JobFilter, value: str, _: datetime) -> JobFilter:
    if value.lower() not in TIERS:
        raise UnreadableQuery(f"{value} is no tier; there are tier:premium and tier:free.")
    return replace(which, priorities=TIERS[value.lower()])


def _error(which: JobFilter, value: str, _: datetime) -> JobFilter:
    return replace(which, error_code=value)


def _user(which: JobFilter, value: str, _: datetime) -> JobFilter:
    return replace(which, user_id=_uuid("user", value))


def _work(which: JobFilter, value: str, _: datetime) -> JobFilter:
    return replace(which, work_id=_uuid("work", value))


def _older(which: JobFilter, value: str, now: datetime) -> JobFilter:
    try:
        return replace(which, created_before=now - parse_duration(value.lower()))
    except (ValueError, OverflowError):
        raise UnreadableQuery(f"{value} is no length of time; write older:90s, older:30min or older:7d.") from None


def _uuid(key: str, value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        raise UnreadableQuery(f"{value} is no id; {key}: takes a whole UUID.") from None


_READERS: Mapping[str, Callable[[JobFilter, str, datetime], JobFilter]] = {
    "state": _state,
    "tier": _tier,
    "error": _error,
    "user": _user,
    "work": _work,
    "older": _older,
}
