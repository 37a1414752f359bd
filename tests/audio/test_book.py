from __future__ import annotations

import asyncio
import io
import json
import shutil
import subprocess
import time
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from typing import Any

import av
import psutil
import pytest

from tests.audio.sounds import RATE, heard, onset_after, silence, tone
from tests.audio.test_chapter_sound import encode
from ttsqueue.audio import AudioFormat, BookPart, BookTags, Encoder, join_book, prepare_cover
from ttsqueue.errors import AudioError

TAGS = BookTags("Die Möwe 海鷗", author="Ana Ćirić", language="de", comment="spoken by a machine")
MARKED = [AudioFormat.M4B, AudioFormat.MP3, AudioFormat.OPUS, AudioFormat.FLAC]
LENGTHS = (1.0, 2.67, 0.61, 1.0123, 0.75)


async def chapters(encoder: Encoder, out: Path, fmt: AudioFormat, lengths: tuple[float, ...]) -> list[BookPart]:
    """Each begins with 0.1 s of tone; the rest is silence."""
    parts = []
    for number, length in enumerate(lengths):
        path = out / f"{number}{fmt.chapter_suffix}"
        sound = await encode(encoder, path, tone(0.1) + silence(length - 0.1), fmt)
        parts.append(BookPart(path, f"Kapitel {number}: Über 海", sound))
    return parts


