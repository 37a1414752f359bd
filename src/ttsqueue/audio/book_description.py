"""Title, author, cover and chapter marks, put where each container keeps them."""

from __future__ import annotations

import io

import av
from av import Packet
from av.container import OutputContainer
from av.stream import Disposition

from ttsqueue.audio.book_tags import chapter_comments, chapter_marks, metadata, picture_comment
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.marks import Marks
from ttsqueue.audio.sound import BookTags

# libav writes no chapters to FLAC, and those of Opus up to half a second late: it rounds the seconds.
_COMMENTS = {AudioFormat.FLAC, AudioFormat.OPUS}
_PICTURE_STREAM = {AudioFormat.M4B, AudioFormat.MP3, AudioFormat.FLAC}


def describe(output: OutputContainer, fmt: AudioFormat, tags: BookTags, marks: Marks, cover: bytes | None) -> None:
    """Before the first sound, after the sound's stream was added. WAV knows neither marks nor cover."""
    output.metadata.update(metadata(fmt, tags))
    if fmt in _COMMENTS:
        output.metadata.update(chapter_comments(marks))
    elif fmt is not AudioFormat.WAV:
        output.set_chapters(chapter_marks(marks))
    if cover and fmt is AudioFormat.OPUS:
        output.metadata.update(picture_comment(cover))
    if cover and fmt in _PICTURE_STREAM:
        _add_picture(output, cover)


def _add_picture(output: OutputContainer, jpeg: bytes) -> None:
    with av.open(io.BytesIO(jpeg), "r", format="jpeg_pipe") as source:
        stream = output.add_stream_from_template(source.streams.video[0])
    stream.disposition = Disposition.attached_pic
    packet = Packet(jpeg)
    packet.stream = stream
    packet.pts = packet.dts = 0
    packet.is_keyframe = True
    output.mux_one(packet)
