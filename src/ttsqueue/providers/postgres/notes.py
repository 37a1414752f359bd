"""Notes that processes leave for each other."""

from __future__ import annotations

from ttsqueue.notes import Note
from ttsqueue.providers.postgres import rows
from ttsqueue.providers.postgres.operation import Operation, one
from ttsqueue.providers.postgres.reader import Reader


async def note(reader: Reader, name: str) -> Note:
    row = (await reader.all("note", {"name": name}))[0]
    return Note(name, row["text"], row["version"], rows.moment(row["read_at"]))


def writing_note(name: str, text: str, version: int) -> Operation[bool]:
    statement = "replace_note" if version else "write_first_note"
    return Operation(one(statement, {"name": name, "text": text, "version": version}), bool, may_be_lost=True)
