"""Engines that the user brings along: classes, named in a setting."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module

from ttsqueue.engines.engine import Engine
from ttsqueue.errors import SettingsError

_VALUES = {"name": str, "sample_rate": int, "max_characters": int, "is_costly": bool}
_METHODS = ("voices", "speak", "aclose")


def own_engines(names: str) -> list[Engine]:
    """One of each class of `package.module:ClassName,...`. SettingsError says what is missing."""
    engines = [_engine(name) for name in _separated(names)]
    called = [engine.name for engine in engines]
    if twice := next((name for name in called if called.count(name) > 1), None):
        raise SettingsError(f"TTSQUEUE_ENGINES names two engines {twice!r}; give each a name of its own.")
    return engines


def _separated(names: str) -> Iterator[str]:
    return (name.strip() for name in names.split(",") if name.strip())


def _engine(name: str) -> Engine:
    module, colon, attribute = name.partition(":")
    if not (module and colon and attribute):
        raise SettingsError(f"TTSQUEUE_ENGINES: {name!r} must be written package.module:ClassName.")
    try:
        made: Engine = getattr(import_module(module), attribute)()
    except Exception as error:  # the module is the user's own
        message = f"TTSQUEUE_ENGINES: {name} cannot be used: {type(error).__name__}: {error}."
        raise SettingsError(f"{message} Python looks for it where PYTHONPATH says.") from error
    if missing := _missing(made):
        raise SettingsError(f"TTSQUEUE_ENGINES: {name} is no engine: it lacks {missing}. See docs/engines.md.")
    return made


def _missing(engine: object) -> str:
    for value, kind in _VALUES.items():
        if not isinstance(getattr(engine, value, None), kind):
            return f"{value} ({kind.__name__})"
    for method in _METHODS:
        if not callable(getattr(engine, method, None)):
            return f"{method}()"
    is_coroutine = inspect.iscoroutinefunction(getattr(engine, "speak", None))
    return "a speak() that yields its PCM" if is_coroutine else ""
