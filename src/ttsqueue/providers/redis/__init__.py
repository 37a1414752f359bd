"""The queue in Redis, where BullMQ's world can see it."""

from ttsqueue.providers.redis.provider import RedisProvider

__all__ = ["RedisProvider"]
