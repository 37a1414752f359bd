"""How the schema of a store stands to the one that this program needs. Values only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SchemaState:
    """Versions count up from 1."""

    installed: int
    """0 when there is nothing yet."""
    wanted: int
    """What this program brings."""
    usable_from: int = 1
    """The oldest `wanted` of programs that may use what is installed."""
    leaves_columns_unused: bool = False
    """The application's tables got `profiles.is_premium` or `works.tts_job_id` since, which the schema would use."""

    @property
    def is_behind(self) -> bool:
        return self.installed < self.wanted or (self.installed == self.wanted and self.leaves_columns_unused)

    @property
    def is_too_new(self) -> bool:
        return self.wanted < self.usable_from
