"""The secret by which addresses of sound are signed."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ttsqueue.api.signing import load_secret


def test_servers_that_start_at_once_on_one_folder_agree(tmp_path: Path) -> None:
    """Threads have one process id, as the first processes of two containers have."""
    with ThreadPoolExecutor(2) as servers:
        for number in range(200):
            folder = tmp_path / str(number)
            folder.mkdir()
            one, other = servers.map(load_secret, [folder, folder])
            assert one == other == (folder / "secret").read_bytes()
            assert len(one) == 32
            assert [file.name for file in folder.iterdir()] == ["secret"]


def test_nobody_else_may_read_it(tmp_path: Path) -> None:
    load_secret(tmp_path)
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_memory_card_can_hold_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_: str, target: Path) -> None:
        raise OSError(errno.EPERM, "Operation not permitted", str(target))

    monkeypatch.setattr(os, "link", no_links)
    assert load_secret(tmp_path) == load_secret(tmp_path) == (tmp_path / "secret").read_bytes()
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]
