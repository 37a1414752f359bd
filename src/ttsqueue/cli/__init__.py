"""The command line: `ttsqueue` and `tts-worker`.

What a command needs to start lies at the top of its file; stores, engines and sound are imported when they are used,
so that `ttsqueue --help` answers at once.
"""

from __future__ import annotations

from ttsqueue.cli.program import main

__all__ = ["main"]
