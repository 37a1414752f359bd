"""One action on many jobs from the admin's page: first a count, then the deed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from starlette.datastructures import ImmutableMultiDict

from ttsqueue.api.bulk import MOST_JOBS, Action, Bulk, BulkResult
from ttsqueue.api.site import Site
from ttsqueue.app import App
from ttsqueue.errors import InvalidJob
from ttsqueue.listing import JobFilter
from ttsqueue.web.query import UnreadableQuery, read_query
from ttsqueue.web.wording import count, counted

EVERYTHING = "all"
"""Instead of the chosen jobs: all that match the query."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What can be done, in words; `{}` is the number of books."""

    action: Action
    words: str
    consequence: str
    unfit: str


DEEDS: Mapping[str, Deed] = {
    "retry": Deed(
        Action.RETRY,
        "Try {} again",
        "Chapters that are finished are kept; the rest is spoken.",
        "only failed and stopped books can be tried again",
    ),
    "stop": Deed(
        Action.CANCEL,
        "Stop {}",
        "Chapters that are finished are kept; a stopped book can be tried again.",
        "only books that wait or are being spoken can be stopped",
    ),
    "delete": Deed(
        Action.DELETE,
        "Delete {}",
        "They are removed from this server with their sound. This cannot be undone.",
        "books that wait or are being spoken must be stopped first",
    ),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """An action on chosen jobs, or on everything that a query found at a moment."""

    name: str
    """A key of DEEDS."""
    job_ids: tuple[str, ...]
    words: str
    is_everything: bool
    at: datetime
    """When it was asked for: what is handed in later is not touched."""

    @property
    def deed(self) -> Deed:
        return DEEDS[self.name]

    def matching(self) -> JobFilter:
        """InvalidJob for a query that cannot be read."""
        try:
            which = read_query(self.words, self.at)
        except UnreadableQuery as error:
            raise InvalidJob(str(error)) from None
        return replace(which, created_before=min(which.created_before or self.at, self.at))


@dataclass(frozen=True, slots=True)
class Preview:
    """What the deed would be done to."""

    wish: Wish
    fitting: int
    total: int

    @property
    def question(self) -> str:
        return f"{self.button}?" if self.fitting else "Nothing to do"

    @property
    def button(self) -> str:
        return self.wish.deed.words.format(counted(min(self.fitting, MOST_JOBS), "book"))

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences about what happens, and what does not."""
        left = self.total - self.fitting
        return tuple(
            remark
            for remark, holds in (
                ("No book was chosen, or none is there any more.", not self.total),
                (self.wish.deed.consequence, self.fitting),
                (f"{count(left)} of {counted(self.total, 'book')} stay as they are: {self.wish.deed.unfit}.", left > 0),
                (f"At most {count(MOST_JOBS)} are done at once, the newest first.", self.fitting > MOST_JOBS),
            )
            if holds
        )


def read_wish(asked: ImmutableMultiDict[str, Any], now: datetime) -> Wish:
    """From a form or an address. InvalidJob."""
    name = str(asked.get("action") or "")
    if name not in DEEDS:
        raise InvalidJob(f"Choose what to do with the books: {', '.join(DEEDS)}.")
    return Wish(
        name=name,
        job_ids=tuple(dict.fromkeys(map(str, asked.getlist("job")))),
        words=str(asked.get("q") or ""),
        is_everything=asked.get("which") == EVERYTHING,
        at=_moment(str(asked.get("at") or ""), now),
    )


async def preview(app: App, wish: Wish) -> Preview:
    """Counts and changes nothing. InvalidJob."""
    bulk = Bulk(app, wish.deed.action)
    if wish.is_everything:
        which = wish.matching()
        return Preview(wish, await bulk.count_matching(which), await app.queue.count_jobs(which))
    return Preview(wish, await bulk.count_named(wish.job_ids), len(wish.job_ids))


async def fulfil(site: Site, wish: Wish) -> BulkResult:
    """InvalidJob."""
    bulk = Bulk(site.app, wish.deed.action, site.live.deleted)
    if wish.is_everything:
        return await bulk.do_to_matching(wish.matching())
    return await bulk.do_to_named(wish.job_ids)


def _moment(text: str, now: datetime) -> datetime:
    if not text:
        return now
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = now
    return min(at.replace(tzinfo=at.tzinfo or UTC), now)
