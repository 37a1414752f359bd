"""Jobs as answers show them: the contract's JSON with addresses that play."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ttsqueue.api.signing import AudioLinks
from ttsqueue.contract import Json, iso, job_to_json
from ttsqueue.costs.estimate import Estimate
from ttsqueue.jobs import Job
from ttsqueue.records import Attempt, ChapterRecord, StateChange


def job_view(job: Job, links: AudioLinks) -> Json:
    view = job_to_json(job)
    result = view["result"]
    if result is not None:
        book = result["audiobookFileId"]
        result["audiobookUrl"] = links.url(book) if book else None
        for chapter in result["chapters"]:
            chapter["audioUrl"] = links.url(chapter["audioFileId"])
    return view


def estimate_view(estimate: Estimate) -> Json:
    return {
        "voiceId": estimate.voice_id,
        "chapters": estimate.chapters,
        "characters": estimate.characters,
        "calls": estimate.calls,
        "estimatedSeconds": round(estimate.seconds, 1),
        "estimatedCost": None if estimate.cost is None else round(estimate.cost, 6),
        "costUnknown": estimate.cost_unknown,
    }


def chapters_view(chapters: Sequence[ChapterRecord], links: AudioLinks) -> list[Json]:
    return [_chapter(chapter, links) for chapter in chapters]


def timeline_view(history: Sequence[StateChange], attempts: Sequence[Attempt]) -> Json:
    return {
        "history": [{"at": iso(step.at), "status": step.status, "reason": step.reason} for step in history],
        "attempts": [_attempt(attempt) for attempt in attempts],
    }


def _chapter(chapter: ChapterRecord, links: AudioLinks) -> Json:
    finished = chapter.finished
    spoken: dict[str, Any] = {"audioFileId": None, "audioUrl": None, "duration": None, "silent": None}
    if finished is not None:
        spoken = {
            "audioFileId": finished.audio_file_id,
            "audioUrl": links.url(finished.audio_file_id),
            "duration": finished.duration,
            "silent": finished.silent,
        }
    return {
        "index": chapter.index,
        "chapterId": chapter.chapter_id,
        "title": chapter.title,
        "characters": chapter.characters,
        **spoken,
        "finishedAt": iso(chapter.finished_at),
    }


def _attempt(attempt: Attempt) -> Json:
    return {
        "number": attempt.number,
        "workerId": attempt.worker_id,
        "startedAt": iso(attempt.started_at),
        "endedAt": iso(attempt.ended_at),
        "outcome": attempt.outcome,
        "error": attempt.error,
    }
