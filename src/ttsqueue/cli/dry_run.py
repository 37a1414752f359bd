"""`speak --dry-run`: what would be spoken and what it would cost, without a queue and without a sound."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

from ttsqueue.app import make_engines, make_provider, make_servers
from ttsqueue.books import Book, read_book
from ttsqueue.cli.book_job import Numbered, book_job, chosen_chapters
from ttsqueue.cli.failure import FAILED, complain
from ttsqueue.cli.output import print_json, print_table, say
from ttsqueue.cli.wish import Wish
from ttsqueue.cli.wording import counted, length
from ttsqueue.costs.estimate import Estimate, estimate
from ttsqueue.costs.price_list import PriceList, money
from ttsqueue.engines.catalogue import DEFAULT, VoiceCatalogue
from ttsqueue.engines.estimate import estimate_seconds
from ttsqueue.errors import EngineError, TTSQueueError, UnknownVoice
from ttsqueue.jobs import NewJob
from ttsqueue.settings import load_settings


def show_books(paths: list[Path], wish: Wish, as_json: bool) -> int:
    """Show each book; with JSON, one object per line. Returns the exit code."""
    return FAILED if sum([not _show(path, wish, as_json) for path in paths]) else 0


def _show(path: Path, wish: Wish, as_json: bool) -> bool:
    try:
        book = asyncio.run(read_book(path))
        chosen = chosen_chapters(book, wish)
        whole = asyncio.run(_estimate(book_job(book, wish)))
    except TTSQueueError as error:
        complain(f"{path.name}: {error}")
        return False
    language = wish.language or book.language
    seconds = [estimate_seconds(len(one.chapter.text), wish.speed, language) for one in chosen]
    if as_json:
        print_json(_json(book, language, chosen, seconds) | _whole_json(whole))
    else:
        _print(book, language, chosen, seconds)
        if whole and whole.by_server:
            say(_calls_in_words(whole))
    return True


async def _estimate(job: NewJob) -> Estimate | None:
    """None when nobody speaks this language and no voice was named: the book can be shown all the same."""
    settings = load_settings()
    servers = make_servers(settings, make_provider(settings))
    voices = VoiceCatalogue(make_engines(settings, servers), settings.default_voice)
    try:
        with suppress(*(UnknownVoice, EngineError) if job.voice_settings.voice_id == DEFAULT else ()):
            voice = await voices.resolve(job.voice_settings.voice_id, job.book.language)
            return estimate(job, voice, voices.engine_of(voice), PriceList(servers.described))
        return None
    finally:
        await voices.aclose()


def _json(book: Book, language: str, chosen: list[Numbered], seconds: list[float]) -> dict[str, object]:
    return {
        "title": book.title,
        "author": book.author,
        "language": language,
        "chapters": [
            {"title": one.chapter.title, "characters": len(one.chapter.text), "estimatedSeconds": round(estimate, 1)}
            for one, estimate in zip(chosen, seconds, strict=True)
        ],
    }


def _whole_json(whole: Estimate | None) -> dict[str, object]:
    if whole is None:
        return dict.fromkeys(("voiceId", "characters", "calls", "estimatedSeconds", "estimatedCost", "costUnknown"))
    return {
        "voiceId": whole.voice_id,
        "characters": whole.characters,
        "calls": whole.calls,
        "estimatedSeconds": round(whole.seconds, 1),
        "estimatedCost": None if whole.cost is None else round(whole.cost, 6),
        "costUnknown": whole.cost_unknown,
    }


def _print(book: Book, language: str, chosen: list[Numbered], seconds: list[float]) -> None:
    say(", ".join(fact for fact in (book.title, book.author, language) if fact))
    rows = [
        (str(one.number), one.chapter.title, f"{len(one.chapter.text):,}", f"about {length(estimate)}")
        for one, estimate in zip(chosen, seconds, strict=True)
    ]
    left_out = [
        ("-", chapter.title, f"{len(chapter.text):,}", f"left out: {chapter.left_out}")
        for chapter in book.chapters
        if chapter.left_out
    ]
    print_table((">", "CHAPTER", ">CHARACTERS", "LENGTH"), rows + left_out)
    say(f"{counted(len(chosen), 'chapter')}, about {length(sum(seconds))}")


def _calls_in_words(whole: Estimate) -> str:
    """Of a voice of a TTS server, which may cost nothing."""
    calls = f"{whole.voice_id}: about {counted(whole.calls, 'call')} with {whole.characters:,} characters"
    cost = "" if whole.cost is None else f", about {money(whole.cost)} in the currency of your servers.toml"
    return f"{calls}{cost}. {whole.cost_unknown}" if whole.cost_unknown else calls + cost
