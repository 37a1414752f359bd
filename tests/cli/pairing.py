"""A household: `up --lan` as a process, that only this computer can reach, and its devices."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from subprocess import Popen
from typing import Any

from .http import Answer, address_of, ask

COOKIE = "ttsqueue_session"
LAN = ("up", "--lan", "--host", "127.0.0.1")


@dataclass(frozen=True, slots=True)
class Household:
    """What the terminal shows."""

    address: str
    code: str
    shown: str

    def pair(self, code: str) -> Answer:
        return ask(self.address, "/api/tts/pair", "POST", {"code": code})

    def enter(self) -> dict[str, str]:
        """The headers of a device that has entered the code."""
        answer = self.pair(self.code)
        assert answer.status == 200, answer.body
        return {"Cookie": cookie_of(answer), "X-CSRF-Token": answer.json["csrfToken"]}

    def who(self, headers: dict[str, str]) -> Any:
        return ask(self.address, "/api/tts/session", headers=headers)


def household_of(process: Popen[bytes]) -> Household:
    """Reads what it prints, to the last line."""
    address = address_of(process)
    assert process.stdout is not None
    shown = f"{address}\n"
    while "get in" not in shown:
        line = process.stdout.readline().decode()
        assert line, shown
        shown += line
    found = re.search(r"^Pairing code: (\w{4}-\w{4})$", shown, re.MULTILINE)
    assert found, shown
    return Household(address, found[1], shown)


def cookie_of(answer: Answer) -> str:
    """As a browser sends it back."""
    return f"{COOKIE}={SimpleCookie(answer.headers['set-cookie'])[COOKIE].value}"
