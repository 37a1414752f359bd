"""The connections behind every call to a TTS server."""

from __future__ import annotations

import subprocess
import sys

_FIRST_CALL = """
import asyncio, sys
from ttsqueue.engines.dialect import Wish
from ttsqueue.engines.remote_call import USUAL, RemoteCalls
from ttsqueue.engines.server_errors import ServerAway

async def main():
    calls = RemoteCalls(USUAL)
    await calls.get_ready()
    before = set(sys.modules)
    try:
        await calls.ask(Wish("POST", "http://127.0.0.1:1/"), 100)
    except ServerAway:
        print([name for name in sorted(set(sys.modules) - before) if name.startswith(("anyio", "httpcore", "h11"))])
    await calls.aclose()

asyncio.run(main())
"""


def test_the_first_call_imports_nothing_and_is_in_time_for_its_turn() -> None:
    told = subprocess.run([sys.executable, "-c", _FIRST_CALL], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
