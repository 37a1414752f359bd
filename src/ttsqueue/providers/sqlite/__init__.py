"""The queue in one SQLite file: no server, any number of processes on one host."""

from ttsqueue.providers.sqlite.provider import SqliteProvider

__all__ = ["SqliteProvider"]
