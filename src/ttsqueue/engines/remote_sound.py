"""What came from a TTS server, as sound. It is read from memory, and nothing about it is guessed."""

from __future__ import annotations

from ttsqueue.engines.packed_sound import format_in_type, is_noise, packed_format
from ttsqueue.engines.server_errors import BadSound, Refused, ServerAway
from ttsqueue.engines.sound_check import longest_seconds
from ttsqueue.engines.wav import Wav, is_wav, read_wav

_MOST_BYTES_PER_SECOND = 48_000
"""Of mono at 24 kHz; of a richer format it is still many times what speech takes."""


def most_bytes(text: str) -> int:
    """More than this no voice needs for the text."""
    return int(longest_seconds(text) * _MOST_BYTES_PER_SECOND) + 1024


def pcm_of(answer: bytes, content_type: str, pcm_rate: int | None, wanted_rate: int, tempo: float) -> bytes:
    """Mono PCM at `wanted_rate`. `pcm_rate` is that of PCM without a header; None where only WAV can be right.

    Raises BadSound, Refused, and ServerAway when the sound breaks off.
    """
    if is_wav(answer):
        wav = _whole_wav(answer)
        return _fitted(wav.pcm, wav.rate, wanted_rate, wav.channels, tempo)
    if pcm_rate is None:
        if not answer:
            return b""
        other = packed_format(answer) or format_in_type(content_type) or "something else"
        raise Refused(f"it answers with {other}, and not with WAV")
    _check_pcm(answer, content_type)
    return _fitted(answer[: len(answer) // 2 * 2], pcm_rate, wanted_rate, 1, tempo)


def _whole_wav(answer: bytes) -> Wav:
    try:
        wav = read_wav(answer)
    except ValueError as error:
        raise BadSound(str(error)) from None
    if not wav.is_whole:
        raise ServerAway("its sound breaks off")
    return wav


def _check_pcm(answer: bytes, content_type: str) -> None:
    """A format whose name is known comes back each time; noise without a name may be a voice gone wrong."""
    noise = is_noise(answer)
    if name := packed_format(answer) or (format_in_type(content_type) if noise else None):
        raise Refused(f'it answers with {name}; set response_format = "wav" in servers.toml')
    if noise:
        raise BadSound("it is noise")


def _fitted(pcm: bytes, rate: int, wanted_rate: int, channels: int, tempo: float) -> bytes:
    if rate == wanted_rate and channels == 1 and tempo == 1.0:
        return pcm
    from ttsqueue.engines.sound_fitting import fitted  # FFmpeg, which most servers' sound does not need

    return fitted(pcm, rate, wanted_rate, channels=channels, tempo=tempo)
