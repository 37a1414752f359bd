"""The names of files: `<job or work>.<part>.<suffix>`. Pure."""

from __future__ import annotations

import re

from ttsqueue.errors import AudioError
from ttsqueue.jobs import Lease

_FOLDER = re.compile(r"[0-9a-f-]{36}")
_FILE_ID = re.compile(r"(?P<folder>[0-9a-f-]{36})\.(?P<name>[a-z0-9-]{1,40})\.(?P<suffix>[a-z0-9]{1,5})")


def audio_file_id(lease: Lease, part: str, suffix: str) -> str:
    """The id of a file made under this lease: `<job>.<part>-<lease>.<suffix>`; `part` is `c0007`, `book`..."""
    return f"{lease.job_id}.{part}-{lease.token}.{suffix}"


def is_cover(file_id: str, work_id: str) -> bool:
    """Whether this is the id of a cover of this work: `<work>.cover-<fingerprint>.jpg`."""
    return file_id.startswith(f"{work_id}.cover-")


def is_file_id(name: str) -> bool:
    return _FILE_ID.fullmatch(name) is not None


def folder_of(file_id: str) -> str:
    """The job or work that a file belongs to. AudioError for what is not an id of ours."""
    match = _FILE_ID.fullmatch(file_id)
    if match is None:
        raise AudioError(f"{file_id!r} is not the id of an audio file.")
    return match["folder"]


def is_folder(name: str) -> bool:
    """Whether files may lie under this job or work: nobody reaches others with a strange id, nor with an empty one."""
    return _FOLDER.fullmatch(name) is not None
