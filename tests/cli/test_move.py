from __future__ import annotations

import asyncio
import json
import logging
import re
import signal
import time
from collections.abc import Iterator
from contextlib import chdir, suppress
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner
from redis import Redis

from tests.conformance.samples import new_job
from tests.postgres_server import fresh_database
from tests.redis_server import fresh_redis
from ttsqueue.book import BookInfo, Chapter
from ttsqueue.cli import main
from ttsqueue.cli.moving import Moving
from ttsqueue.cli.store_address import both_addresses, shown
from ttsqueue.departed import leave_address
from ttsqueue.errors import SettingsError
from ttsqueue.jobs import Lease, NewJob
from ttsqueue.local_user import LOCAL_USER_ID
from ttsqueue.outcome import Requeue
from ttsqueue.providers.redis import RedisProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.result import FinishedChapter
from ttsqueue.settings import load_settings
from ttsqueue.side import Side
from ttsqueue.storage import LocalStorage
from ttsqueue.storage.file_ids import audio_file_id
from ttsqueue.store_identity import identity_of

from .books import write_book
from .program import Ended, Program, end
from .test_terminal import in_a_terminal


class CalledHere(Program):
    """The program without a process of its own, which would take longer to start than to move a thousand books."""

    def __call__(self, *arguments: str | Path, code: int = 0) -> Ended:
        with chdir(self.here):
            result = CliRunner().invoke(main, [*map(str, arguments)], env=self.environment)
        ended = Ended(result.exit_code, result.stdout, result.stderr)
        assert ended.code == code, ended
        assert "Traceback" not in ended.err
        return ended


@pytest.fixture
def ttsqueue(tmp_path: Path, here: Path) -> Iterator[Program]:
    set_up = set(logging.getLogger("ttsqueue").handlers)
    yield CalledHere(tmp_path / "data", here)
    for handler in set(logging.getLogger("ttsqueue").handlers) - set_up:
        logging.getLogger("ttsqueue").removeHandler(handler)


@pytest.fixture
def redis() -> Iterator[str]:
    with fresh_redis() as url:
        yield url


@pytest.fixture
def old(ttsqueue: Program) -> Path:
    """The SQLite file of the program."""
    return ttsqueue.data / "ttsqueue.db"


@pytest.fixture
def moved_in(ttsqueue: Program, redis: str) -> Program:
    """The same program after the settings were changed to Redis."""
    return CalledHere(ttsqueue.data, ttsqueue.here, {"QUEUE_PROVIDER": "redis", "REDIS_URL": redis})


def add_books(file: Path, number: int) -> list[str]:
    async def add() -> list[str]:
        file.parent.mkdir(mode=0o700, exist_ok=True)
        provider = SqliteProvider(file)
        await provider.open()
        chapters = (Chapter("ch1", "Fog came in.", "One"), Chapter("ch2", "It went.", "Two"))
        books = [NewJob(str(uuid4()), LOCAL_USER_ID, chapters, book=BookInfo(title=f"Fog {n}")) for n in range(number)]
        jobs = await asyncio.gather(*map(provider.add, books))
        await provider.aclose()
        return [job.id for job in jobs]

    return asyncio.run(add())


def listed(program: Program) -> list[str]:
    return [job["id"] for job in program("list", "--json", "--limit", "100").json["jobs"]]


# --- which stores -----------------------------------------------------------------------------------------------------


def addresses(source: str | None = None, target: str | None = None, **settings: str) -> tuple[str, str]:
    return both_addresses(source, target, load_settings({"TTSQUEUE_DATA": "/data", **settings}))


FILE = "sqlite:////data/ttsqueue.db"
PG = "postgresql://db/books"
REDIS = "redis://cache:6379"
ON_REDIS = {"QUEUE_PROVIDER": "redis", "REDIS_URL": REDIS}


def test_without_a_word_books_come_from_where_the_settings_pointed_before() -> None:
    assert addresses(**ON_REDIS) == (FILE, REDIS)
    assert addresses(**ON_REDIS, DATABASE_URL=PG) == (PG, REDIS)
    assert addresses(DATABASE_URL=PG) == (FILE, PG)


def test_what_is_named_is_taken_and_the_settings_are_the_other_end() -> None:
    assert addresses(source="old.db", **ON_REDIS) == ("old.db", REDIS)
    assert addresses(target=REDIS) == (FILE, REDIS)
    assert addresses(target=REDIS, DATABASE_URL=PG) == (PG, REDIS)
    assert addresses(target=REDIS, **ON_REDIS) == (FILE, REDIS)
    assert addresses("a.db", "b.db", DATABASE_URL=PG) == ("a.db", "b.db")


