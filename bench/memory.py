"""Peak memory (PSS) of the whole process tree while a book is spoken, for a book and one ten times as long."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import av
import psutil

from bench.sample_book import write_markdown
from bench.table import print_table

JOINING = "ttsqueue.audio.book_child"
READING = "ttsqueue.books.child"
MEGABYTE = 1 << 20


@dataclass
class Peak:
    """Bytes; each is the highest sum seen at one moment."""

    speaking: int = 0
    reading: int = 0
    joining: int = 0


def tree(root: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [root, *root.children(recursive=True)]
    return []


def sample(root: psutil.Process, peak: Peak) -> None:
    """Add up what each kind of process holds right now."""
    sums = {"speaking": 0, "reading": 0, "joining": 0}
    for process in tree(root):
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            kind = "joining" if JOINING in words else "reading" if READING in words else "speaking"
            sums[kind] += process.memory_full_info().pss
    for kind, size in sums.items():
        setattr(peak, kind, max(getattr(peak, kind), size))


def speak(words: int) -> tuple[Peak, float]:
    """Peaks, and seconds of sound."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        book = write_markdown(folder, words)
        command = [sys.executable, "-m", "ttsqueue.cli", "speak", str(book), "-o", name]
        environment = {**os.environ, "TTSQUEUE_DATA": str(folder / "data")}
        peak = Peak()
        with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
            root = psutil.Process(process.pid)
            while process.poll() is None:
                sample(root, peak)
                time.sleep(0.1)
        return peak, duration(next(folder.glob("*.m4b")))


def duration(path: Path) -> float:
    with av.open(str(path)) as container:
        return (container.duration or 0) / 1_000_000


def main(pairs: int, words: int) -> None:
    del pairs
    once, seconds = speak(words)
    tenfold, long_seconds = speak(words * 10)
    frames = (long_seconds - seconds) * 22_050 / 1024
    rows = [
        [kind, f"{small / MEGABYTE:.1f}", f"{large / MEGABYTE:.1f}", f"{large / max(small, 1):.2f}"]
        for kind in ("speaking", "reading", "joining")
        for small, large in [(getattr(once, kind), getattr(tenfold, kind))]
    ]
    print_table(
        f"Peak memory of the process tree, MB of PSS: {words:,} words ({seconds / 3600:.1f} h) and ten times that",
        ["what", "book", "10 x book", "ratio"],
        rows,
    )
    print(f"  joining grows by {(tenfold.joining - once.joining) / frames:.0f} bytes per AAC frame")
