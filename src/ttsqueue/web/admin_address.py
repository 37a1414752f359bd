"""What the address of the admin's page asks for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from ttsqueue.api.routes.admin import Span

LONGEST_QUERY = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that a look at the page depends on; it is kept in the address."""

    words: str = ""
    """The query, as it was typed."""
    span: Span = Span.HOUR
    """How far back the charts go."""
    cursor: str | None = None
    """Where an older page of jobs begins."""

    def address(self, part: str = "", **more: str | None) -> str:
        """Of the page with the same question. `part` is scrolled to; what is in `more` is added or replaced."""
        asked = {"q": self.words, "span": "" if self.span is Span.HOUR else self.span, "cursor": self.cursor, **more}
        query = urlencode({name: value for name, value in asked.items() if value}, safe=":")
        return "/admin" + (f"?{query}" if query else "") + (f"#{part}" if part else "")

    def limits_of(self, server: str) -> str:
        """The page that changes them, which leads back here."""
        return self.address(server=server).replace("/admin", "/admin/limits", 1)


def read_asked(words: str, span: str, cursor: str) -> Asked:
    """A span that is none of ours is the last hour."""
    chosen = Span(span) if span in tuple(Span) else Span.HOUR
    return Asked(" ".join(words.split())[:LONGEST_QUERY], chosen, cursor or None)
