"""One action on many jobs, in the request and in the answer."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field, StrictBool, model_validator
from pydantic.config import JsonDict

from ttsqueue.activity import LAST_PREMIUM_PRIORITY
from ttsqueue.api.bulk import MOST_JOBS, Action
from ttsqueue.api.schemas.new_job import UUID_FORMAT
from ttsqueue.api.schemas.wire import Wire
from ttsqueue.api.uuids import canonical_uuid
from ttsqueue.jobs import JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.priority import LATEST, SOONEST

Text = Annotated[str, Field(strict=True, max_length=500)]

_PRIORITIES = {
    "premium": frozenset(range(SOONEST, LAST_PREMIUM_PRIORITY + 1)),
    "free": frozenset(range(LAST_PREMIUM_PRIORITY + 1, LATEST + 1)),
}


_UUID: JsonDict = {"anyOf": [{"type": "string", **UUID_FORMAT}, {"type": "null"}]}
_ONE_OF_TWO: JsonDict = {
    "oneOf": [
        {"required": ["jobIds"], "properties": {"jobIds": {"type": "array"}}},
        {"required": ["filter"], "properties": {"filter": {"type": "object"}}},
    ]
}


class FilterIn(Wire):
    """Which jobs; what is left out matches any. An empty filter matches all jobs of everybody."""

    user_id: Text | None = Field(None, json_schema_extra=_UUID)
    work_id: Text | None = Field(None, json_schema_extra=_UUID)
    status: list[JobStatus] | None = None
    error_code: Text | None = None
    tier: Literal["premium", "free"] | None = None
    created_before: AwareDatetime | None = None
    text: Text | None = Field(None, description="Stands somewhere in the title, in capitals or not.")

    def filter(self) -> JobFilter:
        """InvalidJob."""
        return JobFilter(
            user_id=None if self.user_id is None else canonical_uuid("userId", self.user_id),
            work_id=None if self.work_id is None else canonical_uuid("workId", self.work_id),
            statuses=None if self.status is None else frozenset(self.status),
            error_code=self.error_code,
            priorities=None if self.tier is None else _PRIORITIES[self.tier],
            created_before=self.created_before,
            text=self.text,
        )


class BulkIn(Wire):
    """An action on jobs that are named, or that match a filter."""

    model_config = ConfigDict(json_schema_extra=_ONE_OF_TWO)

    action: Action
    job_ids: list[Text] | None = Field(None, min_length=1, max_length=MOST_JOBS)
    filter: FilterIn | None = None
    preview: StrictBool = Field(False, description="Only count.")

    @model_validator(mode="after")
    def _says_which_jobs(self) -> BulkIn:
        if (self.job_ids is None) == (self.filter is None):
            raise ValueError("name either jobIds or a filter")
        return self


class RefusalOut(Wire):
    """A job that stayed as it was, and why."""

    job_id: str
    error: str
    code: str


class BulkOut(Wire):
    """What was done; nothing but `count` in a preview."""

    count: int = Field(description="Jobs in a state that the action is for, before it was done.")
    changed: int = Field(description=f"At most {MOST_JOBS:,} in one call; call again for the rest.")
    refused: int
    refusals: list[RefusalOut] = Field(description="The first of the refused, in full.")
