"""Small books of our own."""

from __future__ import annotations

from pathlib import Path

SENTENCE = "The keeper climbed ninety-nine stairs, lit the lamp, and wrote down what the sea had said. "
HEAD = "---\ntitle: {}\nauthor: {}\nlanguage: {}\n---\n\n"


def write_book(
    folder: Path,
    title: str = "The Lighthouse at Noon",
    author: str = "Ada Keeper",
    chapters: int = 3,
    sentences: int = 1,
    language: str = "en",
) -> Path:
    """A Markdown book; one sentence takes about five seconds to speak."""
    text = "".join(f"# Part {number}\n\n{SENTENCE * sentences}\n\n" for number in range(1, chapters + 1))
    path = folder / f"{title}.md"
    path.write_text(HEAD.format(title, author, language) + text)
    return path
