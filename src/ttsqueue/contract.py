"""Jobs as JSON: the API's camelCase names, in one place for REST, the CLI and the stores."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from ttsqueue.book import BookInfo, Chapter, Payload, VoiceSettings
from ttsqueue.errors import InvalidJob
from ttsqueue.jobs import Job
from ttsqueue.listing import QueueStats
from ttsqueue.result import ChapterSound, JobResult, Substitution

Json = dict[str, Any]


def iso(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with milliseconds, ending in Z."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def job_to_json(job: Job) -> Json:
    """A job as REST and `status --json` show it. Chapter texts are never part of it."""
    return {
        "id": job.id,
        "workId": job.work_id,
        "userId": job.user_id,
        "jobType": job.job_type.value,
        "title": job.title,
        "status": job.status.value,
        "priority": job.priority,
        "progressPercent": job.progress_percent,
        "progressMessage": job.progress_message,
        "currentChapter": job.current_chapter,
        "totalChapters": job.total_chapters,
        "attempts": job.attempts,
        "maxAttempts": job.max_attempts,
        "errorMessage": job.error_message,
        "errorCode": job.error_code,
        "lastError": job.last_error,
        "createdAt": iso(job.created_at),
        "startedAt": iso(job.started_at),
        "completedAt": iso(job.completed_at),
        "runAt": iso(job.run_at),
        "etaSeconds": job.eta_seconds,
        "voiceId": job.voice_id,
        "result": None if job.result is None else result_to_json(job.result),
    }


def stats_to_json(stats: QueueStats) -> Json:
    return {
        "pending": stats.pending,
        "processing": stats.processing,
        "completed": stats.completed,
        "failed": stats.failed,
        "delayed": stats.delayed,
        "cancelled": stats.cancelled,
    }


def result_to_json(result: JobResult) -> Json:
    return {
        "audioFileIds": list(result.audio_file_ids),
        "totalDuration": result.total_duration,
        "completedAt": iso(result.completed_at),
        "audiobookFileId": result.audiobook_file_id,
        "chapters": [
            {
                "chapterId": chapter.chapter_id,
                "title": chapter.title,
                "audioFileId": chapter.audio_file_id,
                "start": chapter.start,
                "duration": chapter.duration,
                "silent": chapter.silent,
                "substitutions": substitutions_to_json(chapter.substitutions),
            }
            for chapter in result.chapters
        ],
    }


def result_from_json(data: Mapping[str, Any]) -> JobResult:
    completed = data.get("completedAt")
    return JobResult(
        audio_file_ids=tuple(data.get("audioFileIds", ())),
        total_duration=data.get("totalDuration", 0.0),
        audiobook_file_id=data.get("audiobookFileId"),
        chapters=tuple(
            ChapterSound(
                chapter["chapterId"],
                chapter["title"],
                chapter["audioFileId"],
                chapter["start"],
                chapter["duration"],
                chapter.get("silent", False),
                substitutions_from_json(chapter.get("substitutions", ())),
            )
            for chapter in data.get("chapters", ())
        ),
        completed_at=datetime.fromisoformat(completed) if completed else None,
    )


def substitutions_to_json(substitutions: Iterable[Substitution]) -> list[Json]:
    return [{"text": one.text, "voiceId": one.voice_id} for one in substitutions]


def substitutions_from_json(data: Iterable[Mapping[str, str]]) -> tuple[Substitution, ...]:
    return tuple(Substitution(one["text"], one["voiceId"]) for one in data)


def payload_to_json(payload: Payload) -> Json:
    """The stored form: the API's request body, with what the book says about itself beside it."""
    book = payload.book
    return {
        "chapters": [
            {"chapterId": chapter.chapter_id, "title": chapter.title, "text": chapter.text}
            for chapter in payload.chapters
        ],
        "voiceSettings": {
            "voiceId": payload.voice_settings.voice_id,
            "speed": payload.voice_settings.speed,
        },
        "title": book.title,
        "author": book.author,
        "language": book.language,
        "format": book.audio_format,
        "coverFileId": book.cover_file_id,
    }


def payload_from_json(data: object) -> Payload:
    """Read a stored or received payload. `id` and `chapterId` both name a chapter. InvalidJob if it is malformed."""
    if not isinstance(data, Mapping) or not isinstance(data.get("chapters"), list):
        raise InvalidJob("The payload needs a list of chapters.")
    voice = data.get("voiceSettings") or {}
    if not isinstance(voice, Mapping):
        raise InvalidJob("voiceSettings must be an object.")
    return Payload(
        tuple(_chapter(number, entry) for number, entry in enumerate(data["chapters"], 1)),
        VoiceSettings(_string(voice, "voiceId") or "default", _speed(voice)),
        BookInfo(
            title=_string(data, "title"),
            author=_string(data, "author"),
            language=_string(data, "language"),
            audio_format=_string(data, "format") or "m4b",
            cover_file_id=_string(data, "coverFileId") or None,
        ),
    )


def _chapter(number: int, entry: object) -> Chapter:
    if not isinstance(entry, Mapping):
        raise InvalidJob(f"Chapter {number} must be an object with id, title and text.")
    if not isinstance(entry.get("text"), str):
        raise InvalidJob(f"Chapter {number} has no text.")
    chapter_id = _string(entry, "chapterId") or _string(entry, "id")
    return Chapter(chapter_id, entry["text"], _string(entry, "title"))


def _string(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidJob(f"{name} must be text.")
    return value


def _speed(voice: Mapping[str, Any]) -> float:
    speed = voice.get("speed", 1.0)
    if isinstance(speed, bool) or not isinstance(speed, int | float):
        raise InvalidJob("speed must be a number.")
    return speed
