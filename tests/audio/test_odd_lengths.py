"""A chapter may end anywhere in a packet, also a sample or two into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.audio.sounds import RATE
from tests.audio.test_chapter_sound import encode
from ttsqueue.audio import AudioFormat, BookPart, BookTags, Encoder, join_book

PACKET = 1024


@pytest.mark.parametrize("fmt", [AudioFormat.M4B, AudioFormat.MP3, AudioFormat.OPUS])
async def test_a_chapter_that_ends_just_inside_a_packet_is_joined_whole(
    encoder: Encoder, out: Path, fmt: AudioFormat
) -> None:
    parts = []
    for number in range(24):
        samples = (20 + number) * PACKET + 1 + number % 8
        path = out / f"{number}{fmt.chapter_suffix}"
        sound = await encode(encoder, path, b"\x10\x20" * samples, fmt)
        parts.append(BookPart(path, f"Chapter {number + 1}", sound))
    book = await join_book(parts, out / f"book{fmt.book_suffix}", fmt, BookTags("Odd lengths"))
    assert book.duration == pytest.approx(sum(part.sound.duration for part in parts), abs=2 * PACKET / RATE)
