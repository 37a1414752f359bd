from __future__ import annotations

import asyncio
import errno
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.audio.sounds import RATE, noise, tone
from tests.audio.test_chapter_sound import encode
from ttsqueue.audio import AudioFormat, Encoder
from ttsqueue.audio.faults import writing_fault
from ttsqueue.errors import AudioError


def only_child() -> psutil.Process:
    (child,) = psutil.Process().children()
    return child


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


async def test_a_child_killed_in_a_chapter_fails_that_chapter_only(encoder: Encoder, out: Path) -> None:
    async def narrate() -> None:
        async with encoder.chapter(out / "first", AudioFormat.M4B, RATE) as chapter:
            await chapter.write(tone(5))
            only_child().kill()
            await chapter.write(tone(5))
            await chapter.finish()

    with pytest.raises(AudioError, match="ended unexpectedly"):
        await narrate()
    assert list(out.iterdir()) == []
    await encode(encoder, out / "second", tone(1))
    assert (out / "second").exists()


async def test_a_child_killed_between_chapters_is_replaced(encoder: Encoder, out: Path) -> None:
    await encode(encoder, out / "first", tone(1))
    only_child().kill()
    await asyncio.sleep(0.2)
    await encode(encoder, out / "second", tone(1))
    assert (out / "second").exists()


async def test_leaving_without_finish_leaves_nothing(encoder: Encoder, out: Path, tmp_path: Path) -> None:
    async with encoder.chapter(out / "chapter", AudioFormat.M4B, RATE) as chapter:
        await chapter.write(tone(5))
    assert list(out.iterdir()) == list((tmp_path / "spool").iterdir()) == []


async def test_cancelling_stops_the_encoding_at_once(encoder: Encoder, out: Path) -> None:
    async def narrate() -> None:
        async with encoder.chapter(out / "chapter", AudioFormat.MP3, RATE) as chapter:
            for _ in range(40):
                await chapter.write(noise(1) * 60)
            await chapter.finish()

    task = asyncio.create_task(narrate())
    await asyncio.to_thread(wait_for, out / "chapter")  # the encoding of 40 minutes has begun
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 0.5
    assert list(out.iterdir()) == []
    assert psutil.Process().children() == []


async def test_chapters_that_fail_together_leave_no_error_that_nobody_reads(out: Path, tmp_path: Path) -> None:
    """The first one cancels the others while they are stopping."""
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context["message"]))

    async def fail(encoder: Encoder, name: str, after: float) -> None:
        async with encoder.chapter(out / name, AudioFormat.M4B, RATE) as chapter:
            await chapter.write(tone(0.1))
            await both_run.wait()
            await asyncio.sleep(after)
            raise AudioError(name)

    async def fail_together(first: Encoder, second: Encoder) -> None:
        async with asyncio.TaskGroup() as chapters:
            chapters.create_task(fail(first, "first", 0.0))
            chapters.create_task(fail(second, "second", 0.001))

    for _ in range(5):
        both_run = asyncio.Barrier(2)
        async with Encoder(tmp_path) as first, Encoder(tmp_path) as second:
            with pytest.raises(ExceptionGroup):
                await fail_together(first, second)
        assert asyncio.all_tasks() == {asyncio.current_task()}
    await asyncio.sleep(0.1)
    gc.collect()
    assert complaints == []
    assert list(out.iterdir()) == []


async def test_the_child_ends_with_its_encoder(tmp_path: Path) -> None:
    async with Encoder(tmp_path) as encoder:
        await encode(encoder, tmp_path / "chapter", tone(1))
        child = only_child()
    assert not child.is_running()


def test_the_child_ends_when_the_worker_is_killed_in_the_middle_of_encoding(out: Path) -> None:
    code = f"""
import asyncio
from pathlib import Path
from ttsqueue.audio import AudioFormat, Encoder

async def main():
    out = Path({str(out)!r})
    async with Encoder(out) as encoder, encoder.chapter(out / "chapter", AudioFormat.MP3, {RATE}) as chapter:
        for _ in range(40):
            await chapter.write(bytes(range(256)) * 10_000)
        await chapter.finish()

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], env={"PYTHONPATH": os.pathsep.join(sys.path)}) as worker:
        wait_for(out / "chapter")
        (child,) = psutil.Process(worker.pid).children()
        worker.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE:  # nobody may be there to bury it
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def test_the_child_has_none_of_our_secrets(encoder: Encoder, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    await encode(encoder, out / "chapter", tone(1))
    assert "OPENAI_API_KEY" not in only_child().environ()
    assert only_child().nice() >= 10


async def test_a_full_disk_is_named(encoder: Encoder, out: Path) -> None:
    (out / "chapter").symlink_to("/dev/full")
    with pytest.raises(AudioError, match=r"disk is full.*Free some space"):
        await encode(encoder, out / "chapter", tone(5))
    assert list(out.iterdir()) == []
    await encode(encoder, out / "chapter", tone(1))


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=316k", "tmpfs", folder], check=True)
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a disk; the next test covers the same path")
async def test_a_disk_that_is_too_full_for_the_spool_is_named_while_pcm_comes(tiny_disk: Path, out: Path) -> None:
    async def narrate_for_ever() -> None:
        async with Encoder(tiny_disk) as encoder, encoder.chapter(out / "chapter", AudioFormat.M4B, RATE) as chapter:
            while True:
                await chapter.write(tone(0.5))

    with pytest.raises(AudioError, match=r"disk is full.*tiny"):
        await asyncio.wait_for(narrate_for_ever(), 30)
    assert list(out.iterdir()) == list(tiny_disk.iterdir()) == []


async def test_a_limit_on_file_sizes_is_named(encoder: Encoder, out: Path) -> None:
    await encode(encoder, out / "first", tone(1))
    only_child().rlimit(psutil.RLIMIT_FSIZE, (200_000, 200_000))
    with pytest.raises(AudioError, match="larger than a file"):
        await encode(encoder, out / "second", tone(20))
    assert [path.name for path in out.iterdir()] == ["first"]


async def test_a_missing_folder_is_named(encoder: Encoder, out: Path) -> None:
    with pytest.raises(AudioError, match="missing does not exist"):
        await encode(encoder, out / "missing" / "chapter", tone(1))


async def test_a_missing_spool_folder_is_named(out: Path) -> None:
    async with Encoder(out / "missing") as encoder:
        with pytest.raises(AudioError, match="missing does not exist"):
            await encode(encoder, out / "chapter", tone(1))


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "The folder /books may not be written to."),
        (errno.EROFS, "The folder /books is read-only."),
        (errno.ENOSPC, "The disk is full: there is no room for sound in /books."),
        (errno.EIO, "The sound could not be written to /books: [Errno 5] Input/output error."),
    ],
)
def test_every_fault_of_the_disk_is_a_sentence(number: int, sentence: str) -> None:
    fault = writing_fault(OSError(number, os.strerror(number)), Path("/books"))
    assert str(fault).startswith(sentence)
