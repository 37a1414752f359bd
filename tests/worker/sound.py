"""What is really in a file."""

from __future__ import annotations

from pathlib import Path

import av


def seconds(file: Path) -> float:
    """How long it plays, by its decoded samples."""
    with av.open(str(file)) as container:
        return sum(frame.samples / frame.sample_rate for frame in container.decode(audio=0))


def tags(file: Path) -> dict[str, str]:
    with av.open(str(file)) as container:
        return {name.lower(): value for name, value in container.metadata.items()}


def pictures(file: Path) -> int:
    """How many there are on it."""
    with av.open(str(file)) as container:
        return len(container.streams.video)
