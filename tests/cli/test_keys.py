"""`ttsqueue keys` against a running server."""

from __future__ import annotations

import stat
from collections.abc import Iterator

import pytest

from .http import address_of, ask
from .program import Program, end

USER = "00000000-0000-4000-8000-0000000000aa"
IDENTITY = {"TTSQUEUE_AUTH": "jwt", "TTSQUEUE_JWT_SECRET": "s" * 32}


@pytest.fixture
def server(ttsqueue: Program) -> Iterator[str]:
    """Its address."""
    process = Program(ttsqueue.data, ttsqueue.here, IDENTITY).start("serve", "--port", "0")
    try:
        yield address_of(process)
    finally:
        end(process)


def status_for(server: str, key: str, path: str = f"/api/tts/queue?userId={USER}") -> int:
    return ask(server, path, headers={"Authorization": f"Bearer {key}"}).status


def test_a_key_opens_the_api_until_it_is_revoked(ttsqueue: Program, server: str) -> None:
    created = ttsqueue("keys", "create", "shop")
    key = created.out.strip()
    assert key not in created.err
    assert status_for(server, key) == 200
    assert status_for(server, f"{key}x") == 401
    assert ttsqueue("keys", "revoke", "shop").out == "The key shop is revoked.\n"
    refused = ask(server, "/api/tts/queue", headers={"Authorization": f"Bearer {key}"})
    assert (refused.status, refused.json["code"]) == (401, "unauthenticated")


def test_only_an_admins_key_may_do_what_an_admin_may(ttsqueue: Program, server: str) -> None:
    plain = ttsqueue("keys", "create", "shop", "--json").json
    admin = ttsqueue("keys", "create", "desk", "--admin", "--json").json
    assert (plain["isAdmin"], admin["isAdmin"]) == (False, True)
    for each, status in ((plain, 403), (admin, 200)):
        path, headers = "/api/tts/pause", {"Authorization": f"Bearer {each['key']}"}
        assert ask(server, path, "POST", headers=headers).status == status


def test_keys_are_shown_once_and_stored_nowhere(ttsqueue: Program) -> None:
    key = ttsqueue("keys", "create", "shop", "--json").json["key"]
    table, listed = ttsqueue("keys", "list").out, ttsqueue("keys", "list", "--json")
    assert "shop" in table
    assert [each["name"] for each in listed.json["keys"]] == ["shop"]
    secret = key.removeprefix("ttsq_")
    assert secret not in table + listed.out
    stored = [path for path in ttsqueue.data.rglob("*") if path.is_file()]
    assert stored
    assert not any(secret.encode() in path.read_bytes() for path in stored)
    assert stat.S_IMODE(ttsqueue.data.stat().st_mode) == 0o700


def test_a_name_is_taken_once(ttsqueue: Program) -> None:
    ttsqueue("keys", "create", "shop")
    ended = ttsqueue("keys", "create", "shop", code=1)
    assert ended.err.startswith("There is a key named shop already")
    assert ended.out == ""
    ttsqueue("keys", "revoke", "shop")
    ttsqueue("keys", "create", "shop")


def test_an_unknown_key_cannot_be_revoked(ttsqueue: Program) -> None:
    ended = ttsqueue("keys", "revoke", "shop", code=1)
    assert ended.err == "There is no key named shop; see: ttsqueue keys list\n"


@pytest.mark.parametrize("name", ["", "  ", "two\nlines", "x" * 101])
def test_a_name_is_one_short_line(ttsqueue: Program, name: str) -> None:
    ended = ttsqueue("keys", "create", name, code=2)
    assert len(ended.err.splitlines()) == 1


def test_without_keys_the_list_says_how_to_make_one(ttsqueue: Program) -> None:
    assert ttsqueue("keys", "list").out == "No keys. Make one with: ttsqueue keys create NAME\n"
    assert ttsqueue("keys", "list", "--json").json == {"keys": []}
