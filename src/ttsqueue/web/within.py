"""Addresses to go on to that came from outside: only those of this site are good."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers

_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""Printable ASCII without a backslash: browsers read `//` and `/\\` as the beginning of another host."""
_LONGEST = 1000


def within_site(address: str) -> str:
    """The address when it is a path of this site, otherwise the first page."""
    return address if len(address) <= _LONGEST and _PATH.fullmatch(address) else "/"


def came_from(headers: Headers) -> str:
    """The page of ours whose form was sent, otherwise the first page."""
    try:
        parts = urlsplit(headers.get("referer", ""))
    except ValueError:
        return "/"
    if parts.netloc.lower() != headers.get("host", "").lower():
        return "/"
    return within_site(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/")
