"""Where the chapters of a book start."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from ttsqueue.audio.sound import BookPart
from ttsqueue.errors import AudioError


@dataclass(frozen=True, slots=True)
class Marks:
    """Counted in ticks, `clock` of them per second, so that sums are exact."""

    titles: tuple[str, ...]
    starts: tuple[int, ...]
    end: int
    clock: int

    @property
    def seconds(self) -> tuple[float, ...]:
        return tuple(start / self.clock for start in self.starts)

    @property
    def duration(self) -> float:
        return self.end / self.clock


def marks_of(parts: Sequence[BookPart], priming: int) -> Marks:
    """`priming` ticks of the first chapter are dropped by players. AudioError if the parts do not fit together."""
    if not parts:
        raise AudioError("A book needs at least one chapter.")
    clock = parts[0].sound.sample_rate
    for part in parts:
        if part.sound.sample_rate != clock:
            raise AudioError(
                f"Chapter {part.title!r} has {part.sound.sample_rate} Hz and the first one {clock} Hz; "
                "speak the whole book with one voice engine."
            )
    *starts, end = accumulate((part.sound.samples for part in parts), initial=0)
    return Marks(tuple(part.title for part in parts), tuple(starts), end - priming, clock)
