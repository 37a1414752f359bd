"""`make bench` prints every table; `python -m bench queue` (postgres, redis, book, memory, api, live) prints one."""

from __future__ import annotations

import argparse
from importlib import import_module

# Imported one by one: the peers of two of them cannot be installed together.
PARTS = {
    "queue": "bench.queue",
    "postgres": "bench.postgres.main",
    "redis": "bench.redis.main",
    "book": "bench.book",
    "memory": "bench.memory",
    "api": "bench.api",
    "live": "bench.live",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="|".join(PARTS), help="which tables; all by default")
    parser.add_argument("--pairs", type=int, default=5, help="runs of each side, taken in turn (default 5)")
    parser.add_argument("--words", type=int, default=60_000, help="length of the book (default 60000)")
    options = parser.parse_args()
    for part in options.parts or PARTS:
        import_module(PARTS[part]).main(options.pairs, options.words)


if __name__ == "__main__":
    main()
