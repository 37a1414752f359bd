from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttsqueue.filename import MAX_BYTES, book_file_name, numbered

ANYTHING = st.text(max_size=400)
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}


@given(ANYTHING, ANYTHING, st.sampled_from(["m4b", "mp3", "opus", "flac", "wav"]), st.integers(1, 9999))
def test_any_title_makes_a_name_that_every_file_system_takes(title: str, author: str, suffix: str, number: int) -> None:
    name = numbered(book_file_name(title, author, suffix), number)
    assert len(name.encode()) <= MAX_BYTES
    assert Path(name).name == name
    assert Path(name).suffix == f".{suffix}"
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in name)
    assert name[0] not in ".- "
    assert name.partition(".")[0].strip().lower() not in DEVICES
    assert not name.removesuffix(f".{suffix}").endswith((" ", "."))


@given(title=ANYTHING, author=ANYTHING)
def test_a_name_can_really_be_written(title: str, author: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.getbasetemp()
    file = folder / book_file_name(title, author, "m4b")
    file.write_bytes(b"")
    assert file.name in {entry.name for entry in folder.iterdir()}
    file.unlink()


@pytest.mark.parametrize(
    ("title", "author", "name"),
    [
        ("The Lighthouse at Noon", "Ada Keeper", "Ada Keeper - The Lighthouse at Noon.m4b"),
        ("Nobody's", "", "Nobody's.m4b"),
        ("", "", "Audiobook.m4b"),
        ("...", " ", "Audiobook.m4b"),
        ("AC/DC: who?", "", "AC-DC- who-.m4b"),
        ("Two\nlines\x1b[2J", "", "Two lines[2J.m4b"),
        ("con", "", "Book con.m4b"),
        ("LPT¹.txt", "", "Book LPT¹.txt.m4b"),
        ("-rf", "", "rf.m4b"),
        (".profile", "", "profile.m4b"),
        ("Etc...", "", "Etc.m4b"),
        ("\u202egnp.exe", "", "gnp.exe.m4b"),
        ("क्\u200dष", "", "क्\u200dष.m4b"),
    ],
)
def test_a_title_is_still_to_be_read_in_the_name(title: str, author: str, name: str) -> None:
    assert book_file_name(title, author, "m4b") == name


def test_a_number_goes_before_the_suffix() -> None:
    assert numbered("Vol. 1.m4b", 2) == "Vol. 1 (2).m4b"
