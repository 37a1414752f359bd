"""Files that are voices of piper, and those that are none."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.engines.piper_voices import make_voice
from tests.engines.speech import STORY, seconds
from ttsqueue.engines.piper import PiperEngine
from ttsqueue.errors import EngineError

VOICE = "en_US-hum-low"


async def test_a_voice_that_is_not_there_is_refused_for_good(piper: PiperEngine) -> None:
    for voice in ("emma", f"{VOICE}#Ann", f"../voices/{VOICE}"):
        with pytest.raises(EngineError, match="no voice") as caught:
            await seconds(piper, STORY, voice=voice)
        assert (caught.value.code, caught.value.retryable) == ("UNKNOWN_VOICE", False)


async def test_a_model_that_cannot_be_loaded_is_told_and_the_next_voice_speaks(
    piper: PiperEngine, folder: Path
) -> None:
    model = make_voice(folder, "torn")
    model.write_bytes(model.read_bytes()[:300])
    with pytest.raises(EngineError, match="piper voice torn cannot be loaded") as caught:
        await seconds(piper, STORY, voice="torn")
    assert not caught.value.retryable
    assert await seconds(piper, STORY, voice=VOICE) > 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (None, r"en_US-hum-low.onnx.json is missing"),
        ("no json", "is no description of a piper voice"),
        ("[]", "is no description"),
        ("[" * 100_000, "is no description"),
        ({"audio": {"sample_rate": 0}}, "is no description"),
        ({"audio": {"sample_rate": "22050"}}, "is no description"),
        ({"phoneme_id_map": {}}, "is no description"),
        ({"num_symbols": 0}, "is no description"),
        ({"speaker_id_map": 7, "num_speakers": 2}, "is no description"),
        ({"espeak": {}}, "is no description"),
        ({"phoneme_type": "pinyin"}, "a further model, which piper would download"),
    ],
)
async def test_a_file_that_is_no_voice_is_left_out_and_the_reason_is_known(
    piper: PiperEngine, folder: Path, change: object, words: str
) -> None:
    description = folder / f"{VOICE}.onnx.json"
    if change is None:
        description.unlink()
    elif isinstance(change, str):
        description.write_text(change)
    else:
        assert isinstance(change, dict)
        description.write_text(json.dumps({**json.loads(description.read_text()), **change}))
    survey = await piper.survey()
    assert await piper.voices() == []
    assert len(survey.broken) == 1
    assert words in survey.broken[0]


@pytest.mark.parametrize("suffix", ["", ".json"])
async def test_an_exchanged_file_is_another_model(piper: PiperEngine, folder: Path, suffix: str) -> None:
    """Under which pieces of sound are kept."""
    make_voice(folder, "choir", speakers=["Ann"])
    file = folder / f"choir.onnx{suffix}"
    before = {voice.model for voice in await piper.voices() if voice.name.startswith("choir")}
    again = {voice.model for voice in await piper.voices() if voice.name.startswith("choir")}
    file.write_bytes(file.read_bytes() + b" ")
    after = {voice.model for voice in await piper.voices() if voice.name.startswith("choir")}
    assert before == again
    assert len(before) == len(after) == len(before | after) - 1 == 1


async def test_an_exchanged_voice_speaks_at_once(piper: PiperEngine, folder: Path) -> None:
    """Also where a process still holds the old one."""
    usual = await seconds(piper, STORY, voice=VOICE)
    make_voice(folder, VOICE, inference={"length_scale": 2.0})
    assert await seconds(piper, STORY, voice=VOICE) == pytest.approx(2 * usual, rel=0.01)


async def test_an_empty_file_is_no_voice(piper: PiperEngine, folder: Path) -> None:
    (folder / f"{VOICE}.onnx").write_bytes(b"")
    assert (await piper.survey()).broken == (f"{VOICE}.onnx is no voice: the file is empty.",)


async def test_without_a_folder_there_are_no_voices(tmp_path: Path) -> None:
    assert await PiperEngine(tmp_path / "nowhere").voices() == []


async def test_the_missing_package_is_named_when_there_are_voices(
    piper: PiperEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "piper", None)
    with pytest.raises(EngineError, match=r"ttsqueue\[piper\]") as caught:
        await piper.voices()
    assert not caught.value.retryable
    assert await PiperEngine(tmp_path / "nowhere").voices() == []
