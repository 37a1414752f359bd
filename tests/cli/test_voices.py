"""Voices of piper come, speak books, and go."""

from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.piper_voices import make_voice
from ttsqueue.cli.voice_download import fetch_voice
from ttsqueue.errors import EngineError

from .program import Program
from .test_terminal import in_a_terminal
from .voice_shop import HOST, VoiceShop, voice_shop

VOICE = "en_US-hum-low"
BOOK = "# The Stairs\n\nThe keeper climbed the stairs at noon.\n\n# The Lamp\n\nThe lamp was lit, and he went away.\n"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return make_voice(tmp_path / "brought")


def voices(ttsqueue: Program) -> Path:
    return ttsqueue.data / "voices"


def test_a_voice_is_added_speaks_a_book_and_is_removed(ttsqueue: Program, here: Path, model: Path) -> None:
    said = ttsqueue("voices", "add", model).out
    assert f"piper:{VOICE} is there, for en-US." in said
    assert "No licence lies beside it" in said
    with wave.open(str(voices(ttsqueue) / f"{VOICE}.wav")) as sample:
        assert 1 < sample.getnframes() / sample.getframerate() < 10
    assert f"piper:{VOICE}" in ttsqueue("voices", "--language", "en").out
    (here / "book.md").write_text(BOOK)
    spoken = ttsqueue("speak", "book.md", "--json", "-o", "book.m4b").json
    assert spoken["totalDuration"] > 2
    job = ttsqueue("status", spoken["jobId"], "--json").json
    assert job["status"] == "completed"
    assert "is removed" in ttsqueue("voices", "remove", f"piper:{VOICE}").out
    assert list(voices(ttsqueue).iterdir()) == []
    assert "piper:" not in ttsqueue("voices").out


def test_default_is_a_piper_voice_of_the_books_language_before_espeak(
    ttsqueue: Program, here: Path, model: Path
) -> None:
    ttsqueue("voices", "add", model)
    found = ttsqueue("doctor", "--json").json["findings"]
    said = {finding["subject"]: finding["message"] for finding in found}
    assert said["engine piper"] == "1 voice."
    assert f"piper:{VOICE} speaks." in said["speech"]


def test_json_tells_how_it_sounded(ttsqueue: Program, here: Path, model: Path) -> None:
    told = ttsqueue("voices", "add", model, "-o", here / "heard.wav", "--json").json
    assert (told["id"], told["language"], told["speakers"], told["licence"]) == (f"piper:{VOICE}", "en-US", 1, None)
    assert told["sample"] == str(here / "heard.wav")
    assert told["sampleSeconds"] > 1
    assert told["timesRealTime"] > 0
    assert (here / "heard.wav").is_file()


@pytest.mark.parametrize(("card", "told"), [("# Card\n* License: CC0, do good\n", "CC0, do good"), ("# Card\n", "")])
def test_the_licence_is_shown_from_the_model_card(ttsqueue: Program, model: Path, card: str, told: str) -> None:
    model.with_name("MODEL_CARD").write_text(card)
    said = ttsqueue("voices", "add", model).out
    assert (f"Licence: {told}\n" if told else "No licence lies beside it") in said
    assert "Mind its licence before you publish" in said


def test_the_licence_of_the_description_goes_before(ttsqueue: Program, tmp_path: Path) -> None:
    model = make_voice(tmp_path / "other", license="MIT \x1b[31m")
    assert "Licence: MIT [31m" in ttsqueue("voices", "add", model).out.replace("\ufffd", "").replace("  ", " ")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda model: Path(f"{model}.json").unlink(), "onnx.json is missing beside it"),
        (lambda model: Path(f"{model}.json").write_text("{}"), "is no description of a piper voice"),
        (lambda model: model.write_bytes(model.read_bytes()[:200]), "cannot be loaded"),
        (lambda model: model.write_bytes(b""), "the file is empty"),
        (lambda model: Path(f"{model}.json").write_text(_of_two(model)), "cannot speak this"),
    ],
)
def test_what_is_no_voice_is_refused_and_leaves_nothing_behind(
    ttsqueue: Program, model: Path, damage: object, words: str
) -> None:
    assert callable(damage)
    damage(model)
    assert words in ttsqueue("voices", "add", model, code=1).err
    assert list(voices(ttsqueue).iterdir()) == []


def _of_two(model: Path) -> str:
    """A description of two speakers, of which the model knows nothing."""
    return json.dumps({**json.loads(Path(f"{model}.json").read_text()), "num_speakers": 2})


def test_a_voice_is_never_overwritten(ttsqueue: Program, model: Path) -> None:
    ttsqueue("voices", "add", model)
    before = (voices(ttsqueue) / model.name).stat()
    assert f"ttsqueue voices remove {VOICE}" in ttsqueue("voices", "add", model, code=1).err
    assert (voices(ttsqueue) / model.name).stat() == before


@pytest.mark.parametrize("name", ["nobody", "../../brought/en_US-hum-low", "piper:"])
def test_only_a_voice_of_the_data_folder_can_be_removed(ttsqueue: Program, model: Path, name: str) -> None:
    ttsqueue("voices", "add", model)
    assert "There is no piper voice" in ttsqueue("voices", "remove", name, code=2).err
    assert model.is_file()