def probed(book: Path) -> dict[str, Any]:
    """What ffprobe says, or PyAV in its shape."""
    if shutil.which("ffprobe"):
        command = [
            "ffprobe",
            "-v",
            "error",
            "-show_chapters",
            "-show_format",
            "-show_streams",
            "-of",
            "json",
            str(book),
        ]
        found: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        return found
    with av.open(str(book)) as source:
        marks = [
            {"start_time": mark["start"] * float(mark["time_base"] or 0), "tags": mark["metadata"]}
            for mark in source.chapters()
        ]
        streams = [{"codec_name": stream.codec_context.name, "tags": stream.metadata} for stream in source.streams]
        form = {"duration": (source.duration or 0) / 1e6, "tags": source.metadata}
        return {"chapters": marks, "format": form, "streams": streams}


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_chapters_are_heard_at_their_marks(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    parts = await chapters(encoder, out, fmt, LENGTHS)
    book = await join_book(parts, out / "book", fmt, TAGS)
    samples = heard(out / "book")
    assert [abs(onset_after(samples, start) - start) < 0.005 for start in book.starts] == [True] * len(parts)
    assert book.starts == pytest.approx([0.0, *accumulate(part.sound.duration for part in parts[:-1])])


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_the_duration_is_that_of_the_file(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    parts = await chapters(encoder, out, fmt, LENGTHS)
    book = await join_book(parts, out / "book", fmt, TAGS)
    assert abs(book.duration - len(heard(out / "book")) / RATE) < 0.002
    assert abs(book.duration - float(probed(out / "book")["format"]["duration"])) < 0.1
    assert abs(book.duration - sum(part.sound.duration for part in parts)) < 0.1
    assert book.size == (out / "book").stat().st_size


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_two_hundred_chapters_do_not_drift(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    parts = await chapters(encoder, out, fmt, (0.71, 0.93)) * 100
    book = await join_book(parts, out / "book", fmt, TAGS)
    samples = heard(out / "book")
    assert max(abs(onset_after(samples, start) - start) for start in book.starts) < 0.005
    assert abs(book.duration - len(samples) / RATE) < 0.05


@pytest.mark.parametrize("fmt", MARKED)
async def test_players_see_the_marks(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    parts = await chapters(encoder, out, fmt, LENGTHS)
    book = await join_book(parts, out / "book", fmt, TAGS)
    marks = probed(out / "book")["chapters"]
    assert [mark["tags"]["title"] for mark in marks] == [part.title for part in parts]
    assert [float(mark["start_time"]) for mark in marks] == pytest.approx(book.starts, abs=0.002)


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_players_see_title_and_author(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    await join_book(await chapters(encoder, out, fmt, LENGTHS), out / "book", fmt, TAGS)
    found = probed(out / "book")
    tags = {**found["streams"][0].get("tags", {}), **found["format"].get("tags", {})}
    tags = {key.lower(): value for key, value in tags.items()}
    assert (tags["title"], tags["artist"], tags["comment"]) == (TAGS.title, TAGS.author, TAGS.comment)


@pytest.mark.parametrize("fmt", MARKED)
async def test_the_cover_is_inside_and_moves_no_mark(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    cover = await prepare_cover(picture())
    parts = await chapters(encoder, out, fmt, LENGTHS)
    book = await join_book(parts, out / "book", fmt, TAGS, cover)
    assert "mjpeg" in [stream["codec_name"] for stream in probed(out / "book")["streams"]]
    assert cover in (out / "book").read_bytes() or fmt is AudioFormat.OPUS  # there it is base64
    samples = heard(out / "book")
    assert max(abs(onset_after(samples, start) - start) for start in book.starts) < 0.005


def picture() -> bytes:
    frame = av.VideoFrame(60, 90, "rgb24")
    for plane in frame.planes:
        plane.update(bytes(range(250)) * (plane.buffer_size // 250) + bytes(plane.buffer_size % 250))
    file = io.BytesIO()
    with av.open(file, "w", format="image2pipe") as output:
        stream = output.add_stream("png", rate=1, width=60, height=90, pix_fmt="rgb24")
        output.mux(stream.encode(frame) + stream.encode(None))
    return file.getvalue()


async def test_an_m4b_is_one_for_apple_and_has_its_index_in_front(encoder: Encoder, out: Path) -> None:
    await join_book(await chapters(encoder, out, AudioFormat.M4B, LENGTHS), out / "book", AudioFormat.M4B, TAGS)
    data = (out / "book").read_bytes()
    assert data[4:12] == b"ftypM4B "
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"chpl" in data


@pytest.mark.skipif(shutil.which("mediainfo") is None, reason="a second opinion, where it is installed")
async def test_mediainfo_sees_both_kinds_of_chapters_in_an_m4b(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.M4B, LENGTHS)
    await join_book(parts, out / "book.m4b", AudioFormat.M4B, TAGS, await prepare_cover(picture()))
    command = ["mediainfo", "--Inform=General;%MenuCount%|%Cover%|%Title%", str(out / "book.m4b")]
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == f"2|Yes|{TAGS.title}"


@pytest.mark.parametrize(
    ("count", "tags"),
    [(1500, BookTags("題")), (1, BookTags("題" * 2000, author="者" * 2000, comment="言" * 20_000))],
)
async def test_a_huge_index_fits_in_the_room_kept_free(encoder: Encoder, out: Path, count: int, tags: BookTags) -> None:
    (part,) = await chapters(encoder, out, AudioFormat.M4B, (0.5,))
    parts = [replace(part, title="漢" * 300)] * count
    await join_book(parts, out / "book", AudioFormat.M4B, tags, await prepare_cover(picture()))
    found = probed(out / "book")
    assert found["format"]["tags"]["title"] == tags.title
    assert [mark["tags"]["title"] for mark in found["chapters"]] == ["漢" * 85] * count  # 255 bytes


async def test_a_flac_book_has_every_sample_of_its_chapters(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.FLAC, LENGTHS)
    await join_book(parts, out / "book", AudioFormat.FLAC, TAGS)
    together = b"".join(heard(part.path).tobytes() for part in parts)
    assert heard(out / "book").tobytes() == together


async def test_a_wav_book_is_ready_to_grow_beyond_4_gb(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.WAV, LENGTHS)
    await join_book(parts, out / "book", AudioFormat.WAV, TAGS)
    assert (out / "book").read_bytes()[12:16] == b"JUNK"  # becomes the 64-bit sizes of RF64


async def test_progress_rises_to_one(encoder: Encoder, out: Path) -> None:
    seen: list[float] = []
    parts = await chapters(encoder, out, AudioFormat.M4B, LENGTHS)
    await join_book(parts, out / "book", AudioFormat.M4B, TAGS, on_progress=seen.append)
    assert seen == [0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize("fmt", AudioFormat)
async def test_a_truncated_part_is_named(encoder: Encoder, out: Path, fmt: AudioFormat) -> None:
    parts = await chapters(encoder, out, fmt, LENGTHS)
    data = parts[2].path.read_bytes()
    parts[2].path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(AudioError, match=r"Kapitel 2.* is incomplete"):
        await join_book(parts, out / "book", fmt, TAGS)
    assert not (out / "book").exists()


@pytest.mark.parametrize("fmt", [AudioFormat.MP3, AudioFormat.OPUS, AudioFormat.FLAC])
async def test_a_part_of_the_right_size_with_too_little_sound_is_named(
    encoder: Encoder, out: Path, fmt: AudioFormat
) -> None:
    parts = await chapters(encoder, out, fmt, LENGTHS)
    size = parts[2].sound.size
    data = parts[2].path.read_bytes()[: size * 2 // 3]
    parts[2].path.write_bytes(data + bytes(size - len(data)))
    with pytest.raises(AudioError, match=r"Kapitel 2.* is (incomplete|damaged)"):
        await join_book(parts, out / "book", fmt, TAGS)
    assert not (out / "book").exists()


async def test_a_missing_part_is_named(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.M4B, LENGTHS)
    parts[1].path.unlink()
    with pytest.raises(AudioError, match=r"Kapitel 1.* is missing"):
        await join_book(parts, out / "book", AudioFormat.M4B, TAGS)


async def test_parts_of_two_rates_are_refused(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.M4B, (1.0,))
    sound = await encode(encoder, out / "other", tone(1, rate=24000), AudioFormat.M4B, 24000)
    with pytest.raises(AudioError, match="'Other' has 24000 Hz and the first one 22050 Hz"):
        await join_book([*parts, BookPart(out / "other", "Other", sound)], out / "book", AudioFormat.M4B, TAGS)


async def test_no_parts_are_refused(out: Path) -> None:
    with pytest.raises(AudioError, match="at least one chapter"):
        await join_book([], out / "book", AudioFormat.M4B, TAGS)


async def test_a_disk_too_full_for_the_book_is_named(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.WAV, LENGTHS)
    (out / "book").symlink_to("/dev/full")
    with pytest.raises(AudioError, match="disk is full"):
        await join_book(parts, out / "book", AudioFormat.WAV, TAGS)
    assert not (out / "book").is_symlink()


async def test_cancelling_stops_the_joining_at_once(encoder: Encoder, out: Path) -> None:
    parts = await chapters(encoder, out, AudioFormat.FLAC, (20.0,)) * 300
    heard_of = asyncio.Event()
    task = asyncio.create_task(
        join_book(parts, out / "book", AudioFormat.FLAC, TAGS, on_progress=lambda _: heard_of.set())
    )
    await heard_of.wait()
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 0.5
    assert not (out / "book").exists()
    assert len(psutil.Process().children()) == 1  # the encoder's
