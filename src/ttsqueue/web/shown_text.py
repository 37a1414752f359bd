"""Text from outside as a page may show it."""

from __future__ import annotations

import re

from markupsafe import Markup

_UNSHOWN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""Control characters, half letters, and marks that turn the direction of what follows, also beyond their own text."""


def shown(value: object) -> object:
    """What a template prints: letters alone, whatever a title holds. Markup, which templates made, stays as it is."""
    return _UNSHOWN.sub("", value) if isinstance(value, str) and not isinstance(value, Markup) else value
