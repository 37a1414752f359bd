"""The file in which Redis writes down what it did, as it does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tests.redis_server import Server


@dataclass(frozen=True, slots=True)
class Command:
    """Where it begins in the file, and its words."""

    start: int
    words: tuple[bytes, ...]


def file_of(server: Server) -> Path:
    """Redis 7 keeps what was done since the last rewriting in a file of its own."""
    (found,) = [*server.folder.glob("appendonlydir/*.incr.aof"), *server.folder.glob("appendonly.aof")]
    return found


def commands(content: bytes, start: int) -> list[Command]:
    """What was written from `start` on."""
    found = []
    while start < len(content):
        number, at = _number(content, start, b"*")
        words = []
        for _ in range(number):
            length, at = _number(content, at, b"$")
            words.append(content[at : at + length])
            at += length + len(b"\r\n")
        found.append(Command(start, tuple(words)))
        start = at
    return found


def _number(content: bytes, at: int, mark: bytes) -> tuple[int, int]:
    """The number behind the mark, and where its line ends."""
    end = content.index(b"\r\n", at)
    assert content[at : at + 1] == mark
    return int(content[at + 1 : end]), end + len(b"\r\n")
