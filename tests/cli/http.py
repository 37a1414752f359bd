"""Asking a server that was started as a process."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from .processes import eventually


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def address_of(process: subprocess.Popen[bytes]) -> str:
    """What it prints when it listens."""
    assert process.stdout is not None
    line = process.stdout.readline().decode()
    assert line.startswith("ttsqueue listens on http://"), line
    return line.split()[-1]


def ask(
    address: str, path: str, method: str = "GET", body: object = None, headers: dict[str, str] | None = None
) -> Answer:
    """One request over a connection of its own."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    try:
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        connection.request(method, path, sent, {**kind, **(headers or {})})
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())
    finally:
        connection.close()


def until_job_is(address: str, job_id: str, status: str, within: float = 30.0) -> Any:
    """The job, as soon as it has this status."""

    def job() -> Any:
        return ask(address, f"/api/tts/queue?jobId={job_id}").json["job"]

    eventually(lambda: job()["status"] == status, within)
    return job()