def test_doctor_names_broken_voices_and_why(ttsqueue: Program, model: Path) -> None:
    ttsqueue.variables["TTSQUEUE_PORT"] = "0"
    ttsqueue("voices", "add", model)
    make_voice(voices(ttsqueue), "torn").write_bytes(b"not a model")
    (voices(ttsqueue) / "alone.onnx").write_bytes(b"x")
    said = ttsqueue("doctor").out
    assert "warn  voice: alone.onnx is no voice: alone.onnx.json is missing beside it." in said
    assert "warn  voice: The piper voice torn cannot be loaded" in said
    assert "ok    engine espeak: 1" in said


def test_an_engine_of_the_users_own_speaks_a_book(ttsqueue: Program, here: Path) -> None:
    examples = Path(__file__).parents[2] / "examples"
    source = ttsqueue.environment["PYTHONPATH"]
    ttsqueue.variables.update(TTSQUEUE_ENGINES="own_engine:Morse", PYTHONPATH=f"{source}:{examples}")
    (here / "book.md").write_text("# One\n\nSos.\n")
    assert ttsqueue("speak", "book.md", "--json").json["totalDuration"] > 2
    ttsqueue.variables.update(TTSQUEUE_ENGINES="own_engine:Nothing")
    assert "own_engine:Nothing cannot be used" in ttsqueue("voices", code=2).err


@pytest.fixture
def shop(ttsqueue: Program, tmp_path: Path, model: Path) -> Iterator[VoiceShop]:
    with voice_shop(model.parent, tmp_path) as (shop, environment):
        ttsqueue.variables.update(environment)
        yield shop


def test_a_voice_is_downloaded_by_pipers_own_downloader(ttsqueue: Program, shop: VoiceShop) -> None:
    assert f"piper:{VOICE} is there" in ttsqueue("voices", "download", VOICE).out
    place = f"/rhasspy/piper-voices/resolve/main/en/en_US/hum/low/{VOICE}"
    assert shop.asked == [f"{place}.onnx", f"{place}.onnx.json", f"{Path(place).parent}/MODEL_CARD"]
    names = {path.name for path in voices(ttsqueue).iterdir()}
    assert names == {f"{VOICE}.onnx", f"{VOICE}.onnx.json", f"{VOICE}.wav"}


@pytest.mark.parametrize("name", ["hum", "--help", "en_US-../../x-low", "en_US-hum-low/.."])
def test_what_is_no_name_is_not_asked_for(ttsqueue: Program, shop: VoiceShop, name: str) -> None:
    assert "they look like en_US-lessac-medium" in ttsqueue("voices", "download", "--", name, code=1).err
    assert shop.asked == []


def test_a_voice_that_is_not_there_is_told(ttsqueue: Program, shop: VoiceShop) -> None:
    words = "en_US-nobody-low cannot be fetched: HTTP Error 404: Not Found"
    assert words in ttsqueue("voices", "download", "en_US-nobody-low", code=1).err
    assert list(voices(ttsqueue).iterdir()) == []


def test_half_a_download_is_no_voice(ttsqueue: Program, shop: VoiceShop) -> None:
    shop.cut = 500
    assert ttsqueue("voices", "download", VOICE, code=1).err
    assert list(voices(ttsqueue).iterdir()) == []


def test_a_server_that_cannot_prove_its_name_is_not_believed(ttsqueue: Program, shop: VoiceShop) -> None:
    del ttsqueue.variables["SSL_CERT_FILE"]
    assert "certificate verify failed" in ttsqueue("voices", "download", VOICE, code=1).err
    assert shop.asked == []


@pytest.mark.parametrize(
    ("card", "told"),
    [("# Card\n* License: CC0, do good\n", "Licence: CC0, do good\n"), (None, "No licence lies beside it")],
    ids=["with a card", "without one"],
)
def test_the_licence_of_a_downloaded_voice_is_told_and_where_its_card_can_be_read(
    ttsqueue: Program, shop: VoiceShop, model: Path, card: str | None, told: str
) -> None:
    if card:
        model.with_name("MODEL_CARD").write_text(card)
    said = ttsqueue("voices", "download", VOICE).out
    assert told in said
    assert f"Its card: https://{HOST}{shop.asked[-1]}\n" in said


def test_the_card_of_a_downloaded_voice_is_told_in_json(ttsqueue: Program, shop: VoiceShop) -> None:
    assert ttsqueue("voices", "download", VOICE, "--json").json["card"] == f"https://{HOST}{shop.asked[-1]}"


async def test_a_download_from_which_nothing_comes_ends_with_a_sentence(
    ttsqueue: Program, shop: VoiceShop, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in ttsqueue.variables.items():
        monkeypatch.setenv(name, value)
    shop.hangs = True
    with pytest.raises(EngineError, match=r"cannot be fetched: nothing has come for 2 s"):
        await fetch_voice(VOICE, here, lambda size: None, silence=2.0)
    assert shop.asked


def test_in_a_terminal_a_download_says_how_much_has_come(ttsqueue: Program, shop: VoiceShop, model: Path) -> None:
    size = sum(path.stat().st_size for path in model.parent.iterdir())
    assert f"\r{size / 1e6:.1f} MB" in in_a_terminal(ttsqueue, "voices", "download", VOICE)
    ttsqueue("voices", "remove", VOICE)
    assert "\r" not in ttsqueue("voices", "download", VOICE).err
