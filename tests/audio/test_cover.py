from __future__ import annotations

import struct
import zlib

import av
import psutil
import pytest

from tests.audio.test_book import picture
from ttsqueue.audio import prepare_cover
from ttsqueue.audio.picture_header import PictureHeader, read_header
from ttsqueue.errors import AudioError


def png(width: int, height: int) -> bytes:
    """All black, however large: zeros pack well."""
    rows = zlib.compressobj()
    row = bytes(1 + 3 * width)
    packed = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", packed), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def size_of(jpeg: bytes) -> tuple[int, int]:
    (frame,) = av.VideoCodecContext.create("mjpeg", "r").decode(av.Packet(jpeg))
    return frame.width, frame.height


@pytest.mark.parametrize(
    ("before", "after"), [((60, 90), (60, 90)), ((2800, 700), (1400, 350)), ((3000, 2), (1400, 1)), ((1, 1), (1, 1))]
)
async def test_covers_become_jpeg_of_at_most_1400_pixels(before: tuple[int, int], after: tuple[int, int]) -> None:
    cover = await prepare_cover(png(*before))
    assert cover.startswith(b"\xff\xd8\xff")
    assert size_of(cover) == after


async def test_a_jpeg_cover_is_encoded_anew() -> None:
    jpeg = await prepare_cover(picture())
    hidden = jpeg + b"<script>not a picture</script>"
    again = await prepare_cover(hidden)
    assert size_of(again) == (60, 90)
    assert b"script" not in again


async def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(AudioError, match="60000 x 60000 pixels"):
        await prepare_cover(png(60000, 1)[:16] + struct.pack(">II", 60000, 60000) + bytes(1000))


async def test_a_jpeg_that_grows_after_its_header_is_refused() -> None:
    jpeg = await prepare_cover(picture())
    frame = jpeg.index(b"\xff\xc0")
    larger = bytearray(jpeg)
    struct.pack_into(">HH", larger, frame + 5, 60000, 60000)
    second = bytes(larger[frame:])
    assert read_header(jpeg[:frame] + jpeg[frame : frame + 19] + second) == PictureHeader("mjpeg", 60, 90)
    with pytest.raises(AudioError):
        await prepare_cover(jpeg[:frame] + jpeg[frame : frame + 19] + second)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "neither a JPEG nor a PNG"),
        (b"GIF89a" + bytes(100), "neither a JPEG nor a PNG"),
        (b"#EXTM3U\nfile:///etc/passwd\n", "neither a JPEG nor a PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither a JPEG nor a PNG"),
        (b"\xff\xd8\xff", "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x00" * 100, "damaged"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (png(60, 90)[:60], "damaged"),
        (png(60, 90)[:16] + bytes(8) + png(60, 90)[24:], "0 x 0 pixels"),
    ],
)
async def test_whatever_is_no_whole_picture_gets_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(AudioError, match=sentence):
        await prepare_cover(data)
    assert psutil.Process().children() == []
