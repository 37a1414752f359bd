"""Where finished sound lies: a local folder or an object store. `bucket.py` needs the extra `objects`."""

from ttsqueue.storage.file_ids import audio_file_id, is_cover
from ttsqueue.storage.local import LocalStorage
from ttsqueue.storage.media_types import MEDIA_TYPES, media_type
from ttsqueue.storage.storage import Storage
from ttsqueue.storage.stored_file import StoredFile

__all__ = ["MEDIA_TYPES", "LocalStorage", "Storage", "StoredFile", "audio_file_id", "is_cover", "media_type"]
