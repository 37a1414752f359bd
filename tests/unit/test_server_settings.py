"""Settings of the server: sizes, lists, addresses; a wrong one is named in one sentence."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path

import pytest

from ttsqueue.errors import SettingsError
from ttsqueue.server_settings import ServerSettings, load_server_settings, parse_size


@pytest.fixture(autouse=True)
def _own_settings_only(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for field in ServerSettings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias), raising=False)


@pytest.mark.parametrize(
    ("text", "size"), [("200MB", 200_000_000), ("64 mb", 64_000_000), ("1GB", 10**9), ("12kB", 12_000), ("999", 999)]
)
def test_sizes_read_as_people_write_them(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TTSQUEUE_MAX_UPLOAD", "a lot", "is not a size; write 200MB"),
        ("TTSQUEUE_MAX_BODY", "0", "greater than or equal to 1"),
        ("TTSQUEUE_PORT", "65536", "less than or equal to 65535"),
        ("TTSQUEUE_AUTH", "basic", "'off' or 'jwt'"),
        ("TTSQUEUE_AUTH", "jwt", "needs TTSQUEUE_JWT_SECRET or TTSQUEUE_JWKS_URL"),
        ("TTSQUEUE_ALLOWED_ORIGINS", "*", "'*' is not an address such as"),
        ("TTSQUEUE_ALLOWED_ORIGINS", "https://a.example, b.example", "'b.example' is not an address such as"),
        ("TTSQUEUE_PUBLIC_URL", "https://a.example/books", "is not an address such as"),
        ("TTSQUEUE_PUBLIC_URL", "https://a.example:port", "is not an address such as"),
        ("TTSQUEUE_TRUSTED_PROXIES", "10.0.0.2, proxy", "'proxy' is not an address or network"),
        ("TTSQUEUE_SECRET", "short", "at least 32 characters"),
        ("TTSQUEUE_MAX_SOCKETS", "0", "greater than or equal to 1"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_server_settings()
    assert sentence in str(caught.value)
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


def test_lists_stand_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTSQUEUE_ALLOWED_ORIGINS", "https://A.example/, http://b.example:80,http://[::1]:3000")
    monkeypatch.setenv("TTSQUEUE_TRUSTED_PROXIES", "10.0.0.0/8, ::1")
    settings = load_server_settings()
    assert settings.allowed_origins == ("https://a.example", "http://b.example", "http://[::1]:3000")
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))


def test_what_signs_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TTSQUEUE_SECRET", "s" * 32)
    monkeypatch.setenv("TTSQUEUE_JWT_SECRET", "j" * 32)
    shown = repr(load_server_settings())
    assert "s" * 32 not in shown
    assert "j" * 32 not in shown
