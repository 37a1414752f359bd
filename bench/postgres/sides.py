"""Who is compared."""

from __future__ import annotations

from contextlib import suppress

from bench.postgres import graphile_side, ours, procrastinate_side, saq_side
from bench.postgres.side import Opened

SIDES: dict[str, Opened] = {
    "ttsqueue": ours.opened,
    "procrastinate": procrastinate_side.opened,
    "saq": saq_side.opened,
}
with suppress(ImportError):  # it cannot live beside bullmq: they want different versions of croniter
    from bench.postgres import pgqueuer_side

    SIDES["pgqueuer"] = pgqueuer_side.opened
if graphile_side.is_installed():
    SIDES["graphile"] = graphile_side.opened
    SIDES["graphile tuned"] = graphile_side.opened_tuned
PYTHON = ("procrastinate", "saq", "pgqueuer")
"""Peers in our own language."""
