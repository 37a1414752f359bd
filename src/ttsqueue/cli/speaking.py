"""From book files to audiobooks, through the queue and a worker of our own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from ttsqueue.app import App
from ttsqueue.book import BookInfo
from ttsqueue.cli.delivery import deliver
from ttsqueue.cli.destination import Destination
from ttsqueue.cli.entering import enter
from ttsqueue.cli.failure import sentence_of, show_trace
from ttsqueue.cli.following import NotSpoken, follow
from ttsqueue.cli.hired_worker import HiredWorker
from ttsqueue.cli.left_behind import release_what_was_left_behind
from ttsqueue.cli.view import View
from ttsqueue.cli.wish import Wish
from ttsqueue.cli.wished_job import wished_job
from ttsqueue.filename import book_file_name
from ttsqueue.jobs import Job, NewJob


@dataclass(frozen=True, slots=True)
class Audiobook:
    """What became of one book: a file, or the sentence that says why there is none."""

    book: Path
    title: str = ""
    job_id: str | None = None
    file: Path | None = None
    seconds: float | None = None
    error: str | None = None


Tell = Callable[[Audiobook], None]


@dataclass(slots=True)
class Speaking:
    """One call of `speak`. Books are entered in the order they were named; one that fails does not stop the others."""

    app: App
    wish: Wish
    where: Destination
    view: View
    tell: Tell
    failures: int = 0
    unfinished: dict[Path, str] = field(default_factory=dict)
    """Ids of the jobs that have not become an audiobook yet."""
    _work_is_there: asyncio.Event = field(default_factory=asyncio.Event)

    async def speak(self, books: list[Path]) -> None:
        """Speak all. CannotDeliver and UnknownVoice before anything is started, WorkerGone."""
        await asyncio.to_thread(self.where.check)
        if self.wish.voice != "default":
            await self.app.voices.resolve(self.wish.voice, self.wish.language or "")
        worker = asyncio.create_task(self._worker())
        speaking = asyncio.create_task(self._all(books))
        try:
            await asyncio.wait({worker, speaking}, return_when=asyncio.FIRST_COMPLETED)
            await (worker if worker.done() else speaking)
        finally:
            for task in (speaking, worker):
                task.cancel()
            await asyncio.wait({worker, speaking})

    async def _worker(self) -> None:
        await self._work_is_there.wait()
        await release_what_was_left_behind(self.app.queue)
        await HiredWorker(self.app.queue).run()

    async def _all(self, books: list[Path]) -> None:
        async with asyncio.TaskGroup() as deliveries:
            for path in books:
                with self._failing_alone(path):
                    entered = await self._enter(path)
                    deliveries.create_task(self._finish(path, *entered))

    async def _enter(self, path: Path) -> tuple[NewJob, Job]:
        book = await wished_job(path, self.wish, self.app.storage, self.view.complain)
        job = await enter(self.app.queue, self.app.storage, book)
        self.unfinished[path] = job.id
        if not job.status.is_final:
            self._work_is_there.set()
        return book, job

    async def _finish(self, path: Path, book: NewJob, job: Job) -> None:
        with self._failing_alone(path):
            done = await follow(self.app.queue, job.id, self.view)
            file = await self._deliver(_sound_of(done), book.book)
            self.unfinished.pop(path, None)
            seconds = done.result.total_duration if done.result else None
            self.tell(Audiobook(path, book.book.title, done.id, file, seconds))

    async def _deliver(self, file_id: str, book: BookInfo) -> Path:
        await self.app.storage.prepare()
        async with self.app.storage.at_hand([file_id]) as files:
            if file_id not in files:
                raise NotSpoken("The sound of this book is not there any more; the same command speaks it again.")
            suffix = file_id.rpartition(".")[2]
            name = self.where.file_name or book_file_name(book.title, book.author, suffix)
            return await asyncio.to_thread(deliver, files[file_id], self.where, name)

    @contextmanager
    def _failing_alone(self, path: Path) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            show_trace(error)
            self.failures += 1
            self.tell(Audiobook(path, job_id=self.unfinished.pop(path, None), error=sentence_of(error)))


def _sound_of(done: Job) -> str:
    file_id = done.result.audiobook_file_id if done.result else None
    if not file_id:
        raise NotSpoken("The worker that spoke this book made no audiobook; ask whoever runs it.")
    return file_id
