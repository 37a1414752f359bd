from __future__ import annotations

from pathlib import Path

import pytest

from .books import SENTENCE, write_book
from .program import Program

CHARACTERS = len(f"Part 1\n\n{SENTENCE.strip()}")


def test_the_json_of_a_dry_run_has_this_shape_and_no_other(ttsqueue: Program, here: Path) -> None:
    book = ttsqueue("speak", write_book(here, chapters=2), "--dry-run", "--json").json
    seconds = [chapter.pop("estimatedSeconds") for chapter in book["chapters"]]
    assert book.pop("estimatedSeconds") == pytest.approx(sum(seconds), abs=0.2)
    assert book == {
        "title": "The Lighthouse at Noon",
        "author": "Ada Keeper",
        "language": "en",
        "chapters": [{"title": f"Part {number}", "characters": CHARACTERS} for number in (1, 2)],
        "voiceId": "espeak:en-us",
        "characters": 2 * CHARACTERS,
        "calls": 2,
        "estimatedCost": None,
        "costUnknown": None,
    }
    assert all(2 < second < 20 for second in seconds)


def test_a_dry_run_stores_nothing(ttsqueue: Program, here: Path) -> None:
    ttsqueue("speak", write_book(here), "--dry-run")
    assert not ttsqueue.data.exists()
    assert [entry.suffix for entry in here.iterdir()] == [".md"]


def test_a_person_sees_chapters_characters_and_length(ttsqueue: Program, here: Path) -> None:
    lines = ttsqueue("speak", write_book(here), "--dry-run").out.splitlines()
    assert lines[0] == "The Lighthouse at Noon, Ada Keeper, en"
    assert lines[2].split()[:4] == ["1", "Part", "1", str(CHARACTERS)]
    assert lines[-1].startswith("3 chapters, about ")


def test_several_books_are_one_object_per_line(ttsqueue: Program, here: Path) -> None:
    broken = here / "broken.epub"
    broken.write_bytes(b"PK\x03\x04 not a book")
    ended = ttsqueue("speak", write_book(here), broken, write_book(here, "Fog"), "--dry-run", "--json", code=1)
    assert [book["title"] for book in ended.json_lines] == ["The Lighthouse at Noon", "Fog"]
    assert ended.err.startswith("broken.epub: ")


@pytest.mark.parametrize(("chapters", "titles"), [("2-", ["Part 2", "Part 3"]), ("1,3", ["Part 1", "Part 3"])])
def test_chapters_are_chosen_by_their_numbers(ttsqueue: Program, here: Path, chapters: str, titles: list[str]) -> None:
    book = ttsqueue("speak", write_book(here), "--dry-run", "--json", "--chapters", chapters).json
    assert [chapter["title"] for chapter in book["chapters"]] == titles


def test_a_faster_voice_takes_less_time_and_another_language_is_believed(ttsqueue: Program, here: Path) -> None:
    def book(*options: str) -> tuple[str, float]:
        answer = ttsqueue("speak", write_book(here), "--dry-run", "--json", *options).json
        return answer["language"], sum(chapter["estimatedSeconds"] for chapter in answer["chapters"])

    language, seconds = book("--speed", "2", "--language", "en-GB")
    assert language == "en-GB"
    assert seconds == pytest.approx(book()[1] / 2, rel=0.1)


def test_what_a_voice_costs_is_told_before_anything_is_spoken(ttsqueue: Program, here: Path) -> None:
    servers = here / "servers.toml"
    server = 'name = "attic"\nengine = "openai"\nurl = "http://127.0.0.1:9/v1"\nvoices = ["bella"]\n'
    servers.write_text(f"[[server]]\n{server}price_per_million_characters = 15\n")
    ttsqueue.variables["TTSQUEUE_SERVERS"] = str(servers)
    told = ttsqueue("speak", write_book(here), "--dry-run", "--voice", "openai:bella").out.splitlines()[-1]
    assert told.startswith(f"openai:bella: about 3 calls with {3 * CHARACTERS:,} characters, about 0.0")
    book = ttsqueue("speak", write_book(here), "--dry-run", "--json", "--voice", "openai:bella").json
    assert book["estimatedCost"] == pytest.approx(3 * CHARACTERS * 15 / 1_000_000, rel=0.001)
    assert not ttsqueue.data.exists()


def test_a_price_that_is_missing_is_named_before_anything_is_spoken(ttsqueue: Program, here: Path) -> None:
    servers = here / "servers.toml"
    server = 'name = "rented"\nengine = "openai"\nurl = "http://127.0.0.1:9/v1"\nvoices = ["nova"]\n'
    servers.write_text(f'[[server]]\n{server}api_key_env = "RENTED_KEY"\n')
    ttsqueue.variables.update(TTSQUEUE_SERVERS=str(servers), RENTED_KEY="sk-1")
    book = write_book(here)
    told = ttsqueue("speak", book, "--dry-run", "--voice", "openai:nova").out.splitlines()[-1]
    assert "about 3 calls" in told
    assert "The TTS server rented may cost money" in told
    assert "price_per_million_characters" in told
    told = ttsqueue("speak", book, "--dry-run", "--json", "--voice", "openai:nova").json
    assert told["estimatedCost"] is None
    assert "price_per_million_characters" in told["costUnknown"]


def test_a_voice_that_is_not_there_is_told_before_anything_is_spoken(ttsqueue: Program, here: Path) -> None:
    assert "There is no voice" in ttsqueue("speak", write_book(here), "--dry-run", "--voice", "nobody", code=1).err
