"""The process that encodes chapters, one after another: `python -m ttsqueue.audio.chapter_child`."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from ttsqueue.audio.chapter_file import ChapterFile
from ttsqueue.audio.faults import writing_fault
from ttsqueue.audio.format import AudioFormat
from ttsqueue.audio.framing import Kind
from ttsqueue.audio.parent import Parent


class ChapterWork:
    """Carries out the messages of a parent. After a failure it waits for the next order."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self._chapter: ChapterFile | None = None
        self._folder = self._target_folder = Path()  # of the file being written; of the next one

    def take(self, kind: Kind, payload: bytes) -> None:
        try:
            self._carry_out(kind, payload)
        except Exception as error:
            self._close()
            self._parent.send(Kind.FAILED, str(writing_fault(error, self._folder)).encode())

    def _carry_out(self, kind: Kind, payload: bytes) -> None:
        if kind is Kind.ORDER:
            self._begin(json.loads(payload))
        elif self._chapter is None:
            return  # the rest of a chapter that has failed
        elif kind is Kind.DATA:
            self._chapter.add(payload)
        elif kind is Kind.FINISH:
            self._finish(self._chapter)

    def _begin(self, order: dict[str, str]) -> None:
        self._close()
        temp_folder, target = Path(order["temp_folder"]), Path(order["target"])
        self._folder, self._target_folder = temp_folder, target.parent
        self._chapter = ChapterFile(target, AudioFormat(order["format"]), int(order["sample_rate"]), temp_folder)

    def _finish(self, chapter: ChapterFile) -> None:
        self._folder = self._target_folder
        sound = chapter.finish(self._parent.check_alive)
        self._close()
        self._parent.send(Kind.DONE, json.dumps(asdict(sound)).encode())

    def _close(self) -> None:
        if self._chapter is not None:
            self._chapter.close()
            self._chapter = None


def main() -> None:
    parent = Parent()
    work = ChapterWork(parent)
    for kind, payload in parent.messages():
        work.take(kind, payload)


if __name__ == "__main__":
    main()
