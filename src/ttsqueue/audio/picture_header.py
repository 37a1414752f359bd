"""How large a picture says it is, read before anything is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ttsqueue.errors import AudioError

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_NOT_FRAMES = {0xC4, 0xC8, 0xCC}  # tables that lie among the numbers of the frame markers
_BARE = {0x01, *range(0xD0, 0xD8)}  # markers without a length


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """`codec` is libav's name for the decoder; sizes in pixels."""

    codec: str
    width: int
    height: int


def read_header(data: bytes) -> PictureHeader:
    """AudioError unless `data` begins like a JPEG or PNG picture."""
    try:
        if data.startswith(_PNG):
            return PictureHeader("png", *struct.unpack_from(">II", data, 16))
        if data.startswith(_JPEG):
            return _jpeg(data)
    except (struct.error, IndexError):
        raise AudioError("The cover is damaged; choose another picture.") from None
    raise AudioError("The cover is neither a JPEG nor a PNG picture; choose one of these.")


def _jpeg(data: bytes) -> PictureHeader:
    position = 2
    while True:
        marker = data[position + 1]
        if marker == 0xFF:  # filling
            position += 1
        elif marker in _BARE:
            position += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NOT_FRAMES:
            height, width = struct.unpack_from(">HH", data, position + 5)
            return PictureHeader("mjpeg", width, height)
        else:
            position += 2 + int(struct.unpack_from(">H", data, position + 2)[0])
