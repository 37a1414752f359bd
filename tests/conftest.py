"""Tests never see the settings of whoever runs them, nor how the shell was told to treat Ctrl-C."""

from __future__ import annotations

import signal

import pytest

from ttsqueue.server_settings import ServerSettings
from ttsqueue.settings import Settings

# A shell starts what runs in the background with Ctrl-C ignored, and every program that a test starts inherits that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in (*Settings.model_fields.values(), *ServerSettings.model_fields.values()):
        monkeypatch.delenv(str(field.validation_alias), raising=False)
