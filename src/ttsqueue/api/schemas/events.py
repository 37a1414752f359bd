"""Tickets to live events."""

from __future__ import annotations

from pydantic import Field

from ttsqueue.api.schemas.wire import Wire


class TicketOut(Wire):
    """A way in for a connection that can send no header."""

    ticket: str = Field(description="For `?ticket=`; good for 30 seconds and one connection.")
