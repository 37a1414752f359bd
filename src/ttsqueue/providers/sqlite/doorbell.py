"""Waking sleepers in other processes: each has a datagram socket; whoever commits news rings them all."""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_LONGEST_PATH = 100
"""Bytes; the kernel's limit is 107, on macOS 103. The data folder may be deeper, so sockets live elsewhere."""

_FOLDER_PREFIX = "ttsqueue-"


class Doorbell:
    """A socket that others ring. OSError when this system has none."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._socket.setblocking(False)
            self.path = _private_folder() / "bell"
            self._socket.bind(str(self.path))
        except OSError:
            self._socket.close()
            raise

    def fileno(self) -> int:
        return self._socket.fileno()

    def silence(self) -> None:
        """Forget all rings so far."""
        with suppress(BlockingIOError):
            while True:
                self._socket.recv(1)

    def take_down(self) -> None:
        self._socket.close()
        clear_away(self.path)


class Ringer:
    """Rings the doorbells of others; never blocks."""

    def __init__(self) -> None:
        with suppress(AttributeError, OSError):
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)

    def ring(self, paths: Iterable[str]) -> list[str]:
        """The paths behind which nobody listens any more. A full socket is fine: its owner has rings to read."""
        return [path for path in paths if not self._reaches(path)]

    def close(self) -> None:
        self._socket.close()

    def _reaches(self, path: str) -> bool:
        try:
            self._socket.sendto(b"!", path)
        except (ConnectionRefusedError, FileNotFoundError):
            clear_away(Path(path))
            return False
        except OSError:
            return True
        return True


def clear_away(path: Path) -> None:
    """Remove a doorbell's socket and its folder; only what looks like ours."""
    if path.parent.name.startswith(_FOLDER_PREFIX):
        with suppress(OSError):
            path.unlink(missing_ok=True)
            path.parent.rmdir()


def _private_folder() -> Path:
    """A new folder of mode 0700 with a path short enough for a socket."""
    for place in (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp"):  # noqa: S108 - mkdtemp makes it safe
        if place and len(os.fsencode(place)) < _LONGEST_PATH - 30:
            with suppress(OSError):
                return Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=place))
    raise OSError("there is no short and writable temporary folder for a socket")
