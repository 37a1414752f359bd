"""Doctor: does the object store take sound, give it back, and delete it?"""

from __future__ import annotations

from uuid import uuid4

from ttsqueue.app import make_storage
from ttsqueue.cli.finding import Finding, fail, ok
from ttsqueue.errors import TTSQueueError
from ttsqueue.settings import Settings
from ttsqueue.storage import Storage

SUBJECT = "sound"


async def check_storage(settings: Settings) -> list[Finding]:
    """Nothing to tell of a folder: it lies in the data folder."""
    if settings.storage is None:
        return []
    try:
        storage = make_storage(settings)
        came_back = await _try_out(storage)
    except FileNotFoundError:
        came_back = False
    except TTSQueueError as error:
        return [fail(SUBJECT, str(error))]
    if not came_back:
        return [fail(SUBJECT, f"{settings.storage} takes files and does not give them back; look at its own settings.")]
    return [ok(SUBJECT, f"{settings.storage} takes files, gives them back and deletes them.")]


async def _try_out(storage: Storage) -> bool:
    file_id, content = f"{uuid4()}.doctor-0.wav", uuid4().bytes
    await storage.prepare()
    draft = storage.draft("wav")
    draft.write_bytes(content)
    try:
        await storage.publish(draft, file_id)
        try:
            return b"".join([piece async for piece in storage.content(file_id, range(len(content)))]) == content
        finally:
            await storage.delete(file_id)
    finally:
        draft.unlink(missing_ok=True)