def test_where_nothing_was_changed_the_other_store_has_to_be_named() -> None:
    with pytest.raises(SettingsError, match="Name the other store"):
        addresses()


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("postgresql://ann:s3cret@db:5432/books?sslmode=require&password=s3cret", "postgresql://db:5432/books"),
        ("rediss://default:s3cret@cache.example:6379/2", "rediss://cache.example:6379/2"),
        ("redis://:s3c@ret@cache", "redis://cache"),
        ("sqlite:////data/x.db", "/data/x.db"),
    ],
)
def test_passwords_are_never_shown(address: str, seen: str) -> None:
    assert shown(address) == seen


def test_a_file_is_named_so_that_it_is_found_from_every_folder(here: Path) -> None:
    """What is on its way to it may be looked for from another one."""
    with chdir(here):
        assert shown("x.db") == shown("sqlite:///x.db") == shown("./x.db") == str(here / "x.db")
    assert shown("~/x.db") == str(Path.home() / "x.db")


def test_no_password_is_told_when_a_store_is_away(ttsqueue: Program, old: Path) -> None:
    add_books(old, 1)
    for url in ("postgresql://ann:s3cret@127.0.0.1:1/books", "redis://ann:s3cret@127.0.0.1:1/0"):
        for options in (("--dry-run",), ()):
            told = ttsqueue("move", "--to", url, *options, code=1).err
            assert "does not answer" in told
            assert "127.0.0.1:1" in told
            assert "s3cret" not in told
    assert len(listed(ttsqueue)) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--from", "missing.db"), "missing.db: nothing to move."),
        (("--from", "ftp://x"), "ftp://x is no address of a store"),
        (("--from", "https://cache.example"), "the address of a REST API"),
        (("--from", "a.db", "--to", "a.db"), "is both ends of this move"),
        (("--from", "a.db", "--to", "./a.db"), "is both ends of this move"),
    ],
)
def test_a_wrong_call_is_told_and_makes_nothing(
    moved_in: Program, here: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in moved_in("move", *arguments, code=2).err
    assert list(here.iterdir()) == []


def test_one_store_by_two_names(ttsqueue: Program, old: Path, here: Path) -> None:
    add_books(old, 1)
    (here / "link.db").symlink_to(old)
    assert "are the same store" in ttsqueue("move", "--to", "link.db", code=1).err
    assert len(listed(ttsqueue)) == 1


# --- moving -----------------------------------------------------------------------------------------------------------


def test_a_dry_run_counts_and_changes_nothing(ttsqueue: Program, moved_in: Program, old: Path, redis: str) -> None:
    waiting = add_books(old, 3)
    ttsqueue("add", write_book(ttsqueue.here), "--delay", "1h")
    told = moved_in("move", "--dry-run").out
    assert told == f"4 books (1 of them delayed) would move from {old} to {redis}.\n"
    assert moved_in("move", "--dry-run", "--json").json == {
        "from": str(old), "to": redis, "pending": 4, "delayed": 1, "processing": 0, "onTheWay": 0,
    }  # fmt: skip
    assert listed(moved_in) == []
    assert set(waiting) < set(listed(ttsqueue))
    assert "would move" in ttsqueue("move", "--to", "new.db", "--dry-run").out
    assert not (ttsqueue.here / "new.db").exists()


def test_books_move_and_are_spoken_there(ttsqueue: Program, moved_in: Program, old: Path, redis: str) -> None:
    waiting = add_books(old, 2)
    assert moved_in("move").out == f"2 books moved from {old} to {redis}.\n"
    assert (listed(ttsqueue), sorted(listed(moved_in))) == ([], sorted(waiting))
    assert "nothing" not in moved_in("move").err
    worker = moved_in.start("work")
    try:
        deadline = time.monotonic() + 60
        while moved_in("stats", "--json").json["completed"] < 2:
            assert time.monotonic() < deadline
    finally:
        end(worker)


def test_back_and_on_to_postgresql(moved_in: Program, old: Path) -> None:
    waiting = add_books(old, 20)
    with fresh_database() as database:
        assert moved_in("move", "--json").json["moved"] == 20
        assert moved_in("move", "--to", database, "--json").json["moved"] == 20
        assert moved_in("move", "--from", database, "--to", "back.db", "--json").json["moved"] == 20
    back = CalledHere(moved_in.data, moved_in.here, {"DATABASE_URL": "sqlite:///back.db"})
    assert sorted(listed(back)) == sorted(waiting)


def test_a_book_that_is_there_already_stays_and_is_named(ttsqueue: Program, moved_in: Program) -> None:
    book = write_book(ttsqueue.here)
    ttsqueue("add", book)
    moved_in("add", book)
    (job,), (twin,) = listed(ttsqueue), listed(moved_in)
    ended = moved_in("move", code=1)
    assert ended.out.startswith("0 books moved")
    assert f"The Lighthouse at Noon (job {job}) stays: the same book is there already, as job {twin}." in ended.err
    assert f"1 book still waits in {ttsqueue.data / 'ttsqueue.db'}." in ended.err
    assert moved_in("move", "--json", code=1).json["stayed"][0]["jobId"] == job
    assert listed(ttsqueue) == [job]


def first_chapter(job_id: str) -> str:
    return audio_file_id(Lease(job_id, 1), "c0001", "m4a")


def claim(file: Path, *, speak: bool = False) -> Lease:
    """A worker that has died took a book, and perhaps spoke its first chapter."""

    async def take() -> Lease:
        provider = SqliteProvider(file)
        await provider.open()
        (claim,) = await provider.claim("worker-1")
        if speak:
            await provider.save_chapter(claim.lease, FinishedChapter(0, first_chapter(claim.job.id), 1.0))
            await provider.settle(claim.lease, Requeue("handed_back", refund=True))
        await provider.aclose()
        return claim.lease

    return asyncio.run(take())


def test_books_that_are_being_spoken_stay_and_are_told_of(moved_in: Program, old: Path) -> None:
    add_books(old, 2)
    claim(old)
    assert "1 book is being spoken there, and would stay." in moved_in("move", "--dry-run").out
    ended = moved_in("move")
    assert ended.out.startswith("1 book moved")
    assert "1 book is still being spoken there." in ended.err
    assert "--wait" in ended.err


def test_with_wait_it_goes_on_until_they_come_back(moved_in: Program, old: Path) -> None:
    (job,) = add_books(old, 1)
    lease = claim(old)
    moving = moved_in.start("move", "--wait", "--json")
    try:
        time.sleep(2)
        assert moving.poll() is None
        asyncio.run(hand_back(old, lease))
        ended = moved_in.wait(moving)
    finally:
        end(moving)
    assert (ended.code, ended.json["moved"], ended.json["processing"]) == (0, 1, 0)
    assert listed(moved_in) == [job]


async def hand_back(file: Path, lease: Lease) -> None:
    provider = SqliteProvider(file)
    await provider.open()
    await provider.settle(lease, Requeue("handed_back", refund=True))
    await provider.aclose()


def test_sound_that_lies_elsewhere_is_a_warning(moved_in: Program, old: Path) -> None:
    (job,) = add_books(old, 1)
    claim(old, speak=True)
    ended = moved_in("move")
    assert "Chapters that are finished were not found where these settings keep sound" in ended.err
    assert listed(moved_in) == [job]


def test_sound_that_is_there_is_not(moved_in: Program, old: Path) -> None:
    (job,) = add_books(old, 1)
    claim(old, speak=True)
    sound = LocalStorage(moved_in.data / "audio").path(first_chapter(job))
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"sound")
    assert moved_in("move").err == ""


