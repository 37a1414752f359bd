"""Is there somebody who wants to see colours and moving bars?"""

from __future__ import annotations

import os
from typing import TextIO


def is_lively(stream: TextIO) -> bool:
    """A terminal that understands escape codes, and nobody asked for plain text."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
