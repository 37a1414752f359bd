"""QueueProvider: the one interface that every store implements.

A store stores. What to do about an error or a lost worker is decided above it, by pure functions, and reaches
the store as an Outcome. Every method is safe against any number of processes; each docstring says what is
atomic. All times are the store's clock. A returned write is durable.

Every write of a worker carries its lease. The token is bumped by claim, settle, cancel and retry, so a lease that
was ever taken away never matches again; a stale one changes nothing and raises LeaseLost. A claim takes the time as
its token, so that a store of which an older state is restored gives none out a second time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Collection, Sequence
from datetime import datetime, timedelta

from ttsqueue.activity import Activity
from ttsqueue.book import Payload
from ttsqueue.errors import TTSQueueError
from ttsqueue.jobs import Claim, IdempotencyKey, Job, Lease, NewJob, Progress
from ttsqueue.listing import JobFilter, JobPage, QueueStats
from ttsqueue.moving import Departed, Departures, MovingJob
from ttsqueue.notes import Note
from ttsqueue.outcome import Outcome
from ttsqueue.records import Attempt, ChapterRecord, StateChange
from ttsqueue.result import FinishedChapter
from ttsqueue.schema_state import SchemaState
from ttsqueue.server_keys import ServerKey
from ttsqueue.workers import Worker


class QueueProvider(ABC):
    """Jobs, chapters, attempts, workers. Open it before use; close it after."""

    # --- life ---------------------------------------------------------------------------------------------------

    @abstractmethod
    async def open(self) -> None:
        """Connect and bring the schema up to date. StoreTooNew, StoreUnavailable."""

    @abstractmethod
    async def schema_state(self) -> SchemaState:
        """Look, and change nothing; the provider need not be open. StoreUnavailable."""

    @abstractmethod
    def schema_script(self) -> str:
        """What `open` would run on an empty store, for a person or a migration tool."""

    @abstractmethod
    async def aclose(self) -> None:
        """Finish writes that were accepted, then let go of everything. May be called twice."""

    # --- jobs come in -------------------------------------------------------------------------------------------

    @abstractmethod
    async def add(self, job: NewJob, idempotency: IdempotencyKey | None = None) -> Job:
        """Store a validated job as pending, with its payload, and wake waiting workers.

        Atomic with both checks: DuplicateJob when an active job has the same active_key, and for an idempotency
        key that this user used within 24 hours the first job is returned again, or IdempotencyMismatch raised when
        the body hash differs. The key is looked at first.
        """

    @abstractmethod
    async def add_many(self, jobs: Sequence[NewJob]) -> list[str | TTSQueueError]:
        """Store many validated jobs in their order: for each its id, or the DuplicateJob or InvalidJob it met.

        Atomic job by job, as with `add`: one that is refused keeps no other away. After StoreUnavailable some may be
        stored; whoever adds all again is told of those as duplicates.
        """

    @abstractmethod
    async def earlier_job(self, user_id: str, idempotency: IdempotencyKey) -> Job | None:
        """The job that `add` would return again for this key; None when it would add one. IdempotencyMismatch."""

    # --- reading ------------------------------------------------------------------------------------------------

    @abstractmethod
    async def get(self, job_id: str) -> Job:
        """The job now. JobNotFound."""

    @abstractmethod
    async def payload(self, job_id: str) -> Payload:
        """The texts and settings of a job. InvalidJob when what is stored cannot be read.

        JobNotFound, perhaps also for a completed job: it is never spoken again, and a store may let its texts go.
        """

    @abstractmethod
    async def page(self, which: JobFilter, limit: int, cursor: str | None = None) -> JobPage:
        """Jobs newest first, stable under inserts. A cursor that is not ours raises InvalidJob."""

    @abstractmethod
    async def count(self, which: JobFilter) -> int:
        """How many jobs all pages together hold. Takes longer the more there are."""

    @abstractmethod
    async def chapters(self, job_id: str) -> list[ChapterRecord]:
        """Every chapter in order, spoken or not. JobNotFound."""

    @abstractmethod
    async def attempts(self, job_id: str) -> list[Attempt]:
        """Every claim so far, oldest first. JobNotFound."""

    @abstractmethod
    async def history(self, job_id: str) -> list[StateChange]:
        """Each state the job has been in and since when, oldest first; the first is pending. JobNotFound."""

    @abstractmethod
    async def position(self, job_id: str) -> int | None:
        """How many jobs would be claimed before this one; None unless it is pending. JobNotFound."""

    @abstractmethod
    async def stats(self) -> QueueStats:
        """Jobs by status."""

    @abstractmethod
    async def waiting_since(self) -> datetime | None:
        """Since when the job that has waited longest could be claimed; None when none may be claimed now.

        Paused or not. Cheap, however many jobs wait.
        """

    @abstractmethod
    async def activity(self, span: timedelta, buckets: int) -> Activity:
        """What was done during the last `span`, in so many steps. Cheap, however many jobs there are.

        Counted by the minute and kept for ACTIVITY_KEPT; deleting a job takes nothing away.
        """

    @abstractmethod
    async def characters_since(self, user_id: str, span: timedelta) -> int:
        """Characters in the jobs that were added for a user during the last `span`, of deleted jobs too.

        What was added is remembered for 24 hours, so that a longer span may miss some.
        """

    # --- claiming -----------------------------------------------------------------------------------------------

    @abstractmethod
    async def claim(self, worker: str, limit: int = 1) -> list[Claim]:
        """Take up to `limit` due jobs, best first: priority, run_at, order of arrival. Nothing while paused.

        Atomic: no job is handed out twice. Each claim sets processing, bumps the lease, counts attempts and
        claims, sets started_at once, starts the heartbeat and opens an attempt record under the worker's name.
        """

    @abstractmethod
    async def next_due(self) -> timedelta | None:
        """How long until some pending job may be claimed: zero if one may now, None if none or while paused."""

    @abstractmethod
    async def wait_for_work(self, timeout: float) -> None:
        """Sleep until something happened that a worker should look at, at most `timeout` seconds.

        Woken by add, settle, cancel, retry and resume in any process, as soon as the store can. May wake for
        nothing. What happened since the last call counts, so that a loop of claim and wait misses no wake-up.
        """

    # --- writes of the lease holder -----------------------------------------------------------------------------

    @abstractmethod
    async def heartbeat(self, leases: Collection[Lease]) -> frozenset[Lease]:
        """Say that these jobs are alive. Returns the leases that are lost; those jobs are not touched."""

    @abstractmethod
    async def lost(self, leases: Collection[Lease]) -> frozenset[Lease]:
        """Which of these leases are lost? A cheap read, for looking often."""

    @abstractmethod
    async def update_progress(self, lease: Lease, progress: Progress) -> Job:
        """Write progress and a heartbeat. percent becomes max(stored, min(percent, 99)). LeaseLost."""

    @abstractmethod
    async def freeze_voice(self, lease: Lease, voice_id: str) -> Job:
        """Record the voice that every chapter of this job will have. The first one stays. LeaseLost."""

    @abstractmethod
    async def save_chapter(self, lease: Lease, chapter: FinishedChapter) -> Job:
        """Record a spoken chapter and a heartbeat; saving it again replaces the pointer. LeaseLost.

        Atomic: when it was the first unfinished chapter, attempts goes back to 1.
        """

    @abstractmethod
    async def forget_chapter(self, lease: Lease, index: int) -> None:
        """The chapter's file is missing: it counts as unfinished again. LeaseLost."""

    @abstractmethod
    async def settle(self, lease: Lease, outcome: Outcome, silent_for: timedelta | None = None) -> Job:
        """End the attempt as `outcome` says and close its record. LeaseLost.

        Complete: completed, 100 %, result with completed_at. Requeue: pending again, worker cleared, a refund
        takes one off attempts (never below 0). Fail: failed with error_message and last_error.
        With `silent_for` it also raises LeaseLost when the job had a heartbeat within that time.
        """

    # --- what users may do --------------------------------------------------------------------------------------

    @abstractmethod
    async def cancel(self, job_id: str) -> Job:
        """Cancel a pending or processing job at once; cancelled already is fine. JobNotFound, NotCancellable."""

    @abstractmethod
    async def retry(self, job_id: str) -> Job:
        """Put a failed or cancelled job back to pending, due now, attempts 0, its finished chapters kept.

        The error fields and completed_at are cleared; progress stays. JobNotFound, NotRetryable, and
        DuplicateJob when another job of its active_key is active.
        """

    @abstractmethod
    async def delete(self, job_id: str) -> None:
        """Remove a job in a final state with all its records. JobNotFound, NotDeletable."""

    # --- upkeep -------------------------------------------------------------------------------------------------

    @abstractmethod
    async def stuck(self, silent_for: timedelta, limit: int = 100) -> Sequence[Claim]:
        """Processing jobs without a heartbeat for that long, with their leases."""

    @abstractmethod
    async def prune(self) -> None:
        """Forget idempotency keys and usage older than 24 hours, closed arrivals, and what else is kept for a time."""

    # --- workers ------------------------------------------------------------------------------------------------

    @abstractmethod
    async def register_worker(self, worker: Worker) -> None:
        """Enter a worker under its name. Atomic: WorkerNameTaken when the name is registered already."""

    @abstractmethod
    async def worker_alive(self, instance: str) -> bool:
        """Heartbeat of a worker; False when it is no longer registered."""

    @abstractmethod
    async def remove_worker(self, instance: str) -> None:
        """Strike a worker off the list; unknown instances are fine. Its jobs are not touched."""

    @abstractmethod
    async def workers(self) -> list[Worker]:
        """All registered workers by name, with the jobs each holds."""

    @abstractmethod
    async def claims_of(self, worker: str) -> list[Claim]:
        """The processing jobs that were claimed under this name."""

    # --- keys of servers ----------------------------------------------------------------------------------------

    @abstractmethod
    async def add_key(self, key: ServerKey) -> None:
        """Let a key in from now on. Atomic: KeyNameTaken when its name or digest is there already."""

    @abstractmethod
    async def key_with(self, digest: str) -> ServerKey | None:
        """The key with this digest."""

    @abstractmethod
    async def keys(self) -> list[ServerKey]:
        """All keys by name."""

    @abstractmethod
    async def remove_key(self, name: str) -> bool:
        """Let a key in no more; False when there is none of that name."""

    # --- the queue as a whole -----------------------------------------------------------------------------------

    @abstractmethod
    async def set_paused(self, paused: bool) -> None:
        """While paused nothing is claimed; running jobs go on. Resuming wakes waiting workers."""

    @abstractmethod
    async def is_paused(self) -> bool:
        """Whether the queue is paused."""

    # --- notes that processes leave for each other -------------------------------------------------------------

    @abstractmethod
    async def note(self, name: str) -> Note:
        """The note of this name, as it stands; an empty one of version 0 when nobody has written it yet."""

    @abstractmethod
    async def write_note(self, name: str, text: str, version: int) -> bool:
        """Replace the text, unless somebody did since `version` was read: then False, and nothing is changed.

        Atomic. A note may be lost when the store's own computer crashes; nothing else of this interface may.
        """

    # --- moving to another store ----------------------------------------------------------------------------------
    # A job leaves here (take_out), is read (departing), comes in there (arrive), and is forgotten here (gone) and there
    # (close_arrivals). Whatever is killed in between, each step may be done again, and by several at once: a departure
    # has a lease of its own, and a store decides once about each.

    @abstractmethod
    async def take_out(self, to: str, after: int = 0, limit: int = 100) -> Departures:
        """Pending jobs leave for the store `to`, in order of arrival, from behind number `after`: delayed ones too,
        paused or not.

        Atomic: a job is claimed, cancelled, or leaves, with a new lease. From then on nobody finds it here, and all
        that belongs to it is kept for `departing`. Its characters still count as a deleted job's do. Jobs that
        somebody else just holds locked may be passed over.
        """

    @abstractmethod
    async def departed(self) -> list[Departed]:
        """Jobs that left and are neither gone nor back."""

    @abstractmethod
    async def departing(self, job_id: str) -> MovingJob | None:
        """A departed job with all that belongs to it. None when it is gone or back."""

    @abstractmethod
    async def arrive(self, job: MovingJob) -> str | None:
        """Take a departed job in, as it was, pending, and wake waiting workers. InvalidJob when it cannot be stored.

        None: it is here, or was. An id: another active job of its active_key is in the way, and it was not taken in.
        Atomic, and decided once for each departure: the answer stays the same whatever became of either job. Its
        idempotency keys come along, except those that stand for another job here.
        """

    @abstractmethod
    async def gone(self, leases: Collection[Lease]) -> None:
        """These departures have arrived elsewhere: forget what was kept. Others are not touched."""

    @abstractmethod
    async def close_arrivals(self, leases: Collection[Lease]) -> None:
        """Nobody will ask `arrive` about these departures any more: a day from now it may forget what it decided."""

    @abstractmethod
    async def come_back(self, lease: Lease) -> bool:
        """The departed job is pending here again, in its old place. False when it is gone or back already.

        Atomic: DuplicateJob, and nothing is changed, when another job of its active_key is active by now.
        """

    # --- live ---------------------------------------------------------------------------------------------------

    longest_silence: float = 15.0
    """Seconds without a hint after which whoever watches a job looks at it by itself: a hint may be lost, above all
    one of a deleted job, of which no row is left.
    """

    @abstractmethod
    def changes(self) -> AsyncGenerator[frozenset[str], None]:
        """Ids of jobs that changed, in any process. The first item is empty and says that it listens now.

        Hints only: several changes may arrive as one, and a deleted job may show up. Whoever needs the state
        reads it by id afterwards; then nothing is missed.
        """
