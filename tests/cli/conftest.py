from __future__ import annotations

from pathlib import Path

import pytest

from .program import Program


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The folder in which the program is started."""
    folder = tmp_path / "here"
    folder.mkdir()
    return folder


@pytest.fixture
def ttsqueue(tmp_path: Path, here: Path) -> Program:
    return Program(tmp_path / "data", here)
