"""Doing one thing to several chosen books."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ttsqueue.api.caller import Caller
from ttsqueue.api.queueing import queue_again
from ttsqueue.api.routes.queue import visible_job
from ttsqueue.api.site import Site
from ttsqueue.errors import DuplicateJob, JobNotFound, NotCancellable, NotDeletable, NotRetryable
from ttsqueue.jobs import Job
from ttsqueue.removal import remove_job
from ttsqueue.web.wording import counted

_DONE = {"stop": "stopped", "retry": "will be tried again", "delete": "deleted"}
_LEFT = {
    "stop": "already at an end",
    "retry": "not stopped before, or waiting already",
    "delete": "still waiting or being spoken; stop those first",
}
ACTIONS = tuple(_DONE)
_UNFIT = (JobNotFound, NotCancellable, NotRetryable, NotDeletable, DuplicateJob)


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a selection."""

    action: str
    done: int
    left: int = 0
    """Books that the action does not fit."""

    @property
    def sentence(self) -> str:
        """`3 books deleted. 1 book was left: still waiting or being spoken; stop those first.`"""
        if not self.done and not self.left:
            return "No book was chosen."
        said = f"{counted(self.done, 'book')} {_DONE[self.action]}." if self.done else "Nothing was changed."
        if not self.left:
            return said
        verb = "was" if self.left == 1 else "were"
        return f"{said} {counted(self.left, 'book')} {verb} left: {_LEFT[self.action]}."


def what_was_done(text: str) -> Done | None:
    """Out of the address of the page that follows: `delete-3-1`. None for anything else."""
    action, *numbers = text.split("-")
    if action not in ACTIONS or len(numbers) != 2 or not all(_is_count(number) for number in numbers):
        return None
    return Done(action, int(numbers[0]), int(numbers[1]))


async def act_on(site: Site, caller: Caller, action: str, job_ids: Iterable[str]) -> Done:
    """What the action does not fit is left alone, and so is what is somebody else's. LimitReached."""
    chosen = list(dict.fromkeys(job_ids))
    done = 0
    for job_id in chosen:
        try:
            await _act(site, caller, action, await visible_job(site, caller, job_id))
        except _UNFIT:
            continue
        done += 1
    return Done(action, done, len(chosen) - done)


async def _act(site: Site, caller: Caller, action: str, job: Job) -> None:
    match action:
        case "stop":
            await site.app.queue.cancel_job(job.id)
        case "retry":
            await queue_again(site, caller, job)
        case "delete":
            site.live.deleted(await remove_job(site.app.queue, site.app.storage, job.id))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 6
