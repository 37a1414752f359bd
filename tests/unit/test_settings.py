"""A wrong setting stops the program with one clear sentence; every setting is documented."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from ttsqueue.errors import SettingsError
from ttsqueue.server_settings import ServerSettings
from ttsqueue.settings import Settings, load_settings, parse_duration

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("90s", 90), ("30min", 1800), ("24h", 86400), ("7d", 604800), ("1.5 s", 1.5)]
)
def test_durations_read_as_people_write_them(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TTSQUEUE_STUCK_AFTER", "30", "write 500ms, 90s, 30min"),
        ("TTSQUEUE_JOBS", "many", "TTSQUEUE_JOBS"),
        ("TTSQUEUE_JOBS", "0", "greater than or equal to 1"),
        ("QUEUE_PROVIDER", "kafka", "'database' or 'redis'"),
        ("HEARTBEAT_INTERVAL", "20min", "at most a third"),
        ("POLL_INTERVAL", "0", "longer than nothing"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_env_file_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("TTSQUEUE_JOBS=3\nTTSQUEUE_MAX_ATTEMPTS=5\nSOMETHING_ELSE=1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TTSQUEUE_JOBS", "4")
    settings = load_settings()
    assert (settings.jobs, settings.max_attempts) == (4, 5)


def test_every_setting_is_documented_and_nothing_else_is() -> None:
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (DOCS / "settings.md").read_text(), re.MULTILINE))
    fields = [*Settings.model_fields.values(), *ServerSettings.model_fields.values()]
    assert documented == {str(field.validation_alias) for field in fields}
