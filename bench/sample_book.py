"""A book of any length: plain sentences from a small vocabulary, the same for every run."""

from __future__ import annotations

import random
from pathlib import Path

SUBJECTS = ["The keeper", "A tall woman", "The youngest sailor", "My grandfather", "The boy", "Nobody in town"]
VERBS = ["carried", "forgot", "painted", "remembered", "repaired", "followed", "counted", "described"]
OBJECTS = ["the old lantern", "a letter from the north", "seven silver buttons", "the broken clock", "a map of the bay"]
ENDINGS = ["before the tide came in", "without a word", "as planned", "until the bells rang", "that winter"]


def chapters(words: int, count: int = 40) -> list[str]:
    """`count` texts of about `words / count` words each, in paragraphs."""
    chance = random.Random(7)
    return [_chapter(chance, words // count) for _ in range(count)]


def write_markdown(folder: Path, words: int, count: int = 40) -> Path:
    """The same texts as one Markdown book."""
    path = folder / "bench.md"
    parts = [f"# Chapter {number}\n\n{text}\n" for number, text in enumerate(chapters(words, count), 1)]
    path.write_text("\n".join(parts))
    return path


def _chapter(chance: random.Random, words: int) -> str:
    sentences: list[str] = []
    length = 0
    while length < words:
        sentence = " ".join(chance.choice(part) for part in (SUBJECTS, VERBS, OBJECTS, ENDINGS)) + "."
        sentences.append(sentence)
        length += len(sentence.split())
    return "\n\n".join(" ".join(sentences[start : start + 6]) for start in range(0, len(sentences), 6))
