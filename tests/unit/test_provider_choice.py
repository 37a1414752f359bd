"""DATABASE_URL chooses the store."""

from __future__ import annotations

import pytest

from ttsqueue.app import make_provider
from ttsqueue.errors import SettingsError
from ttsqueue.providers.postgres import PostgresProvider
from ttsqueue.providers.sqlite import SqliteProvider
from ttsqueue.settings import load_settings


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_postgres_url_is_the_postgres_store(scheme: str) -> None:
    settings = load_settings({"DATABASE_URL": f"{scheme}://me@localhost/books"})
    assert isinstance(make_provider(settings), PostgresProvider)


def test_without_a_url_the_store_is_a_file() -> None:
    assert isinstance(make_provider(load_settings()), SqliteProvider)


def test_another_kind_of_url_is_refused_with_the_kinds_there_are() -> None:
    with pytest.raises(SettingsError, match=r"postgresql://user:password@host/database or sqlite:///"):
        make_provider(load_settings({"DATABASE_URL": "mysql://localhost/books"}))
