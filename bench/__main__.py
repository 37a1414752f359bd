"""`make bench` prints every table; `python -m bench queue` (or postgres, book, memory, api, live) prints one part."""

from __future__ import annotations

import argparse

from bench import api, book, live, memory, queue
from bench.postgres import main as postgres

PARTS = {
    "queue": queue.main,
    "postgres": postgres.main,
    "book": book.main,
    "memory": memory.main,
    "api": api.main,
    "live": live.main,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="which tables; all by default")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side, taken in turn (default 5)")
    parser.add_argument("--words", type=int, default=60_000, help="length of the book (default 60000)")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        PARTS[part](options.pairs, options.words)


if __name__ == "__main__":
    main()
