"""The socket of the server, and the uvicorn behind it."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import resource
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from ttsqueue.api.slow_heads import PatientProtocol
from ttsqueue.errors import TTSQueueError

KEEP_ALIVE = 30
"""Seconds that a connection may be silent between two requests."""
LAST_ANSWERS = 4
"""Seconds that running requests get when the server stops."""
LONGEST_SOCKET_MESSAGE = 65_536
"""Bytes; clients have little to say there."""


class CannotListen(TTSQueueError):
    """The address belongs to another program, or not to this computer."""

    code = "cannot_listen"


def bind(host: str, port: int) -> socket.socket:
    """A socket at this address; port 0 takes a free one. CannotListen."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotListen(f"{host} is no address to listen on ({error.strerror}).") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart need not wait for old connections
        listening.bind(address)
    except OSError as error:
        listening.close()
        raise CannotListen(_why_not(host, port, error)) from None
    return listening


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} of {host} is in use already; stop what listens there, or choose another with --port."
    return f"Cannot listen on port {port} of {host}: {os.strerror(error.errno or 0)}."


async def serve(
    application: ASGIApp, listening: socket.socket, on_ready: Callable[[], None], on_stop: Callable[[], None]
) -> None:
    """Answer requests until this task is cancelled; those that are running are answered before it ends.

    `on_stop` is to end what would go on for ever.
    """
    _allow_many_connections()
    server = _Server(_config(application), on_ready)
    serving = asyncio.create_task(server.serve([listening]))
    try:
        await asyncio.wait({serving})
    finally:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # whatever is cut off now is no error
        on_stop()
        server.should_exit = True
        await serving


def _config(application: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        application,
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=LONGEST_SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # a compressor per socket is 300 kB
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )


class _Server(uvicorn.Server):
    """Leaves signals to us, and says when it listens."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def _allow_many_connections() -> None:
    """Each is an open file, and systems begin with few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):  # macOS names a limit that it does not grant
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
