"""What came from a TTS server, as sound. It is read from memory, and nothing about it is guessed."""

from __future__ import annotations

from ttsqueue.engines.server_errors import BadSound, Refused
from ttsqueue.engines.sound_check import longest_seconds
from ttsqueue.engines.wav import is_wav, read_wav

_MOST_BYTES_PER_SECOND = 48_000
"""Of mono at 24 kHz; of a richer format it is still many times what speech takes."""
_OTHER_FORMATS = {
    b"ID3": "MP3", b"\xff\xfb": "MP3", b"\xff\xf3": "MP3", b"\xff\xf2": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC",
}  # fmt: skip


def most_bytes(text: str) -> int:
    """More than this no voice needs for the text."""
    return int(longest_seconds(text) * _MOST_BYTES_PER_SECOND) + 1024


def pcm_of(answer: bytes, content_type: str, pcm_rate: int, wanted_rate: int, tempo: float) -> bytes:
    """Mono PCM at `wanted_rate`. Raises BadSound and Refused."""
    if is_wav(answer):
        try:
            wav = read_wav(answer)
        except ValueError as error:
            raise BadSound(str(error)) from None
        return _fitted(wav.pcm, wav.rate, wanted_rate, wav.channels, tempo)
    if "mpeg" in content_type or "ogg" in content_type or "flac" in content_type:
        for beginning, name in _OTHER_FORMATS.items():
            if answer.startswith(beginning):
                raise Refused(f'it answers with {name}; set response_format = "wav" in servers.toml')
    return _fitted(answer[: len(answer) // 2 * 2], pcm_rate, wanted_rate, 1, tempo)


def _fitted(pcm: bytes, rate: int, wanted_rate: int, channels: int, tempo: float) -> bytes:
    if rate == wanted_rate and channels == 1 and tempo == 1.0:
        return pcm
    from ttsqueue.engines.sound_fitting import fitted  # FFmpeg, which most servers' sound does not need

    return fitted(pcm, rate, wanted_rate, channels=channels, tempo=tempo)