# --- stopped and killed -----------------------------------------------------------------------------------------------


def take_out(file: Path, redis: str) -> None:
    """What a mover did that was killed right then."""

    async def leave() -> None:
        source, target = SqliteProvider(file), RedisProvider(redis)
        await source.open()
        await target.open()
        await leave_address(Side(source, ""), await identity_of(target), redis)
        await source.take_out(await identity_of(target))
        await source.aclose()
        await target.aclose()

    asyncio.run(leave())


def test_the_next_run_goes_on_and_says_what_was_under_way(
    ttsqueue: Program, moved_in: Program, old: Path, redis: str
) -> None:
    waiting = add_books(old, 2)
    moved_in("move")
    add_books(old, 1)
    take_out(old, redis)
    assert "1 book of an earlier move is on the way." in moved_in("move", "--dry-run").out
    ttsqueue.variables["TTSQUEUE_PORT"] = "0"
    assert f"warn  move: Books are on the way to {redis}" in ttsqueue("doctor").out
    assert moved_in("move", "--json").json["moved"] == 1
    assert len(listed(moved_in)) == len(waiting) + 1
    assert "move:" not in ttsqueue("doctor").out


def test_books_on_their_way_elsewhere_are_told_of_with_where_they_go(ttsqueue: Program, old: Path, redis: str) -> None:
    add_books(old, 2)
    take_out(old, redis)
    add_books(old, 1)
    ended = ttsqueue("move", "--to", "new.db", "--json", code=1)
    assert (ended.json["moved"], ended.json["onTheWay"]) == (1, 2)
    assert f"2 books are on the way to {redis} since an earlier move, in neither queue. With --to {redis} " in ended.err
    assert ttsqueue("move", "--to", redis, "--json").json["moved"] == 2
    assert ttsqueue("move", "--to", "new.db").err == ""


