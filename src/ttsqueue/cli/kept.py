"""What is not lost: chapters that are spoken already."""

from __future__ import annotations

from collections.abc import Iterable

from ttsqueue.cli.wording import are
from ttsqueue.queue import TTSQueue


async def kept_chapters(queue: TTSQueue, job_ids: Iterable[str]) -> str:
    """`3 of 12 chapters are kept; the same command goes on from there.`"""
    records = [record for job_id in job_ids for record in await queue.get_chapters(job_id)]
    kept = sum(record.finished is not None for record in records)
    if not kept:
        return "No chapter was finished yet; the same command starts again."
    return f"{kept} of {len(records)} chapters {are(kept)} kept; the same command goes on from there."
