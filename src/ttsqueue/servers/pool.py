"""All TTS servers that this process knows: how they are doing, and what they may be asked."""

from __future__ import annotations

from collections.abc import Sequence

from ttsqueue.errors import ServerNotFound
from ttsqueue.servers.limits import ServerLimits
from ttsqueue.servers.report import ServerReport
from ttsqueue.servers.server import SpeechServer
from ttsqueue.servers.traffic import Traffic


class ServerPool:
    """In the order of servers.toml."""

    def __init__(self, servers: Sequence[tuple[SpeechServer, Traffic]]) -> None:
        self._servers = {server.name: (server, traffic) for server, traffic in servers}

    @property
    def servers(self) -> Sequence[tuple[SpeechServer, Traffic]]:
        return list(self._servers.values())

    @property
    def described(self) -> tuple[SpeechServer, ...]:
        return tuple(server for server, _ in self._servers.values())

    async def reports(self) -> tuple[ServerReport, ...]:
        """StoreUnavailable."""
        return tuple([await self.report(name) for name in self._servers])

    async def report(self, name: str) -> ServerReport:
        """ServerNotFound, StoreUnavailable."""
        server, traffic = self._find(name)
        return ServerReport(server, *await traffic.state())

    async def set_limits(self, name: str, limits: ServerLimits | None) -> ServerReport:
        """For all workers, within a second; None goes back to those of the file. ServerNotFound, StoreUnavailable."""
        await self._find(name)[1].set_limits(limits)
        return await self.report(name)

    def _find(self, name: str) -> tuple[SpeechServer, Traffic]:
        if name not in self._servers:
            raise ServerNotFound(name, self._servers)
        return self._servers[name]
