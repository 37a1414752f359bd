"""A user's books as their page lists them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from ttsqueue.api.signing import AudioLinks
from ttsqueue.jobs import Job, JobStatus
from ttsqueue.listing import JobFilter
from ttsqueue.queue import TTSQueue
from ttsqueue.storage import Storage, is_cover
from ttsqueue.web import wording
from ttsqueue.web.wording import State

PAGE = 24
"""Books at a time."""

_STATE_WORD = re.compile(r"^(Waiting|Speaking|Done|Stopped)( ·|:)? ?")

STATES: Mapping[str, JobStatus] = {wording.state_of(status).key: status for status in JobStatus}
"""By the word that stands in the address."""


@dataclass(frozen=True, slots=True)
class Search:
    """What the address asks for."""

    words: str = ""
    state: str = ""
    """A key of STATES; empty for all."""

    def jobs_of(self, user_id: str) -> JobFilter:
        statuses = frozenset({STATES[self.state]}) if self.state else None
        return JobFilter(user_id=user_id, statuses=statuses, text=self.words or None)

    def address(self, **more: object) -> str:
        """Of the page with the same search."""
        asked = {"q": self.words, "state": self.state, **more}
        query = urlencode({name: value for name, value in asked.items() if value not in ("", None)})
        return f"/books?{query}" if query else "/books"

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.state)


@dataclass(frozen=True, slots=True)
class BookRow:
    """One book of the list."""

    id: str
    title: str
    state: State
    detail: str
    """What happens to it, without the word of the state in front."""
    chapters: int
    queued_at: datetime
    cover_url: str | None
    can_be_stopped: bool


@dataclass(frozen=True, slots=True)
class BookList:
    """A page of books."""

    rows: tuple[BookRow, ...]
    more: str | None
    """The address of the older ones."""


def search_of(words: str, state: str) -> Search:
    """A state that is none of ours asks for all."""
    return Search(" ".join(words.split())[:200], state if state in STATES else "")


async def list_books(
    queue: TTSQueue, storage: Storage, links: AudioLinks, user_id: str, search: Search, cursor: str | None
) -> BookList:
    """Newest first. InvalidJob for a cursor that is not ours."""
    page = await queue.list_jobs(search.jobs_of(user_id), PAGE, cursor)
    covers = await covers_of(storage, {job.work_id for job in page.jobs})
    paused = await queue.is_paused()
    rows = []
    for job in page.jobs:
        position = await queue.get_position(job.id) if job.status is JobStatus.PENDING else None
        cover = covers.get(job.work_id)
        rows.append(book_row(job, position, links.url(cover) if cover else None, paused=paused))
    more = search.address(cursor=page.next_cursor) if page.next_cursor else None
    return BookList(tuple(rows), more)


async def covers_of(storage: Storage, work_ids: Iterable[str]) -> dict[str, str]:
    """The ids of the newest covers by work; works without one are left out."""
    works = tuple(work_ids)
    found = await asyncio.gather(*(_newest_cover(storage, work_id) for work_id in works))
    return {work_id: cover for work_id, cover in zip(works, found, strict=True) if cover}


async def _newest_cover(storage: Storage, work_id: str) -> str | None:
    covers = [file for file in await storage.files_of(work_id) if is_cover(file.id, work_id)]
    return max(covers, key=lambda file: file.modified).id if covers else None


def book_row(job: Job, position: int | None, cover_url: str | None, *, paused: bool) -> BookRow:
    sentence = wording.what_happens(job, position, paused=paused, now=datetime.now(UTC))
    parts = (_STATE_WORD.sub("", sentence), wording.time_left(job))
    return BookRow(
        id=job.id,
        title=wording.title_of(job),
        state=wording.state_of(job.status),
        detail=" · ".join(part for part in parts if part),
        chapters=job.total_chapters,
        queued_at=job.created_at,
        cover_url=cover_url,
        can_be_stopped=not job.status.is_final,
    )
