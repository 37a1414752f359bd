"""How a call to a TTS server can end, other than with sound. Inside engines; others see EngineError."""

from __future__ import annotations

from ttsqueue.servers.endings import Answered, Ending, Failed, Limited


class CallFailed(Exception):
    """The message is what an operator reads."""

    @property
    def ending(self) -> Ending:
        """What it means for the server."""
        return Failed(str(self))


class ServerAway(CallFailed):
    """5xx, a timeout, a broken connection: it may be better in a moment."""


class ServerSlow(ServerAway):
    """It took the wish and brought no answer in time. A shorter text might have been done."""

    @property
    def ending(self) -> Ending:
        return Failed(str(self), was_slow=True)


class NotSound(ServerAway):
    """200, and a page of HTML or nothing at all: a server that is starting, or an address that is none of speech."""


class ServerBusy(CallFailed):
    """429, or 503 with the time at which it wants to be asked again."""

    def __init__(self, message: str, retry_after: float | None) -> None:
        super().__init__(message)
        self._retry_after = retry_after

    @property
    def ending(self) -> Ending:
        return Limited(self._retry_after)


class Refused(CallFailed):
    """It will say the same next time: a wrong key, an unknown voice, a text that it does not take."""

    @property
    def ending(self) -> Ending:
        return Answered(str(self))


class RefusedText(Refused):
    """It may take another text: 400, 413, 422."""


class BadSound(CallFailed):
    """Sound that cannot be this text."""

    @property
    def ending(self) -> Ending:
        return Answered(str(self))
