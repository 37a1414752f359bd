"""Stands between us and the S3 server, and answers some requests itself: a store in trouble."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.s3_server import S3Server

_HOP = {"host", "connection", "transfer-encoding", "content-length"}


@dataclass
class Gateway:
    """`refuse` maps a part of a request line to the status and body that answer it."""

    url: str
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)
    forget: set[str] = field(default_factory=set)
    """Headers that the store does not get to see: it does not know them."""
    requests: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    """Set at the first request."""


@contextmanager
def gateway(server: S3Server) -> Iterator[Gateway]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            line = f"{self.command} {self.path}"
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            through.requests.append(line)
            through.asked.set()
            refusal = next((answer for words, answer in through.refuse.items() if words in line), None)
            status, headers, content = _refused(refusal) if refusal else self.forwarded(body)
            self.send_response(status)
            for name, value in headers.items():
                if name.lower() not in _HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", headers.get("Content-Length", str(len(content))))
            self.end_headers()
            with suppress(BrokenPipeError):  # an upload that was given up
                self.wfile.write(content)

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer  # noqa: N815

        def forwarded(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
            kept = {name: value for name, value in self.headers.items() if name.lower() not in _HOP | through.forget}
            kept = {"Content-Type": "application/octet-stream", **kept}  # urllib would say that it is a form
            request = Request(server.url + self.path, body, kept, method=self.command)
            try:
                with urlopen(request, timeout=30) as answer:
                    return answer.status, dict(answer.headers), answer.read()
            except HTTPError as error:
                return error.code, dict(error.headers), error.read()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    through = Gateway(f"http://127.0.0.1:{listening.server_address[1]}")
    thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield through
    finally:
        listening.shutdown()
        thread.join()
        listening.server_close()


def _refused(refusal: tuple[int, str]) -> tuple[int, dict[str, str], bytes]:
    status, code = refusal
    body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>tests-secret-host</Message></Error>"
    return status, {"Content-Type": "application/xml"}, body.encode()
