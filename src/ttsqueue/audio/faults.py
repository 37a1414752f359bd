"""What a failed write, read or encoding means to the person who reads it."""

from __future__ import annotations

import errno
from pathlib import Path

from ttsqueue.errors import AudioError

_WRITING = {
    errno.ENOSPC: "The disk is full: there is no room for sound in {folder}. Free some space and try again.",
    errno.EDQUOT: "The disk quota for {folder} is used up. Free some space and try again.",
    errno.EFBIG: "The sound became larger than a file in {folder} may be.",
    errno.EROFS: "The folder {folder} is read-only. Choose another one or make it writable.",
    errno.EACCES: "The folder {folder} may not be written to. Give this user write permission.",
    errno.EPERM: "The folder {folder} may not be written to. Give this user write permission.",
    errno.ENOENT: "The folder {folder} does not exist.",
    errno.ENOTDIR: "{folder} is not a folder.",
}


def writing_fault(error: Exception, folder: Path) -> AudioError:
    """The sentence for an error while sound was written into `folder`."""
    if isinstance(error, AudioError):
        return error
    if isinstance(error, MemoryError):
        return AudioError("There is not enough memory to encode this sound.")
    # libav's errors are OSErrors with the number of the system.
    number = error.errno if isinstance(error, OSError) else None
    sentence = _WRITING.get(number or 0, "The sound could not be written to {folder}: {error}.")
    return AudioError(sentence.format(folder=folder, error=str(error).rstrip(".")))