def test_a_destination_that_was_replaced_is_not_waited_for(ttsqueue: Program, old: Path, redis: str) -> None:
    """The same command will never reach it."""
    waiting = add_books(old, 2)
    take_out(old, redis)
    with Redis.from_url(redis) as server:
        server.flushdb()
    ended = ttsqueue("move", "--to", redis, code=1)
    back = f"ttsqueue move --give-back --from {old}"
    assert ended.err == (
        f"2 books are on the way, in neither queue, to a store that was at {redis} before and is not there now. "
        f"Should it be gone for good, this puts them back: {back}\n"
    )
    assert ttsqueue(*back.split()[1:], "--json").json["returned"] == 2
    assert ttsqueue("move", "--to", redis, "--json").json["moved"] == len(waiting)


def test_a_changed_mind(ttsqueue: Program, moved_in: Program, old: Path, redis: str) -> None:
    waiting = add_books(old, 3)
    take_out(old, redis)
    moved_in("move", "--from", redis, "--to", old)
    assert sorted(listed(ttsqueue)) == sorted(waiting)
    assert listed(moved_in) == []


def test_a_destination_that_is_gone_for_good(ttsqueue: Program, old: Path, redis: str) -> None:
    waiting = add_books(old, 3)
    take_out(old, redis)
    assert ttsqueue("move", "--give-back", "--json").json == {"from": str(old), "returned": 3}
    assert sorted(listed(ttsqueue)) == sorted(waiting)
    assert ttsqueue("move", "--give-back").out == f"No book is on its way from {old}.\n"


def test_giving_back_without_a_store_is_told(ttsqueue: Program) -> None:
    ttsqueue.variables["QUEUE_PROVIDER"] = "redis"
    told = ttsqueue("move", "--give-back", code=2).err
    assert "Name the store that the books left: ttsqueue move --give-back --from STORE." in told


@pytest.mark.parametrize("signals", [(signal.SIGKILL,), (signal.SIGINT,), (signal.SIGTERM,)])
def test_however_it_is_stopped_the_same_command_goes_on(
    ttsqueue: Program, moved_in: Program, old: Path, signals: tuple[signal.Signals, ...]
) -> None:
    waiting = add_books(old, 1500)
    moving = moved_in.start("move", "--json")
    try:
        deadline = time.monotonic() + 60
        while moved_in_count(moved_in) == 0:
            assert time.monotonic() < deadline
        for number in signals:
            moving.send_signal(number)
        stopped = moved_in.wait(moving)
    finally:
        end(moving)
    if signals == (signal.SIGKILL,):
        assert stopped.code == -9
    else:
        assert stopped.code == 130
        assert "Nothing is half-way. The same command goes on from here." in stopped.err
        assert 0 < stopped.json["moved"] < 1500
        assert stopped.json["onTheWay"] == 0
        assert f"{stopped.json['pending']:,} books still wait in " in stopped.err
    again = moved_in("move", "--json").json
    assert (again["pending"], again["onTheWay"]) == (0, 0)
    stats = moved_in("stats", "--json").json
    assert stats["pending"] == len(waiting)


def moved_in_count(program: Program) -> int:
    """Without the time that a program takes to start."""
    with suppress(Exception):
        return asyncio.run(_pending(program.variables["REDIS_URL"]))
    return 0


async def _pending(url: str) -> int:
    provider = RedisProvider(url)
    await provider.open()
    try:
        return (await provider.stats()).pending
    finally:
        await provider.aclose()


# --- looks ------------------------------------------------------------------------------------------------------------


def test_a_terminal_shows_a_bar_and_a_pipe_gets_the_result_alone(moved_in: Program, old: Path) -> None:
    add_books(old, 40)
    bar = in_a_terminal(moved_in, "move")
    assert "\x1b[" in bar
    assert "Moving" in bar
    assert re.search(r"40/40", bar)
    add_books(old, 3)
    plain = moved_in("move", "--json")
    assert (plain.err, json.loads(plain.out)["moved"]) == ("", 3)


def test_books_on_the_way_are_no_success(moved_in: Program, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a mover beside this one, which may have been killed."""
    add_books(old, 2)
    run = Moving.run

    async def beside_another(self: Moving, *, until_empty: bool) -> None:
        await run(self, until_empty=until_empty)
        await self.source.provider.add(new_job())
        await self.source.provider.take_out(await identity_of(self.target.provider))

    monkeypatch.setattr(Moving, "run", beside_another)
    ended = moved_in("move", code=1)
    assert "2 books moved" in ended.out
    assert "1 book is on the way, in neither queue: run the same command again" in ended.err
