"""What is really in a finished file."""

from __future__ import annotations

from pathlib import Path

import av


def seconds(file: Path) -> float:
    """How long it plays, counted from its decoded samples."""
    with av.open(str(file)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def has_picture(file: Path) -> bool:
    with av.open(str(file)) as container:
        return len(container.streams.video) > 0
