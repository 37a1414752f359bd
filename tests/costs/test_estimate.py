"""What a book will take and cost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.worker.samples import book_of, text
from tests.worker.tone_engine import ToneEngine
from ttsqueue.books.sentences import pieces
from ttsqueue.costs.calls import calls_of_each
from ttsqueue.costs.ceilings import Ceilings
from ttsqueue.costs.estimate import estimate
from ttsqueue.costs.price_list import PriceList, money
from ttsqueue.engines.engine import Voice
from ttsqueue.errors import SettingsError
from ttsqueue.jobs import JobType
from ttsqueue.servers.server import SpeechServer

BELLA = Voice("openai", "bella", "en")


def server(name: str, price: float | None, *voices: str, engine: str = "openai") -> SpeechServer:
    return SpeechServer(name, engine, "http://127.0.0.1/v1", voices=voices, price_per_million_characters=price)


def test_the_dearest_server_that_may_be_called_counts() -> None:
    prices = PriceList((server("a", 15, "bella"), server("b", 30, "bella", "emma"), server("c", None, "free")))
    assert [prices.per_million(f"openai:{name}") for name in ("bella", "emma", "free", "nobody")] == [
        30,
        30,
        None,
        None,
    ]
    assert prices.per_million("espeak:en-us") is None
    assert prices.cost("openai:bella", 500_000) == 15


def test_a_server_without_a_list_of_voices_has_all_of_its_engine() -> None:
    prices = PriceList((server("a", 15, engine="elevenlabs"),))
    assert prices.per_million("elevenlabs:anybody") == 15
    assert prices.per_million("openai:anybody") is None


def test_a_server_with_a_key_and_no_price_is_named_and_a_price_of_nothing_is_one() -> None:
    rented = replace(server("rented", None, "nova"), api_key="sk-1")
    prices = PriceList((rented, server("home", None, "bella"), replace(server("mine", 0, "emma"), api_key="sk-2")))
    assert "The TTS server rented may cost money" in (prices.unknown("openai:nova") or "")
    assert "price_per_million_characters" in (prices.unknown("openai:nova") or "")
    assert [prices.unknown(voice) for voice in ("openai:bella", "openai:emma", "espeak:en-us")] == [None] * 3
    assert [prices.cost(f"openai:{voice}", 1000) for voice in ("nova", "bella", "emma")] == [None] * 3
    assert [each.may_cost for each in prices.servers] == [True, False, False]


@pytest.mark.parametrize("ceilings", [Ceilings(per_user=1), Ceilings(together=1)], ids=["per user", "together"])
def test_no_ceiling_holds_where_a_price_is_missing(ceilings: Ceilings) -> None:
    rented = replace(server("rented", None, "nova"), api_key="sk-1")
    with pytest.raises(SettingsError, match=r"TTS server rented .*price_per_million_characters"):
        ceilings.check(PriceList((server("home", None, "bella"), rented)))
    ceilings.check(PriceList((server("home", None, "bella"), replace(rented, price_per_million_characters=0))))
    Ceilings().check(PriceList((rented,)))


def test_what_is_not_spoken_is_not_paid_for() -> None:
    job = book_of([text(1), "* * *", text(2)])
    whole = estimate(job, BELLA, ToneEngine(), PriceList((server("a", 1_000_000, "bella"),)))
    assert whole.characters == whole.cost == len(text(1)) + len(text(2))
    assert whole.chapters == 3
    assert whole.seconds == pytest.approx(whole.characters / 16.5)


def test_a_sample_costs_at_most_its_thousand_characters() -> None:
    job = book_of([text(1, 100)], job_type=JobType.SAMPLE)
    assert estimate(job, BELLA, ToneEngine(), PriceList()).characters == 1000


def test_a_faster_voice_is_heard_for_less_time() -> None:
    job = book_of([text(1)])
    twice = replace(job, voice_settings=replace(job.voice_settings, speed=2.0))
    slow, fast = (estimate(one, BELLA, ToneEngine(), PriceList()).seconds for one in (job, twice))
    assert fast == pytest.approx(slow / 2)


PARAGRAPHS = "\n\n".join(text(number, 10) for number in range(60))
"""Of about 690 characters: two never fit into a call of 1,000."""


@pytest.mark.parametrize("most", [400, 1000, 3000])
def test_calls_are_told_as_they_are_made(most: int) -> None:
    prose = "\n\n".join(text(number, 3 + number % 9) for number in range(200))
    chapters = [PARAGRAPHS, "* * *", prose]
    made = [len(list(pieces(chapter, "en", most))) for chapter in chapters]
    assert list(calls_of_each(chapters, "en", most)) == [made[0], 0, made[2]]


def test_of_a_very_long_book_calls_are_told_to_within_a_twentieth() -> None:
    prose = "\n\n".join(text(number, 3 + number % 9) for number in range(3000))
    chapters = [prose, prose, PARAGRAPHS, prose, "Amen."]
    assert sum(map(len, chapters)) > 2_000_000
    told = list(calls_of_each(chapters, "en", 1000))
    made = [len(list(pieces(chapter, "en", 1000))) for chapter in chapters]
    assert told == [
        pytest.approx(number, rel=0.35 if chapter is PARAGRAPHS else 0.05)
        for number, chapter in zip(made, chapters, strict=True)
    ]
    assert sum(told) == pytest.approx(sum(made), rel=0.05)


@pytest.mark.parametrize(
    ("amount", "words"), [(4.1, "4.10"), (1234.5, "1,234.50"), (0.1, "0.10"), (0.0042, "0.0042"), (0, "0.00")]
)
def test_money_is_told_so_that_it_says_something(amount: float, words: str) -> None:
    assert money(amount) == words
