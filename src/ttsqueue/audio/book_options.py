"""Settings of the container that depend on what goes into it."""

from __future__ import annotations

from dataclasses import astuple

from ttsqueue.audio.coding import CODINGS
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.marks import Marks
from ttsqueue.audio.sound import BookTags

_AAC_PACKET = 1024  # samples
_MOST_BYTES_PER_CHARACTER = 4


def book_options(fmt: AudioFormat, marks: Marks, tags: BookTags, cover: bytes) -> dict[str, str]:
    """What libav's muxer is told. An M4B gets free room for its index at the start, where players on the web
    need it: moving the index there afterwards would write the whole book twice."""
    options = dict(CODINGS[fmt].book_options)
    if fmt is AudioFormat.M4B:
        options["moov_size"] = str(_index_room(marks, tags, cover))
    return options


def _index_room(marks: Marks, tags: BookTags, cover: bytes) -> int:
    """Bytes, generously: 4 per packet, two lists of titles of at most 255 bytes, the tags twice and the cover."""
    text = 2 * _MOST_BYTES_PER_CHARACTER * sum(map(len, astuple(tags)))
    return 5 * (marks.end // _AAC_PACKET) + 1024 * len(marks.starts) + text + len(cover) + 65_536
