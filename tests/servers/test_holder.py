"""Whose permits are ended because their process is dead."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from ttsqueue.process_identity import this_process
from ttsqueue.servers.holder import Holder
from ttsqueue.servers.state import Permit, ServerState
from ttsqueue.workers import WorkerProcess

HERE = this_process()


@pytest.fixture
def dead() -> WorkerProcess:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return replace(HERE, pid=process.pid, started=1.0)


def kept(*permit_ids: str) -> list[str]:
    state = ServerState(permits=tuple(Permit(each, 0.0) for each in permit_ids), failures=2)
    after = Holder().without_the_dead(state)
    assert after.failures == 2
    return [permit.id for permit in after.permits]


def test_permits_of_dead_processes_of_this_machine_end(dead: WorkerProcess) -> None:
    ours, theirs = Holder().new_permit(), Holder(dead).new_permit()
    assert kept(ours, theirs) == [ours]


def test_a_process_whose_number_was_given_to_another_program_is_dead() -> None:
    assert not kept(Holder(replace(HERE, started=HERE.started - 1)).new_permit())


@pytest.mark.parametrize("where", ["host", "boot_id", "pid_namespace"])
def test_nobody_judges_processes_elsewhere(dead: WorkerProcess, where: str) -> None:
    about: dict[str, Any] = {where: "another"}
    elsewhere = Holder(replace(dead, **about)).new_permit()
    assert kept(elsewhere) == [elsewhere]


def test_permits_that_say_nothing_of_their_holder_stay() -> None:
    """Those of an older version."""
    assert kept("0c9f6f5c") == ["0c9f6f5c"]


def test_no_two_permits_are_the_same() -> None:
    assert len({Holder().new_permit() for _ in range(1000)}) == 1000
