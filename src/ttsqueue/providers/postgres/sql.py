"""SQL lives in .sql files, one statement each; `{job}` in them stands for the columns that make a Job."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

_PACKAGE = "ttsqueue.providers.postgres"

_JOB_COLUMNS = (
    *("id", "work_id", "user_id", "job_type", "status", "priority", "total_chapters", "attempts", "max_attempts"),
    *("claims", "created_at", "updated_at", "run_at", "title", "voice_id", "progress_percent", "progress_message"),
    *("current_chapter", "eta_seconds", "started_at", "completed_at", "heartbeat_at", "worker_id", "error_message"),
    *("error_code", "last_error", "result", "lease", "seq"),
)
"""Never the payload, which may be a whole book."""

SCHEMA_VERSION = 1


@cache
def query(name: str) -> str:
    """The statement in queries/NAME.sql."""
    text = files(_PACKAGE).joinpath("queries", f"{name}.sql").read_text("utf-8")
    columns = ", ".join(f"job.{column}" for column in _JOB_COLUMNS)
    return text.replace("{job}", columns)


@cache
def query_for_count(name: str) -> str:
    """How many rows the statement in queries/NAME.sql would bring."""
    return f"SELECT count(*) AS number FROM (\n{query(name)}) AS found"  # noqa: S608 - no text from outside


@cache
def schema() -> str:
    return files(_PACKAGE).joinpath("schema.sql").read_text("utf-8")
