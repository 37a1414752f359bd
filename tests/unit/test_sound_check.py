"""What counts as sound that cannot be right. The wide side is held by every voice of espeak, in tests/engines."""

from __future__ import annotations

from array import array

import pytest

from ttsqueue.engines.sound_check import SoundMeter, fault_of

RATE = 22_050
TEXT = "The keeper climbed the stairs, and the lamp was lit at noon."


def tone(seconds: float, loudness: int = 8_000) -> bytes:
    period = array("h", [loudness] * 50 + [-loudness] * 50).tobytes()
    return period * int(seconds * RATE / 100)


def heard(*parts: bytes, text: str = TEXT, speed: float = 1.0) -> str | None:
    meter = SoundMeter(RATE)
    for part in parts:
        meter.add(part)
    return fault_of(meter, text, speed)


@pytest.mark.parametrize(
    ("sound", "fault"),
    [
        (b"", "there was no sound"),
        (tone(0.3), "the sound is far too short, 0.3 s"),
        (tone(60), "the sound is far too long, 60 s"),
        (tone(4, loudness=0), "the sound is silence"),
        (tone(4, loudness=90), "the sound is silence"),
        (tone(0.2) + tone(10, loudness=0), "the sound is silence"),
        (tone(4, loudness=32_767), "the sound is distorted"),
        (tone(1), None),
        (tone(25), None),
        (tone(4, loudness=500), None),
        (tone(1) + tone(4, loudness=0), None),
    ],
)
def test_only_what_cannot_be_right_is_refused(sound: bytes, fault: str | None) -> None:
    assert heard(sound) == fault


@pytest.mark.parametrize("text", ["Oh!", "1.", "* * *", "①", "…", "3.14159265358979323846", "第1章", "a"])
def test_a_very_short_text_may_take_any_time_and_figures_may_be_silent(text: str) -> None:
    assert heard(tone(0.05, loudness=0), text=text) is None
    assert heard(tone(3), text=text) is None


@pytest.mark.parametrize("text", ["* * *", "1.", "—", "\n\n"])
def test_a_text_without_a_letter_may_have_no_sound(text: str) -> None:
    assert heard(b"", text=text) is None


def test_figures_capitals_and_foreign_scripts_may_be_spelled() -> None:
    assert heard(tone(150), text="9" * 60) is None
    assert heard(tone(100), text="Смотритель спустился к морю, и ветер переменился") is None


def test_speed_is_reckoned_with() -> None:
    assert heard(tone(0.4), speed=2.5) is None
    assert heard(tone(0.4), speed=1.0) is not None
    assert heard(tone(55), speed=0.5) is None


def test_an_ideograph_takes_longer_than_a_letter() -> None:
    chinese = "早上守塔人走到海边的时候风已经转了"
    assert heard(tone(0.7), text=chinese) == "the sound is far too short, 0.7 s"
    assert heard(tone(4), text=chinese) is None


LONG = f"{TEXT} " * 10
"""610 characters: 41 s."""


@pytest.mark.parametrize(
    ("sound", "speed", "fault"),
    [
        (tone(8), 1.0, "the sound is far too short, 8.0 s"),
        (tone(8) + tone(33, loudness=0), 1.0, "the sound is silence"),
        (tone(11), 0.25, "the sound is far too short, 11.0 s"),
        (tone(2.5), 4.0, "the sound is far too short, 2.5 s"),
        (tone(14), 1.0, None),
        (tone(14) + tone(20, loudness=0), 1.0, None),
        (tone(4), 4.0, None),
        (tone(160), 0.25, None),
    ],
    ids=[
        "a fifth",
        "a fifth and silence",
        "slow",
        "fast",
        "third",
        "half is pauses",
        "fast and whole",
        "slow and whole",
    ],
)
def test_of_a_long_text_more_can_be_known(sound: bytes, speed: float, fault: str | None) -> None:
    assert heard(sound, text=LONG, speed=speed) == fault


def test_a_short_text_has_wide_bounds() -> None:
    assert heard(tone(1), text=TEXT) is None
    assert heard(tone(1) + tone(4, loudness=0), text=TEXT) is None


def test_kana_are_spoken_faster_than_ideographs() -> None:
    """A voice of espeak says eight in a second, and others may be in a hurry."""
    assert heard(tone(9), text="とうだいもりは" * 15) is None
    assert heard(tone(4), text="灯台守走到海边" * 15) == "the sound is far too short, 4.0 s"


def test_it_does_not_matter_how_the_sound_is_cut() -> None:
    sound = tone(2) + tone(1, loudness=0)
    whole, cut = SoundMeter(RATE), SoundMeter(RATE)
    whole.add(sound)
    for at in range(0, len(sound), 777):
        cut.add(sound[at : at + 777])
    assert cut.seconds == whole.seconds
    assert cut.loud == pytest.approx(whole.loud, abs=0.1)
