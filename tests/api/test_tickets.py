"""Tickets name the caller, for one connection and half a minute."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from ttsqueue.api.caller import Caller
from ttsqueue.api.live import tickets
from ttsqueue.api.live.tickets import Tickets
from ttsqueue.errors import Unauthenticated

CALLER = Caller("00000000-0000-4000-8000-00000000000a", is_premium=True, expires_at=datetime(2050, 1, 2, 3, tzinfo=UTC))


def test_a_ticket_brings_back_the_caller_as_it_was() -> None:
    issuer = Tickets(b"secret")
    assert issuer.take(issuer.make(CALLER)) == CALLER
    assert issuer.take(issuer.make(Caller(None, is_service=True))) == Caller(None, is_service=True)


def test_another_process_of_the_site_takes_it() -> None:
    assert Tickets(b"secret").take(Tickets(b"secret").make(CALLER)) == CALLER


def test_a_ticket_used_twice_is_refused() -> None:
    issuer = Tickets(b"secret")
    ticket = issuer.make(CALLER)
    issuer.take(ticket)
    with pytest.raises(Unauthenticated, match="has been used"):
        issuer.take(ticket)


def test_an_old_ticket_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Tickets(b"secret")
    ticket = issuer.make(CALLER)
    later = time.time() + tickets.LIFETIME + 1
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Unauthenticated, match="older than 30 seconds"):
        issuer.take(ticket)


@pytest.mark.parametrize("forged", ["", ".", "a.b", "ä.ö", "\udcff.x", "{}"])
def test_what_we_did_not_make_is_refused(forged: str) -> None:
    with pytest.raises(Unauthenticated, match="not made by this server"):
        Tickets(b"secret").take(forged)


def test_a_changed_ticket_or_another_sites_is_refused() -> None:
    body, _, signature = Tickets(b"secret").make(CALLER).partition(".")
    for ticket in (f"{body}A.{signature}", f"{body}.{signature}A", Tickets(b"other").make(CALLER)):
        with pytest.raises(Unauthenticated):
            Tickets(b"secret").take(ticket)


def test_used_tickets_are_forgotten_when_they_have_expired(monkeypatch: pytest.MonkeyPatch) -> None:
    issuer = Tickets(b"secret")
    for _ in range(100):
        issuer.take(issuer.make(CALLER))
    later = time.time() + tickets.LIFETIME + 1
    monkeypatch.setattr(time, "time", lambda: later)
    issuer.take(issuer.make(CALLER))
    assert len(issuer._used) == 1
