"""How much of a download has come, on one line of a terminal."""

from __future__ import annotations

import sys
from typing import Self

from ttsqueue.cli.terminal import is_lively


class Megabytes:
    """Silent where nobody watches."""

    def __init__(self) -> None:
        self._is_watched = is_lively(sys.stderr)
        self._has_shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._has_shown:
            sys.stderr.write("\n")

    def show(self, size: int) -> None:
        """Bytes so far."""
        if self._is_watched:
            self._has_shown = True
            sys.stderr.write(f"\r{size / 1e6:.1f} MB")
            sys.stderr.flush()
