"""How a call to a TTS server can end, other than with sound. Inside engines; others see EngineError."""

from __future__ import annotations

from ttsqueue.servers.endings import Answered, Ending, Failed, Limited


class CallFailed(Exception):
    """`ending` is what it means for the server, `message` what an operator reads."""

    ending: Ending = Failed()


class ServerAway(CallFailed):
    """5xx, a timeout, a broken connection: it may be better in a moment."""


class ServerBusy(CallFailed):
    """429."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self.ending = Limited(retry_after)


class Refused(CallFailed):
    """It will say the same next time: a wrong key, an unknown voice, a text that it does not take."""

    ending = Answered()


class BadSound(CallFailed):
    """Sound that cannot be this text."""

    ending = Answered()
