"""A server fails: is it away, or is it this one text that it cannot bear? Pure.

Whoever fails at one text and speaks another is not away. So after some failures the server is asked for something that
every voice can say, and after that for the text again.
"""

from __future__ import annotations

from dataclasses import dataclass

HARMLESS = "a"
"""Nearly every voice can say this, in no time."""

_FAILURES_BEFORE_PROOF = 3
_RELAPSES_THAT_CONVICT = 3
"""Failures at the text each time right after the server had spoken the harmless one."""


@dataclass(slots=True)
class Suspicion:
    """Of one text."""

    _failures: int = 0
    _relapses: int = 0
    _is_proven: bool = False

    @property
    def wants_proof(self) -> bool:
        """Whether the server should be asked for something harmless before it is asked for the text again."""
        return self._failures >= _FAILURES_BEFORE_PROOF and not self._is_proven

    @property
    def pauses(self) -> int:
        """How many to make before the server is asked again: a lack of memory hits long texts alone, and passes."""
        return 3 ** (self._relapses - 1) if self._relapses and not self.convicts else 0

    @property
    def convicts(self) -> bool:
        """It is the text."""
        return self._relapses >= _RELAPSES_THAT_CONVICT

    def failed(self, *, slow: bool) -> None:
        """The text brought no sound. One that takes minutes is not asked for so often."""
        self._failures += _FAILURES_BEFORE_PROOF if slow else 1
        if self._is_proven:
            self._relapses += _RELAPSES_THAT_CONVICT if slow else 1
        self._is_proven = False

    def proved(self) -> None:
        """The server spoke the harmless one."""
        self._is_proven = True

    def unproved(self) -> None:
        """That server cannot be asked for the text now, and what it spoke says nothing about another one."""
        self._is_proven = False

    def refuted(self) -> None:
        """It failed at that, too: it is the server."""
        self._failures = self._relapses = 0
        self._is_proven = False
