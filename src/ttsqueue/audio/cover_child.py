"""The process that reads one cover: `python -m ttsqueue.audio.cover_child`."""

from __future__ import annotations

import resource
from contextlib import suppress

from ttsqueue.audio.cover import clean_cover
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.parent import Parent
from ttsqueue.errors import AudioError

_MEMORY = 2 << 30  # bytes of address space, of which libav itself takes some hundred million
_SECONDS = 20  # of processor time


def main() -> None:
    with suppress(ValueError, OSError):  # macOS does not take this limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    parent = Parent()
    data = parent.order()[Kind.DATA]
    try:
        cover = clean_cover(data)
    except AudioError as error:
        parent.send(Kind.FAILED, str(error).encode())
    else:
        parent.send(Kind.DONE, cover)


if __name__ == "__main__":
    main()
