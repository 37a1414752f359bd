from __future__ import annotations

from pathlib import Path

import click
import pytest

from ttsqueue.cli.destination import Destination, audio_format, destination


def test_without_a_destination_it_is_the_current_folder() -> None:
    assert destination(None, books=1) == Destination(Path())


@pytest.mark.parametrize("out", ["books", "books/", "new.books/"])
def test_a_name_without_suffix_or_with_a_slash_is_a_folder(out: str) -> None:
    assert destination(out, books=2) == Destination(Path(out))


def test_a_folder_that_is_there_is_a_folder_whatever_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "Vol.1"
    folder.mkdir()
    assert destination(str(folder), books=1) == Destination(folder)


def test_a_name_with_a_suffix_is_a_file_and_chooses_the_format() -> None:
    where = destination("books/fog.MP3", books=1)
    assert where == Destination(Path("books"), "fog.MP3")
    assert audio_format(None, where) == "mp3"


def test_several_books_do_not_fit_into_one_file() -> None:
    with pytest.raises(click.UsageError, match="Several books need a folder"):
        destination("fog.m4b", books=2)


def test_a_suffix_that_is_no_format_is_refused() -> None:
    with pytest.raises(click.UsageError, match=r"should end in one of \.m4b, \.mp3"):
        audio_format(None, destination("fog.m4a", books=1))


def test_a_format_that_the_file_name_denies_is_refused() -> None:
    with pytest.raises(click.UsageError, match="does not fit --format opus"):
        audio_format("opus", destination("fog.mp3", books=1))


def test_without_any_wish_the_format_is_m4b() -> None:
    assert audio_format(None, destination("books", books=1)) == "m4b"
    assert audio_format("wav", destination("books", books=1)) == "wav"
