"""States of TTS servers, for the tests of those who show them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ttsqueue.provider import QueueProvider
from ttsqueue.servers.endings import Ending, Failed, Limited, Spoken
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import ServerState, SpokenCall
from ttsqueue.servers.traffic import Call, Traffic

NOW = 1_800_000_000.0
KEY = "hunter2hunter2"
FILE = """
[[server]]
name = "attic"
engine = "openai"
url = "http://10.0.0.7:8880/v1"
api_key_env = "ATTIC_KEY"
voices = ["bella"]
max_concurrent = 4
calls_per_second = 10

[[server]]
name = "cellar & co"
engine = "openai"
url = "http://cellar.internal:8880/v1"
"""
SECRETS = (KEY, "10.0.0.7", "8880", "cellar.internal")
LIMITS = ServerLimits(max_concurrent=4, calls_per_second=10)

SPOKEN = Spoken(SpokenCall(characters=1000, seconds=2.0, audio_seconds=60.0))
DOWN = Failed("HTTP 503")
LEAVE_ALONE = Limited(retry_after=720.0)


def report(now: float = NOW, limits: ServerLimits = LIMITS, **state: Any) -> ServerReport:
    server = SpeechServer("attic", "openai", "http://10.0.0.7:8880/v1", KEY, limits=limits)
    return ServerReport(server, ServerState(**state), now)


async def calls_ended(provider: QueueProvider, name: str, *endings: Ending) -> None:
    """So, one after the other and without the pauses between them."""
    traffic = Traffic(provider, name, ServerLimits())
    for ending in endings:
        await traffic._change(lambda state, now: (replace(state, paused_until=0.0), None))
        await traffic._end("a call", Call(ending))
