from __future__ import annotations

import errno
import resource
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from ttsqueue.cli.delivery import deliver
from ttsqueue.cli.destination import CannotDeliver, Destination

MEGABYTE = 1 << 20


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    path = tmp_path / "sound.m4b"
    path.write_bytes(b"x" * MEGABYTE)
    return path


@pytest.fixture
def where(tmp_path: Path) -> Destination:
    return Destination(tmp_path / "out" / "deep")


def test_a_file_arrives_whole_and_alone(sound: Path, where: Destination) -> None:
    file = deliver(sound, where, "Fog.m4b")
    assert file == where.folder / "Fog.m4b"
    assert file.read_bytes() == sound.read_bytes()
    assert list(where.folder.iterdir()) == [file]


def test_delivering_twice_makes_one_file(sound: Path, where: Destination) -> None:
    assert deliver(sound, where, "Fog.m4b") == deliver(sound, where, "Fog.m4b")
    assert len(list(where.folder.iterdir())) == 1


def test_another_books_file_is_never_overwritten(sound: Path, where: Destination) -> None:
    where.folder.mkdir(parents=True)
    other = where.folder / "Fog.m4b"
    other.write_bytes(b"another")
    assert deliver(sound, where, "Fog.m4b").name == "Fog (2).m4b"
    assert other.read_bytes() == b"another"
    assert deliver(sound, where, "Fog.m4b").name == "Fog (2).m4b"


def test_a_folder_of_that_name_stands_in_nobodys_way(sound: Path, where: Destination) -> None:
    (where.folder / "Fog.m4b").mkdir(parents=True)
    assert deliver(sound, where, "Fog.m4b").name == "Fog (2).m4b"


def test_a_link_that_leads_nowhere_is_not_followed(sound: Path, where: Destination) -> None:
    where.folder.mkdir(parents=True)
    (where.folder / "Fog.m4b").symlink_to(where.folder / "gone")
    assert deliver(sound, where, "Fog.m4b").name == "Fog (2).m4b"


@pytest.fixture
def memory_card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file system without hard links, as FAT and exFAT are, cannot be mounted everywhere."""

    def refuse(target: Path, _: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", target)

    monkeypatch.setattr(Path, "hardlink_to", refuse)


@pytest.mark.usefixtures("memory_card")
def test_two_books_of_one_name_that_are_copied_to_a_memory_card_at_once_both_arrive(
    tmp_path: Path, where: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    sounds = [tmp_path / "one.m4b", tmp_path / "other.m4b"]
    for path in sounds:
        path.write_bytes(path.stem.encode() * 1000)
    both_copied, copy = Barrier(2, timeout=10), shutil.copyfileobj

    def copy_beside_the_other(*arguments: Any) -> None:
        copy(*arguments)
        both_copied.wait()

    monkeypatch.setattr(shutil, "copyfileobj", copy_beside_the_other)
    with ThreadPoolExecutor() as threads:
        files = list(threads.map(lambda sound: deliver(sound, where, "Fog.m4b"), sounds))
    assert sorted(file.name for file in files) == ["Fog (2).m4b", "Fog.m4b"]
    assert [file.read_bytes() for file in files] == [sound.read_bytes() for sound in sounds]
    assert len(list(where.folder.iterdir())) == 2


@pytest.mark.usefixtures("memory_card")
def test_a_name_that_was_reserved_on_a_memory_card_is_free_again_when_the_file_cannot_have_it(
    sound: Path, where: Destination, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(draft: Path, _: Path) -> None:
        raise OSError(errno.EIO, "Input/output error", draft)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(CannotDeliver, match="Input/output error"):
        deliver(sound, where, "Fog.m4b")
    assert list(where.folder.iterdir()) == []


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk feels like: a write that stops half-way."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_nothing_half_written(sound: Path, where: Destination) -> None:
    with no_file_larger_than(MEGABYTE // 2), pytest.raises(CannotDeliver, match="kept in the data folder"):
        deliver(sound, where, "Fog.m4b")
    assert list(where.folder.iterdir()) == []


def test_a_file_in_place_of_the_folder_is_told_in_one_sentence(sound: Path, tmp_path: Path) -> None:
    with pytest.raises(CannotDeliver, match="the same command delivers it without speaking again"):
        deliver(sound, Destination(sound), "Fog.m4b")


def test_a_folder_that_cannot_be_written_is_found_before_anything_starts() -> None:
    with pytest.raises(CannotDeliver, match="Nothing was started"):
        Destination(Path("/proc/books")).check()
