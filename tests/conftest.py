"""Tests never see the settings of whoever runs them."""

from __future__ import annotations

import pytest

from ttsqueue.settings import Settings


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)
