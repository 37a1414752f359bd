"""The wall time of a whole book: `speak`, the bare limit, and what a skilled user would type."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.sample_book import chapters, write_markdown
from bench.table import print_table, ratios, spread

SCRIPT = """
set -eu
ls *.txt | xargs -P{cores} -I@ sh -c 'espeak-ng -v en-us -f @ --stdout |
  ffmpeg -v error -nostdin -f wav -i - -c:a aac -aac_coder fast -b:a {rate} @.m4a'
for f in $(ls *.m4a); do echo "file '$f'"; done > list
ffmpeg -v error -nostdin -f concat -safe 0 -i list -c copy book.m4b
"""
BIT_RATE = "64k"


def speak(folder: Path, words: int) -> float:
    """Seconds of `ttsqueue speak`, from the file to the finished audiobook."""
    book = write_markdown(folder, words)
    environment = {**os.environ, "TTSQUEUE_DATA": str(folder / "data")}
    return seconds([sys.executable, "-m", "ttsqueue.cli", "speak", str(book), "-o", str(folder)], folder, environment)


def bare(folder: Path, words: int) -> float:
    """Seconds of speech, loudness and encoding alone."""
    return seconds([sys.executable, "-m", "bench.bare", str(folder), str(words)], Path.cwd(), dict(os.environ))


def by_hand(folder: Path, words: int) -> float:
    """Seconds of a skilled user's script: no loudness pass, no resume, no chapter marks."""
    for number, text in enumerate(chapters(words)):
        (folder / f"{number:03}.txt").write_text(text)
    script = SCRIPT.format(cores=os.cpu_count(), rate=BIT_RATE)
    return seconds(["sh", "-c", script], folder, dict(os.environ))


def seconds(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def in_fresh_folder(run: Callable[[Path, int], float], words: int) -> float:
    with tempfile.TemporaryDirectory() as name:
        return run(Path(name), words)


def main(pairs: int, words: int) -> None:
    sides = {"ttsqueue speak": speak, "bare limit": bare}
    if shutil.which("espeak-ng") and shutil.which("ffmpeg"):
        sides["script by hand"] = by_hand
    times: dict[str, list[float]] = {label: [] for label in sides}
    for _ in range(pairs):
        for label, run in sides.items():
            times[label].append(in_fresh_folder(run, words))
    ours = times["ttsqueue speak"]
    print_table(
        f"A book of {words:,} words in 40 chapters, wall seconds (median of {pairs} [least - most])",
        ["what", "seconds", "speak / this"],
        [[label, spread(values, 1), ratios(ours, values)] for label, values in times.items()],
    )
