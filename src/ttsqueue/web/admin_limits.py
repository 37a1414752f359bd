"""The form in which an operator changes what a TTS server may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ttsqueue.servers.limits import MOST, ServerLimits
from ttsqueue.servers.words import number

_LABELS = {
    "max_concurrent": "Calls at the same time",
    "calls_per_second": "Calls a second",
    "calls_per_minute": "Calls a minute",
    "characters_per_minute": "Characters a minute",
}
_WHOLE = "max_concurrent"
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class LimitField:
    """One field; an empty one is no limit."""

    name: str
    label: str
    value: str
    complaint: str | None = None


class UnreadableLimits(Exception):
    """`fields` are those of the form, with what was typed and what is wrong with it."""

    def __init__(self, fields: tuple[LimitField, ...]) -> None:
        super().__init__(fields)
        self.fields = fields


def limit_fields(limits: ServerLimits) -> tuple[LimitField, ...]:
    values = asdict(limits)
    return tuple(LimitField(name, label, _typed(values[name])) for name, label in _LABELS.items())


def read_limits(form: Mapping[str, Any]) -> ServerLimits:
    """UnreadableLimits."""
    fields = tuple(_field(name, str(form.get(name) or "").strip()) for name in _LABELS)
    if any(field.complaint for field in fields):
        raise UnreadableLimits(fields)
    limits: dict[str, Any] = {field.name: _number(field.name, field.value) for field in fields if field.value}
    return ServerLimits(**limits)


def _field(name: str, typed: str) -> LimitField:
    try:
        fits = not typed or 0 < _number(name, typed) <= MOST
    except ValueError:
        fits = False
    wanted = "a whole number" if name == _WHOLE else "a number"
    complaint = None if fits else f"Write {wanted} above zero, or nothing for no limit."
    return LimitField(name, _LABELS[name], typed[:_LONGEST], complaint)


def _number(name: str, typed: str) -> float:
    plain = typed.replace(",", "")
    return int(plain) if name == _WHOLE else float(plain)


def _typed(value: float | None) -> str:
    return "" if value is None else number(value).replace(",", "")
