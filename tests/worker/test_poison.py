"""Sentences that a voice cannot speak: they cost a few calls, and never the attempts of a book."""

from __future__ import annotations

from array import array
from collections.abc import AsyncGenerator
from itertools import pairwise

import pytest

from ttsqueue.engines.engine import Voice
from ttsqueue.errors import EngineError, TextRefused
from ttsqueue.jobs import Job, JobStatus

from .at_work import Studio, finished_chapters, outcomes
from .samples import book_of, text
from .tone_engine import ToneEngine

JAM = "Then came jam and nothing else of note."
CHAPTER = f"{text(1, 8)} {JAM} {text(2, 8)}"

TROUBLE = ["crash", "hang", "empty", "silence", "short", "endless", "distorted", "refused"]


class Choking(ToneEngine):
    """Cannot speak what has `jam` in it; `trouble` says how that ends, `ill` that it is so with every text."""

    trouble = "crash"
    ill = False
    choked = 0
    most_choking = 1_000_000
    """Times; after that it can."""

    async def speak(self, text: str, voice: str, speed: float) -> AsyncGenerator[bytes, None]:
        if not (self.ill or "jam" in text) or self.choked >= self.most_choking:
            async for pcm in super().speak(text, voice, speed):
                yield pcm
            return
        self.choked += 1
        self.spoken.append(text)
        async for pcm in self._trouble():
            yield pcm

    async def _trouble(self) -> AsyncGenerator[bytes, None]:
        second = self.sample_rate
        match self.trouble:
            case "crash":
                yield bytes(2 * second)
                raise EngineError("The engine died: Aborted (SIGABRT).", code="ENGINE_CRASHED")
            case "hang":
                raise EngineError("The engine hung.", code="ENGINE_TIMEOUT")
            case "refused":
                raise TextRefused("The server refuses: no jam.")
            case "silence":
                yield bytes(4 * second)
            case "short":
                yield array("h", [5000, -5000] * 50).tobytes()
            case "endless":
                while True:
                    yield array("h", [5000, -5000] * second).tobytes()
            case "distorted":
                yield array("h", [32767, -32768] * second).tobytes()


class StandIn(ToneEngine):
    """Another engine, at another rate."""

    name = "spare"
    sample_rate = 16_000
    offer_of = "en-GB"

    def __init__(self) -> None:
        super().__init__()
        self.offer = [Voice("spare", "nord", "nb"), Voice("spare", "plain", "en-US")]


@pytest.fixture
def tone() -> Choking:
    return Choking()


async def spoken(studio: Studio, **changes: object) -> Job:
    return await studio.speak(book_of([text(0), CHAPTER, text(3)]), chapters=1, **changes)


@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize("trouble", TROUBLE)
async def test_what_always_goes_wrong_fails_the_book_at_once_and_is_quoted(
    studio: Studio, tone: Choking, trouble: str, costly: bool
) -> None:
    tone.trouble, tone.is_costly = trouble, costly
    job = await spoken(studio)
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert job.error_message is not None
    assert f'"{JAM}"' in job.error_message
    assert job.error_message.startswith("tone:high cannot speak this (")
    assert list(await finished_chapters(studio.queue, job.id)) == [0]
    assert tone.choked <= 5


@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize("times", [1, 2, 3])
async def test_what_goes_wrong_sometimes_costs_no_attempt(
    studio: Studio, tone: Choking, times: int, costly: bool
) -> None:
    tone.most_choking, tone.is_costly = times, costly
    job = await spoken(studio)
    assert job.status is JobStatus.COMPLETED
    assert await outcomes(studio.queue, job.id) == ["completed"]
    assert job.result is not None
    assert not any(chapter.substitutions for chapter in job.result.chapters)


async def test_only_that_sentence_is_asked_for_again_and_again(studio: Studio, tone: Choking) -> None:
    tone.is_costly = True
    await spoken(studio)
    again = [piece for piece in set(tone.spoken) if tone.spoken.count(piece) > 1]
    assert {piece.count("jam") for piece in again} == {1}
    assert len(again) == 2  # the piece, and the sentence


@pytest.mark.parametrize("wish", ["spare", "spare:plain"])
@pytest.mark.parametrize("costly", [False, True])
@pytest.mark.parametrize("trouble", ["crash", "silence", "refused"])
async def test_with_a_fallback_another_voice_speaks_that_sentence_and_the_result_says_so(
    studio: Studio, tone: Choking, trouble: str, costly: bool, wish: str
) -> None:
    stand_in = StandIn()
    studio.engines.append(stand_in)
    tone.trouble, tone.is_costly = trouble, costly
    job = await spoken(studio, fallback=wish)
    assert await outcomes(studio.queue, job.id) == ["completed"]
    assert [piece.strip() for piece in stand_in.spoken] == [JAM]
    assert job.result is not None
    marked = [[(one.text, one.voice_id) for one in chapter.substitutions] for chapter in job.result.chapters]
    assert marked == [[], [(JAM, "spare:plain")], []]
    words = [len(chapter.split()) for chapter in (text(0), CHAPTER, text(3))]
    lengths = [chapter.duration for chapter in job.result.chapters]
    for (few, short), (many, long) in pairwise(sorted(zip(words, lengths, strict=True))):
        assert long / short == pytest.approx(many / few, rel=0.05)


