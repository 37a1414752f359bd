"""What `serve` and `up` have in common: a server that runs until it is interrupted."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from ttsqueue.api.listening import bind, serve
from ttsqueue.api.opening import open_site
from ttsqueue.api.site import Site
from ttsqueue.cli.failure import FAILED
from ttsqueue.cli.interruption import interruptible
from ttsqueue.server_settings import ServerSettings
from ttsqueue.settings import Settings
from ttsqueue.web.pages import make_website

Greet = Callable[[Site, str, int], None]
"""Tells a person where to find the site: host and port as they are bound."""

Beside = Callable[[Site], Coroutine[Any, Any, None]]
"""What else runs while the server does."""

_log = logging.getLogger("ttsqueue")


def serve_until_stopped(
    settings: Settings, server_settings: ServerSettings, greet: Greet, *beside: Beside, code: str | None = None
) -> None:
    """SIGTERM and Ctrl-C end it; a second one at once. With a pairing `code`, only who enters it gets in.

    SettingsError, StoreError, CannotListen.
    """
    asyncio.run(_interruptible(_serve(settings, server_settings, greet, beside, code)))


async def _interruptible(serving: Coroutine[Any, Any, None]) -> None:
    if await interruptible(serving, FAILED):
        _log.info("stopped")


async def _serve(
    settings: Settings, server: ServerSettings, greet: Greet, beside: tuple[Beside, ...], code: str | None
) -> None:
    async with open_site(settings, server, code) as site:
        with bind(server.host, server.port) as listening:
            host, port = listening.getsockname()[:2]
            answering = serve(make_website(site, server), listening, lambda: greet(site, host, port), site.live.end)
            await _together(answering, *(work(site) for work in beside))


async def _together(*work: Coroutine[Any, Any, None]) -> None:
    """Until one fails or we are cancelled; then all end."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()


def url(host: str, port: int) -> str:
    """`http://127.0.0.1:8642`"""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
