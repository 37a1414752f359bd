"""What an operator has just done, out of the address of the page that follows."""

from __future__ import annotations

from ttsqueue.web import selection
from ttsqueue.web.wording import counted

_WORDS = {
    "pause": "The queue is paused. Books that are being spoken go on.",
    "resume": "The queue runs again.",
    "limits": "The limits are changed; all workers keep to them within a second.",
    "limits-of-file": "The limits of servers.toml hold again.",
}
_RESET = "reset-"


def reset_word(number: int) -> str:
    """For so many books that were put back."""
    return f"{_RESET}{number}"


def what_was_done(text: str) -> str | None:
    """A sentence; None for what is none of our words."""
    if text in _WORDS:
        return _WORDS[text]
    number = text.removeprefix(_RESET)
    if number != text and number.isascii() and number.isdecimal() and len(number) <= 6:
        return _put_back(int(number))
    done = selection.what_was_done(text)
    return done.sentence if done is not None else None


def _put_back(number: int) -> str:
    if not number:
        return "No book was stuck."
    verb = "was" if number == 1 else "were"
    return f"{counted(number, 'book')} {verb} stuck and put back."
