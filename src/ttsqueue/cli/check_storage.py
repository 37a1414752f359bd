"""Doctor: does the object store take sound, give it back, and delete it?"""

from __future__ import annotations

from uuid import uuid4

from ttsqueue.app import make_storage
from ttsqueue.cli.finding import Finding, fail, ok, warn
from ttsqueue.errors import AudioError, TTSQueueError
from ttsqueue.settings import Settings
from ttsqueue.storage import Storage

SUBJECT = "sound"


async def check_storage(settings: Settings) -> list[Finding]:
    """Nothing to tell of a folder: it lies in the data folder."""
    if settings.storage is None:
        return []
    try:
        storage = make_storage(settings)
        return [await _try_out(storage, settings.storage)]
    except TTSQueueError as error:
        return [fail(SUBJECT, str(error))]


async def _try_out(storage: Storage, url: str) -> Finding:
    file_id, content = f"{uuid4()}.doctor-0.wav", uuid4().bytes
    await storage.prepare()
    await _publish(storage, file_id, content)
    try:
        if await _read(storage, file_id, len(content)) != content:
            return fail(SUBJECT, f"{url} takes files and does not give them back; look at its own settings.")
        if await _replaces(storage, file_id, content):
            return warn(SUBJECT, f"{url} replaces files without being asked to; set AWS_CONDITIONAL_PUT=disabled.")
    finally:
        await storage.delete(file_id)
    return ok(SUBJECT, f"{url} takes files, gives them back and deletes them.")


async def _publish(storage: Storage, file_id: str, content: bytes) -> None:
    draft = storage.draft("wav")
    try:
        draft.write_bytes(content)
        await storage.publish(draft, file_id)
    finally:
        draft.unlink(missing_ok=True)


async def _read(storage: Storage, file_id: str, size: int) -> bytes | None:
    try:
        return b"".join([piece async for piece in storage.content(file_id, range(size))])
    except FileNotFoundError:
        return None


async def _replaces(storage: Storage, file_id: str, content: bytes) -> bool:
    try:
        await _publish(storage, file_id, content)
    except AudioError:
        return False
    return True
