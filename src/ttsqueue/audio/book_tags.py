"""What a book says about itself, in the words of each container."""

from __future__ import annotations

import base64
import struct
from fractions import Fraction
from typing import TYPE_CHECKING

from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.marks import Marks
from ttsqueue.audio.sound import BookTags

if TYPE_CHECKING:
    from av.container.core import Chapter

_LONGEST_TITLE = 255  # bytes: the M4B chapter list counts with one byte
_FRONT_COVER = 3
_AUDIOBOOK = "2"  # how Apple's players tell a book from music


def metadata(fmt: AudioFormat, tags: BookTags) -> dict[str, str]:
    """Keys as libav names them; it translates them for each container."""
    found = {
        "title": tags.title,
        "album": tags.title,
        "artist": tags.author,
        "album_artist": tags.author,
        "language": tags.language,
        "comment": tags.comment,
        "genre": "Audiobook",
        "media_type": _AUDIOBOOK if fmt is AudioFormat.M4B else "",
    }
    return {key: value for key, value in found.items() if value}


def chapter_marks(marks: Marks) -> list[Chapter]:
    """One mark per chapter, each ending where the next one starts."""
    ends = [*marks.starts[1:], marks.end]
    return [
        {
            "id": number,
            "start": start,
            "end": end,
            "time_base": Fraction(1, marks.clock),
            "metadata": {"title": _shortened(title)},
        }
        for number, (title, start, end) in enumerate(zip(marks.titles, marks.starts, ends, strict=True))
    ]


def chapter_comments(marks: Marks) -> dict[str, str]:
    """Marks as Vorbis comments, the form that players of FLAC and Opus read."""
    comments = {}
    for number, (title, start) in enumerate(zip(marks.titles, marks.seconds, strict=True)):
        comments[f"CHAPTER{number:03d}"] = _clock_time(start)
        comments[f"CHAPTER{number:03d}NAME"] = title
    return comments


def _clock_time(seconds: float) -> str:
    minutes, milliseconds = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}.{milliseconds % 1000:03d}"


def picture_comment(jpeg: bytes) -> dict[str, str]:
    """A cover as Vorbis comment, the only way into Opus."""
    mime = b"image/jpeg"
    head = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    # No description; width, height, depth and colours may be 0: players look into the picture.
    block = head + bytes(4) + bytes(16) + struct.pack(">I", len(jpeg)) + jpeg
    return {"METADATA_BLOCK_PICTURE": base64.b64encode(block).decode()}


def _shortened(title: str) -> str:
    return title.encode()[:_LONGEST_TITLE].decode(errors="ignore")
