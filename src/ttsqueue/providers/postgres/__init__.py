"""The queue on a PostgreSQL server: any number of processes on any number of hosts."""

from ttsqueue.providers.postgres.provider import PostgresProvider

__all__ = ["PostgresProvider"]
