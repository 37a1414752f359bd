"""The worker's log: one line per claim, end, takeover and trouble; never a text, never a secret."""

from __future__ import annotations

import logging

log = logging.getLogger("ttsqueue.worker")
