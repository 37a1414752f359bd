"""The children: they are stopped at once, their death is survived, and none is left behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.engines.speech import LONG_STORY, STORY, children, seconds
from ttsqueue.engines.espeak import EspeakEngine, espeak_program, installed_library
from ttsqueue.engines.speaking_process import SpeakingProcess, how_it_ended
from ttsqueue.errors import EngineError

PARENT = """
import asyncio
from ttsqueue.engines.espeak import EspeakEngine

async def main():
    engine = EspeakEngine()
    idle, speaking = engine.speak("Hello.", "en-us", 1.0), engine.speak("Hello there. " * 100000, "en-us", 1.0)
    await anext(speaking)
    async for _ in idle:
        pass
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_closing_in_mid_sentence_stops_at_once(engine: EspeakEngine) -> None:
    speech = engine.speak(LONG_STORY, "en-us", 1.0)
    await anext(speech)
    (child,) = children()
    began = time.monotonic()
    await speech.aclose()
    assert time.monotonic() - began < 0.2
    assert not child.is_running()


async def test_cancelling_the_task_stops_at_once(engine: EspeakEngine) -> None:
    await engine.voices()
    task = asyncio.create_task(seconds(engine, LONG_STORY * 10))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 0.2
    assert children() == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
async def test_a_child_that_dies_is_an_error_and_the_next_speech_works(
    engine: EspeakEngine, number: signal.Signals
) -> None:
    speech = engine.speak(LONG_STORY, "en-us", 1.0)
    await anext(speech)
    children()[0].send_signal(number)
    with pytest.raises(EngineError, match=number.name) as caught:
        async for _ in speech:
            pass
    assert caught.value.code == "ENGINE_CRASHED"
    assert caught.value.retryable
    assert await seconds(engine, STORY) > 5


async def test_a_child_that_died_while_idle_is_not_noticed(engine: EspeakEngine) -> None:
    expected = await seconds(engine, STORY)
    children()[0].kill()
    await asyncio.sleep(0.1)
    assert await seconds(engine, STORY) == pytest.approx(expected, rel=0.02)


async def test_a_hung_child_is_an_error() -> None:
    process = await SpeakingProcess.start(replace(espeak_program(*installed_library()), silence=0.3))
    psutil.Process(process.pid).suspend()
    with pytest.raises(EngineError, match=r"no sound for 0\.3 seconds") as caught:
        await process.ask({"list": True})
    assert caught.value.code == "ENGINE_TIMEOUT"
    await process.end()


async def test_a_library_that_cannot_be_loaded_is_named() -> None:
    process = await SpeakingProcess.start(espeak_program(Path("/nowhere/libespeak-ng.so"), Path("/")))
    with pytest.raises(EngineError, match=r"espeak-ng does not start here: .*nowhere"):
        await process.ask({"list": True})
    await process.end()


async def test_children_are_used_again(engine: EspeakEngine) -> None:
    await seconds(engine, STORY)
    before = children()
    await seconds(engine, STORY)
    assert children() == before


async def test_only_a_few_idle_children_are_kept(engine: EspeakEngine) -> None:
    await asyncio.gather(*(seconds(engine, STORY) for _ in range(7)))
    assert len(children()) == 4


async def test_signals_of_a_stopping_worker_leave_its_children_speaking(engine: EspeakEngine) -> None:
    expected = await seconds(engine, STORY * 20)
    speech = engine.speak(STORY * 20, "en-us", 1.0)
    size = len(await anext(speech))
    for number in (signal.SIGINT, signal.SIGTERM):
        children()[0].send_signal(number)
    size += sum([len(pcm) async for pcm in speech])
    assert size / 44100 == pytest.approx(expected, rel=0.02)


async def test_children_are_nice_and_inherit_no_secret(engine: EspeakEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "very-secret-value")
    await seconds(engine, STORY)
    (child,) = children()
    assert child.nice() == min(os.nice(0) + 10, 19)
    assert "very-secret-value" not in str(child.environ())


async def test_a_slow_listener_keeps_the_child_small(engine: EspeakEngine) -> None:
    speech = engine.speak("word " * 1_000_000, "en-us", 1.0)
    await anext(speech)
    (child,) = children()
    await asyncio.sleep(0.3)
    waiting = child.cpu_times().user
    await asyncio.sleep(0.3)
    assert child.cpu_times().user - waiting < 0.1
    for _ in range(500):
        await anext(speech)
    assert child.memory_info().rss < 40 * 1024**2
    await speech.aclose()


async def test_nothing_is_left_after_closing(engine: EspeakEngine) -> None:
    speech = engine.speak(LONG_STORY, "en-us", 1.0)
    await anext(speech)
    await seconds(engine, STORY)
    assert len(children()) == 2
    await engine.aclose()
    assert children() == []
    with pytest.raises(EngineError):
        async for _ in speech:
            pass


async def test_children_end_when_their_parent_is_killed() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=PIPE)
    assert parent.stdout
    assert await parent.stdout.readline() == b"ready\n"
    orphans = children(parent.pid)
    assert len(orphans) == 2
    parent.kill()
    await parent.communicate()
    _, alive = await asyncio.to_thread(psutil.wait_procs, orphans, timeout=3)
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []


def test_the_end_of_a_child_is_told_in_words() -> None:
    assert "Segmentation fault (SIGSEGV)" in how_it_ended("espeak", -signal.SIGSEGV)
    assert "out of memory" in how_it_ended("espeak", -signal.SIGKILL)
    assert "exit code 1" in how_it_ended("espeak", 1)