async def test_a_fallback_that_chokes_too_fails_the_book(studio: Studio, tone: Choking) -> None:
    spare = Choking()
    spare.name, spare.offer = "spare", [Voice("spare", "plain", "en-US")]
    studio.engines.append(spare)
    job = await spoken(studio, fallback="spare")
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert job.error_message is not None
    assert JAM in job.error_message


async def test_a_fallback_that_is_not_there_fails_the_book_as_if_there_were_none(
    studio: Studio, tone: Choking, caplog: pytest.LogCaptureFixture
) -> None:
    job = await spoken(studio, fallback="nobody:here")
    assert job.status is JobStatus.FAILED
    assert "there is no fallback voice" in caplog.text


@pytest.mark.parametrize("costly", [False, True])
async def test_an_engine_that_is_ill_is_not_the_fault_of_a_sentence(
    studio: Studio, tone: Choking, costly: bool
) -> None:
    """The attempts of the job are for that: the engine may be well again in a while."""
    tone.ill, tone.is_costly = True, costly
    job = await spoken(studio)
    assert await outcomes(studio.queue, job.id) == ["retried", "retried", "failed"]
    assert job.error_message == "The engine died: Aborted (SIGABRT)."


async def test_an_engine_that_only_makes_silence_is_not_replaced_for_a_whole_book(
    studio: Studio, tone: Choking
) -> None:
    spare = StandIn()
    studio.engines.append(spare)
    tone.ill, tone.trouble = True, "silence"
    job = await studio.speak(book_of([text(1, 30)], max_attempts=1), fallback="spare")
    assert job.status is JobStatus.FAILED
    assert len(spare.spoken) < 10


@pytest.mark.parametrize("fallback", [None, "spare"])
async def test_a_server_that_refuses_every_text_fails_the_book_at_once_with_its_reason(
    studio: Studio, tone: Choking, fallback: str | None
) -> None:
    spare = StandIn()
    studio.engines.append(spare)
    tone.ill, tone.trouble, tone.is_costly = True, "refused", True
    job = await studio.speak(book_of([text(1, 30)]), fallback=fallback)
    assert (job.status, job.attempts, job.error_code) == (JobStatus.FAILED, 1, "REFUSED")
    assert job.error_message == "The server refuses: no jam."
    assert (tone.choked, spare.spoken) == (2, [])


@pytest.mark.parametrize("costly", [False, True])
async def test_a_voice_that_falls_ill_later_is_not_taken_for_well_by_what_was_kept(
    studio: Studio, tone: Choking, costly: bool
) -> None:
    """Pieces of costly sound are kept, also of what proves that a voice speaks at all."""
    spare = StandIn()
    studio.engines.append(spare)
    tone.trouble, tone.is_costly = "refused", costly
    assert (await spoken(studio, fallback="spare")).status is JobStatus.COMPLETED
    tone.ill = True
    before = len(spare.spoken)
    job = await studio.speak(book_of([text(5, 30)]), fallback="spare")
    assert (job.status, job.error_message) == (JobStatus.FAILED, "The server refuses: no jam.")
    assert len(spare.spoken) == before


async def test_what_a_server_refuses_is_not_asked_again_in_the_same_words(studio: Studio, tone: Choking) -> None:
    tone.trouble, tone.is_costly = "refused", True
    await spoken(studio)
    jams = [piece for piece in tone.spoken if "jam" in piece]
    assert len(jams) == len(set(jams)) == 2


async def test_a_server_that_refuses_sentence_after_sentence_is_not_replaced_for_a_whole_book(
    studio: Studio, tone: Choking
) -> None:
    spare = StandIn()
    studio.engines.append(spare)
    tone.trouble, tone.is_costly = "refused", True
    job = await studio.speak(book_of([" ".join([JAM] * 40)]), fallback="spare")
    assert (job.status, job.attempts, job.error_message) == (JobStatus.FAILED, 1, "The server refuses: no jam.")
    assert len(spare.spoken) < 10


async def test_signs_that_crash_an_engine_are_left_out(studio: Studio, tone: Choking) -> None:
    """Nothing is lost with them: there is no word in them."""

    def fault(piece: str) -> None:
        if "***" in piece:
            raise EngineError("The engine died.", code="ENGINE_CRASHED")

    tone.fault = fault
    job = await studio.speak(book_of([f"{text(1)}\n\n***\n\n{text(2)}"]))
    assert job.status is JobStatus.COMPLETED


async def test_progress_does_not_count_a_chapter_twice(studio: Studio, tone: Choking) -> None:
    tone.most_choking = 1
    heard: list[int] = []
    original = studio.queue.provider.update_progress

    async def listening(lease, progress):  # type: ignore[no-untyped-def]
        heard.append(progress.percent)
        return await original(lease, progress)

    studio.queue.provider.update_progress = listening  # type: ignore[method-assign]
    await spoken(studio)
    assert max(heard) <= 100
