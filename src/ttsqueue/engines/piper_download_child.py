"""Fetches a piper voice into a folder, in a process of its own, since piper is GPL:

    python -m ttsqueue.engines.piper_download_child NAME FOLDER

Prints where its card can be read, which tells its licence. Piper's own downloader leaves that where it is.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

CARD = "MODEL_CARD"

_PATIENCE = 20.0
_LONGEST = 100_000


def _fetch(name: str, folder: Path) -> None:
    from piper.download_voices import download_voice

    download_voice(name, folder)
    address = _card_address(name)
    with suppress(OSError, HTTPException), urlopen(address, timeout=_PATIENCE) as card:  # noqa: S310 - piper's own address
        (folder / CARD).write_bytes(card.read(_LONGEST))
    print(address)  # noqa: T201 - it is the answer


def _card_address(name: str) -> str:
    """Beside the voice."""
    from piper.download_voices import URL_FORMAT

    language, voice, quality = name.split("-", 2)
    place = URL_FORMAT.rpartition("/")[0].format(
        lang_family=language.partition("_")[0], lang_code=language, voice_name=voice, voice_quality=quality
    )
    return f"{place}/{CARD}"


if __name__ == "__main__":
    _fetch(sys.argv[1], Path(sys.argv[2]))
