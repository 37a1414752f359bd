"""TTS servers, and what they may be asked."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ttsqueue.api.schemas.job import Moment
from ttsqueue.api.schemas.wire import Wire
from ttsqueue.servers.limits import MOST, ServerLimits
from ttsqueue.servers.state import Condition

Whole = Annotated[int, Field(gt=0, le=MOST)]
Rate = Annotated[float, Field(gt=0, le=MOST, allow_inf_nan=False)]


class LimitsWire(Wire):
    """Over all workers together; null is no limit."""

    max_concurrent: Whole | None = Field(None, description="Calls at the same time.")
    calls_per_second: Rate | None = None
    calls_per_minute: Rate | None = None
    characters_per_minute: Rate | None = None

    def limits(self) -> ServerLimits:
        return ServerLimits(**self.model_dump())


class ServerErrorOut(Wire):
    """The last thing that went wrong, in words without keys and addresses."""

    message: str
    at: Moment


class ServerOut(Wire):
    """One TTS server, as all workers together know it."""

    name: str
    engine: str
    state: Condition = Field(
        description="`up`; `limited`, it asked to be left alone; `open`, it failed several times running and is probed."
    )
    calls_in_flight: int
    calls: int = Field(description="Ever.")
    rate_limited: int = Field(description="Answers with 429, ever.")
    failed: int = Field(description="5xx, timeouts and broken connections, ever.")
    left_alone_seconds: float = Field(description="For how much longer nobody calls it.")
    p50: float | None = Field(description="Seconds per 1,000 characters, of the last calls; null before the first.")
    p95: float | None
    real_time_factor: float | None = Field(description="Seconds of work for a second of sound.")
    last_error: ServerErrorOut | None
    limits: LimitsWire = Field(description="Those that hold now.")
    limits_of_file: LimitsWire = Field(description="Those of servers.toml.")
    limits_are_changed: bool = Field(description="Whether an operator set others than those of the file.")


class ServersOut(Wire):
    """In the order of servers.toml."""

    servers: list[ServerOut]
