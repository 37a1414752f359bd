"""Engines for TTS servers, with a real server that misbehaves as it is told."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.engines.attic import DIALECTS, TEXT, Attic, spoken
from tests.engines.remote import Remote
from tests.worker.at_work import eventually
from ttsqueue.engines.coqui import CoquiDialect
from ttsqueue.engines.dialect import Dialect
from ttsqueue.engines.elevenlabs import ElevenLabsDialect
from ttsqueue.engines.openai_speech import OpenAIDialect
from ttsqueue.engines.remote_call import Timeouts
from ttsqueue.engines.remote_speech import SAMPLE_RATE, RemoteSpeech
from ttsqueue.errors import EngineError, RateLimited, TextRefused
from ttsqueue.servers.endings import Failed
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.state import ServerState, Trouble
from ttsqueue.servers.traffic import Traffic


def patient(engine: RemoteSpeech) -> RemoteSpeech:
    engine._timeouts = replace(engine._timeouts, waiting=60)
    return engine


async def models(engine: RemoteSpeech) -> set[str]:
    """Under which pieces of its sound are kept."""
    return {voice.model for voice in await engine.voices()}


async def asked(remote: Remote) -> dict[str, object]:
    """What the one call said."""
    (call,) = (await remote.record())["calls"]
    return {name: value for name, value in call.items() if name not in ("at", "trick")}


async def texts(remote: Remote) -> list[object]:
    """Of all calls."""
    return [call["text"] for call in (await remote.record())["calls"]]


async def test_a_text_becomes_the_sound_of_that_text(remote_engine: RemoteSpeech, remote: Remote) -> None:
    pcm = await spoken(remote_engine)
    assert len(pcm) / 2 / SAMPLE_RATE == pytest.approx(len(TEXT) / 15, rel=0.05)
    assert [voice.id for voice in await remote_engine.voices()] == [f"{remote_engine.name}:bella"]
    assert len((await remote.record())["calls"]) == 1


@pytest.mark.parametrize(("model", "models"), [("", 2), ("kokoro", 1)])
async def test_a_server_without_a_model_is_known_by_its_address(attic: Attic, model: str, models: int) -> None:
    """Under which pieces of sound are kept: another address may be another voice of the same name."""
    traffic, found = Traffic(attic.store, "attic", ServerLimits()), set()
    for url in ("http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"):
        server = SpeechServer("attic", "openai", url, voices=("bella",), model=model)
        attic.made.append(RemoteSpeech(OpenAIDialect(), [(server, traffic)]))
        found |= {voice.model for voice in await attic.made[-1].voices()}
    assert len(found) == models


@pytest.mark.parametrize("engine", DIALECTS, ids=[dialect.name for dialect in DIALECTS])
async def test_what_is_set_otherwise_at_a_server_sounds_different(attic: Attic, engine: Dialect) -> None:
    """Else the wrong pitch of PCM whose rate was another one stays with all pieces that were kept."""
    usual = await models(attic.engine(engine))
    assert await models(attic.engine(engine)) == usual
    assert await models(attic.engine(engine, model="kokoro")) != usual
    assert (await models(attic.engine(engine, has_speed=False)) != usual) == (engine.name != "coqui")
    assert (await models(attic.engine(engine, response_format="wav")) != usual) == (engine.name == "openai")


async def test_voices_stand_in_the_order_of_the_file(attic: Attic) -> None:
    """`default` takes the first that speaks the language."""
    servers = [SpeechServer(name, "openai", f"http://{name}", voices=(name, "all")) for name in ("one", "two")]
    engine = RemoteSpeech(
        OpenAIDialect(), [(server, Traffic(attic.store, server.name, server.limits)) for server in servers]
    )
    attic.made.append(engine)
    assert [voice.label for voice in await engine.voices()] == ["one (one)", "all (one)", "two (two)"]


async def test_a_format_that_is_usual_changes_nothing(attic: Attic) -> None:
    assert await models(attic.engine(OpenAIDialect(), response_format="pcm")) == await models(
        attic.engine(OpenAIDialect())
    )


async def test_of_servers_that_take_turns_all_settings_count(attic: Attic) -> None:
    """But not how many there are: more of the same keep what was spoken."""

    async def models_at(*formats: str) -> set[str]:
        servers = [
            SpeechServer(
                *(f"attic-{at}", "openai", f"http://127.0.0.1:{at + 1}"),
                voices=("bella",),
                model="kokoro",
                response_format=form,
            )
            for at, form in enumerate(formats)
        ]
        places = [(server, Traffic(attic.store, server.name, server.limits)) for server in servers]
        attic.made.append(RemoteSpeech(OpenAIDialect(), places))
        return await models(attic.made[-1])

    one = await models_at("pcm")
    assert await models_at("pcm", "pcm") == one
    assert await models_at("pcm", "wav") != one
    assert await models_at("pcm", "wav") == await models_at("wav", "pcm")


async def test_a_voice_may_cost_when_any_of_its_servers_may(attic: Attic) -> None:
    """`default` would choose it, and the bill would come from the other one."""
    places = []
    for name, key in (("attic", ""), ("rented", "sk-secret")):
        server = SpeechServer(name, "openai", "http://127.0.0.1:1", key, ("bella",), model="kokoro")
        places.append((server, Traffic(attic.store, name, server.limits)))
    attic.made.append(RemoteSpeech(OpenAIDialect(), places))
    assert [voice.may_cost for voice in await attic.made[-1].voices()] == [True]


@pytest.mark.parametrize(
    "trick", ["busy", "busy 0.4", "status 500", "status 503", "later 0.6", "half", "html", "empty"]
)
async def test_trouble_that_may_pass_is_waited_for(remote_engine: RemoteSpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick, trick)
    assert await spoken(patient(remote_engine))
    assert len((await remote.record())["calls"]) == 3


async def test_a_server_that_says_nothing_is_asked_again(attic: Attic, remote: Remote) -> None:
    await remote.told("hang")
    assert await spoken(patient(attic.engine(OpenAIDialect(), silence=1)))
    assert len((await remote.record())["calls"]) >= 2


async def test_a_sound_without_end_is_told_with_the_text(remote_engine: RemoteSpeech, remote: Remote) -> None:
    """Whoever speaks a book asks again, and listens to the sound itself: tests/worker/test_poison.py."""
    await remote.told("endless")
    with pytest.raises(EngineError, match="The keeper climbed") as failure:
        await spoken(remote_engine)
    assert (failure.value.code, failure.value.retryable) == ("BAD_SOUND", False)
    assert len((await remote.record())["calls"]) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_a_refusal_fails_at_once_with_the_reason_but_not_its_secrets(
    remote_engine: RemoteSpeech, remote: Remote, status: int
) -> None:
    await remote.told(f"status {status}")
    with pytest.raises(EngineError, match="attic refuses: No such voice at") as failure:
        await spoken(patient(remote_engine))
    assert not failure.value.retryable
    assert not {word for word in ("10.0.0.7", "secret", "12345", "http") if word in str(failure.value)}
    assert len((await remote.record())["calls"]) == 1


async def test_a_redirect_is_not_followed(remote_engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("elsewhere")
    with pytest.raises(EngineError, match=r"servers\.toml"):
        await spoken(patient(remote_engine))


async def test_a_server_that_stays_away_gives_the_job_back_without_costing_an_attempt(
    remote_engine: RemoteSpeech, remote: Remote
) -> None:
    await remote.told(*["status 500"] * 9)
    with pytest.raises(RateLimited, match="attic is away: HTTP 500") as failure:
        await spoken(remote_engine)
    assert failure.value.retry_after == timedelta(minutes=1)
    assert failure.value.retryable


async def test_a_server_that_has_been_away_for_long_keeps_no_book_waiting(
    remote_engine: RemoteSpeech, remote: Remote
) -> None:
    """One or two calls tell that it still is: the worker has other books."""
    await remote.told(*["status 500"] * 9)
    _, traffic = remote_engine._servers[0]
    for _ in range(3):
        async with traffic.call(1) as call:
            call.ending = Failed("HTTP 500")
    await asyncio.sleep(1)
    remote_engine._timeouts = replace(remote_engine._timeouts, waiting=0.5)
    with pytest.raises(RateLimited, match="attic is away: HTTP 500"):
        await spoken(remote_engine)
    assert await texts(remote) in (["a"], ["a", TEXT])


async def been_away(traffic: Traffic, hours: float, why: str = "HTTP 500") -> datetime:
    """When the circuit opened."""

    def since(state: ServerState, now: float) -> tuple[ServerState, datetime]:
        began = now - hours * 3600
        after = replace(state, failures=9, failing_since=began, last_trouble=Trouble(why, now))
        return after, datetime.fromtimestamp(began, UTC)

    return await traffic._change(since)


async def test_a_book_says_since_when_its_server_is_away_and_what_it_answers(
    openai: RemoteSpeech, remote: Remote
) -> None:
    """It may be so for ever: whoever reads this has to know that it is worth a look."""
    _, traffic = openai._servers[0]
    began = await been_away(traffic, hours=50)
    await remote.told(*["status 500"] * 9)
    with pytest.raises(RateLimited, match=r"attic is away since .* UTC: HTTP 500") as failure:
        await spoken(openai)
    (said,) = re.findall(r"since (\S+ \S+) UTC", str(failure.value))
    told = datetime.strptime(said, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)
    assert abs(told - began) <= timedelta(minutes=1)


async def test_a_book_whose_turn_never_comes_says_what_others_were_answered(attic: Attic) -> None:
    able = []
    for name in ("up", "down"):
        server = SpeechServer(name, "openai", "http://127.0.0.1:1/v1", voices=("bella",), model="kokoro")
        able.append((server, Traffic(attic.store, name, ServerLimits())))
        await been_away(able[-1][1], hours=1)
    engine = RemoteSpeech(OpenAIDialect(), able, Timeouts(5, 10, 30, 0, doubt=0.1))
    attic.made.append(engine)
    for _, traffic in able:
        await traffic._change(lambda state, now: (replace(state, paused_until=now + 5), None))
    with pytest.raises(RateLimited, match=r"(up|down) is away since .* UTC: HTTP 500\."):
        await spoken(engine)


async def test_a_voice_that_cannot_say_the_harmless_text_is_not_locked_out(
    remote_engine: RemoteSpeech, remote: Remote
) -> None:
    """Some models have no Latin letters, or want a full stop."""
    _, traffic = remote_engine._servers[0]
    for _ in range(3):
        async with traffic.call(1) as call:
            call.ending = Failed("HTTP 500")
    for status in (500, 400):
        await remote.told(bad_words={"a": status})
        assert await spoken(patient(remote_engine), "Noon. The end of it.")
    assert not (await traffic.state())[0].is_open


async def test_a_text_that_fails_for_a_while_is_spoken_after_that(remote_engine: RemoteSpeech, remote: Remote) -> None:
    """Memory that somebody else takes is lacking to long texts alone, and comes back."""
    await remote.told(*["status 500"] * 3, "", "status 500", "", "status 500")
    assert await spoken(patient(remote_engine))
    assert "".join("a" if text == "a" else "T" for text in await texts(remote)) == "TTTaTaTaT"


async def test_a_bad_server_ends_nothing_that_a_good_one_speaks(attic: Attic, remote: Remote) -> None:
    servers = []
    for name, url in (("good", f"{remote.address}/v1"), ("bad", "http://127.0.0.1:1")):
        server = SpeechServer(name, "openai", url, voices=("bella",), model="kokoro")
        servers.append((server, Traffic(attic.store, name, ServerLimits(max_concurrent=1))))
    for _ in range(3):
        async with servers[1][1].call(1) as call:
            call.ending = Failed("it hung up")
    engine = RemoteSpeech(OpenAIDialect(), servers, Timeouts(5, 10, 30, 1, doubt=0.1))
    attic.made.append(engine)
    await remote.told(seconds=0.5)
    sounds = await asyncio.gather(*(spoken(engine, f"{TEXT} {number}") for number in range(8)), return_exceptions=True)
    assert [type(sound) for sound in sounds] == [bytes] * 8


async def test_who_stands_in_line_for_long_is_not_sent_away(attic: Attic, remote: Remote) -> None:
    """The time for which a server that is away is waited for begins when it is."""
    await remote.told(*[""] * 6, "busy 0.3", seconds=0.4)
    engine = attic.engine(OpenAIDialect())
    ((server, _),) = engine._servers
    engine._servers = [(server, Traffic(attic.store, "attic", ServerLimits(max_concurrent=1)))]
    engine._timeouts = replace(engine._timeouts, waiting=0.2)
    assert all(await asyncio.gather(*(spoken(engine, f"{TEXT} {number}") for number in range(8))))


async def test_a_text_at_which_a_server_fails_each_time_is_no_reason_to_wait_for_it(
    remote_engine: RemoteSpeech, remote: Remote
) -> None:
    await remote.told(bad_words={"lamp": 500})
    with pytest.raises(TextRefused, match="attic speaks, but not this: HTTP 500") as failure:
        await spoken(patient(remote_engine))
    assert not failure.value.retryable
    assert "".join("a" if text == "a" else "T" for text in await texts(remote)) == "TTTaTaTaT"
    state, _ = await remote_engine._servers[0][1].state()
    assert not state.is_open


async def test_a_text_that_always_takes_too_long_is_asked_for_twice(attic: Attic, remote: Remote) -> None:
    await remote.told(poison=("lamp", "hang"))
    with pytest.raises(TextRefused, match="speaks, but not this: it does not answer"):
        await spoken(patient(attic.engine(OpenAIDialect(), silence=1)))
    assert await texts(remote) == [TEXT, "a", TEXT]


async def test_a_server_that_is_slow_gets_the_time_that_its_operator_gave_it(attic: Attic, remote: Remote) -> None:
    await remote.told(seconds=1.5)
    assert await spoken(attic.engine(OpenAIDialect(), silence=0.5, timeout_seconds=20))
    assert await texts(remote) == [TEXT]
    await remote.told(seconds=3)
    with pytest.raises(RateLimited, match="attic is away"):
        await spoken(attic.engine(OpenAIDialect(), timeout_seconds=0.3))


@pytest.mark.parametrize("trick", ["html", "empty"])
async def test_a_server_that_never_brings_sound_costs_attempts_and_no_hours(
    remote_engine: RemoteSpeech, remote: Remote, trick: str
) -> None:
    """Its address may be wrong: somebody has to look."""
    await remote.told(*[trick] * 9)
    with pytest.raises(EngineError, match="attic brings no sound: it answers with ") as failure:
        await spoken(remote_engine)
    assert (failure.value.code, failure.value.retryable) == ("NOT_SOUND", True)
    assert not isinstance(failure.value, RateLimited)


@pytest.mark.parametrize("trick", ["quota insufficient_quota", "quota billing_hard_limit"])
async def test_no_money_left_is_no_reason_to_wait(remote_engine: RemoteSpeech, remote: Remote, trick: str) -> None:
    await remote.told(trick)
    with pytest.raises(EngineError, match="attic refuses: You exceeded your current quota") as failure:
        await spoken(patient(remote_engine))
    assert not failure.value.retryable


async def test_cancelling_hangs_up_and_frees_the_place(remote_engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told(seconds=30)
    task = asyncio.create_task(spoken(patient(remote_engine)))
    for _ in range(400):
        if (await remote.record())["calls"]:
            break
        await asyncio.sleep(0.05)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    state, _ = await remote_engine._servers[0][1].state()
    assert state.permits == ()

    async def is_free() -> bool:
        return not (await remote.record())["busy"]

    await eventually(is_free, within=2)
    record = await remote.record()
    assert (len(record["calls"]), record["hung_up"]) == (1, 1)


async def test_an_unknown_voice_asks_nobody(remote_engine: RemoteSpeech, remote: Remote) -> None:
    with pytest.raises(EngineError, match="No TTS server has the voice 'emma'"):
        await spoken(remote_engine, voice="emma")
    assert (await remote.record())["calls"] == []


async def test_what_calls_took_is_noted_for_the_operator(remote_engine: RemoteSpeech, remote: Remote) -> None:
    await remote.told("status 500", "busy 0", seconds=0.1)
    await spoken(patient(remote_engine))
    state, _ = await remote_engine._servers[0][1].state()
    assert (state.calls, state.failed, state.limited) == (3, 1, 1)
    (call,) = state.recent
    assert call.characters == len(TEXT)
    assert call.audio_seconds == pytest.approx(len(TEXT) / 15, rel=0.05)
    assert 0.1 <= call.seconds < 10


async def test_openai_is_asked_as_its_reference_says(openai: RemoteSpeech, remote: Remote) -> None:
    await spoken(openai)
    assert await asked(remote) == {"text": TEXT, "voice": "bella", "speed": 1.0, "key": "Bearer sk-secret"}


@pytest.mark.parametrize(
    ("language", "told"), [("de", "de"), ("fr-FR", "fr-fr"), ("pt-br", "pt-br"), ("zh-CN", "zh-cn"), ("no", "no")]
)
async def test_coqui_is_asked_with_the_speaker_and_the_language(
    attic: Attic, remote: Remote, language: str, told: str
) -> None:
    """Whole: one of its models has `fr-fr` and no `fr`, another one `de` and no `de-de`."""
    await spoken(attic.engine(CoquiDialect(), language=language, api_key=""))
    assert await asked(remote) == {"text": TEXT, "speaker_id": "bella", "language_id": told, "key": ""}


async def test_coqui_is_told_the_language_of_the_voice(attic: Attic, remote: Remote) -> None:
    engine = attic.engine(CoquiDialect(), voices=("bella", "claire"), languages={"claire": "fr-CA"})
    assert [(voice.name, voice.language) for voice in await engine.voices()] == [("bella", "en"), ("claire", "fr-CA")]
    await spoken(engine, voice="claire")
    assert (await asked(remote))["language_id"] == "fr-ca"


async def test_voices_of_one_server_share_its_limits(attic: Attic, remote: Remote) -> None:
    engine = attic.engine(OpenAIDialect(), voices=("bella", "siwis"), languages={"siwis": "fr"})
    await remote.told(seconds=0.2)
    await asyncio.gather(*(spoken(engine, voice=voice) for voice in ("bella", "siwis") * 4))
    assert (await remote.record())["most_busy"] == 4


async def test_a_coqui_model_with_one_speaker_goes_by_the_name_of_its_server(attic: Attic, remote: Remote) -> None:
    engine = attic.engine(CoquiDialect(), voices=())
    assert [voice.id for voice in await engine.voices()] == ["coqui:attic"]
    await spoken(engine, voice="attic")
    (call,) = (await remote.record())["calls"]
    assert "speaker_id" not in call


async def test_elevenlabs_is_asked_with_the_key_in_its_own_header(attic: Attic, remote: Remote) -> None:
    await spoken(attic.engine(ElevenLabsDialect(), model="eleven_flash_v2_5"))
    told = {"text": TEXT, "model_id": "eleven_flash_v2_5", "voice": "bella", "key": "sk-secret"}
    assert await asked(remote) == {**told, "output_format": "pcm_24000"}


async def test_the_name_of_a_voice_cannot_lead_elsewhere(attic: Attic, remote: Remote) -> None:
    engine = attic.engine(ElevenLabsDialect(), voices=("bella/stream?x=",))
    with pytest.raises(EngineError, match="attic refuses"):
        await spoken(engine, voice="bella/stream?x=")
    assert (await remote.record())["calls"] == []


async def test_lone_surrogates_and_nul_do_not_reach_a_server(remote_engine: RemoteSpeech, remote: Remote) -> None:
    await spoken(remote_engine, TEXT.replace("lamp", "la\ud800mp\x00"))
    assert (await remote.record())["calls"][0]["text"] == TEXT
