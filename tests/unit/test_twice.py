"""How the tests of this repository are run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests import twice

_ONLY_ALONE = """
import os
def test_that_wants_the_machine_for_itself():
    assert "PYTEST_XDIST_WORKER" not in os.environ
def test_that_passes():
    with open("passed", "a") as file:
        file.write(".")
"""


def _run(folder: Path, text: str, workers: int = 1) -> subprocess.CompletedProcess[str]:
    (folder / "test_here.py").write_text(text)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "PYTHONPATH": str(Path(twice.__file__).parents[1]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # which takes seconds
    }
    command = [sys.executable, "-m", "tests.twice", "-p", "xdist", "-n", str(workers), "test_here.py"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_what_failed_runs_once_more_alone_and_is_named(tmp_path: Path) -> None:
    done = _run(tmp_path, _ONLY_ALONE)
    assert done.returncode == 0, done.stdout
    last = done.stdout.rstrip().splitlines()[-1]
    assert last == "PASSED ONLY ALONE: test_here.py::test_that_wants_the_machine_for_itself"
    assert (tmp_path / "passed").read_text() == ".", "what passed has run once"


def test_what_fails_alone_too_has_failed(tmp_path: Path) -> None:
    done = _run(tmp_path, "def test_it():\n    assert False\n")
    assert done.returncode == 1
    assert "PASSED ONLY ALONE" not in done.stdout


def test_many_failures_are_no_matter_of_time(tmp_path: Path) -> None:
    text = "import pytest, os\n@pytest.mark.parametrize('n', range(6))\ndef test_it(n):\n"
    done = _run(tmp_path, text + "    assert 'PYTEST_XDIST_WORKER' not in os.environ\n")
    assert done.returncode == 1
    assert "Once more" not in done.stdout


def test_names_that_differ_from_run_to_run_have_failed(tmp_path: Path) -> None:
    text = "import os, pytest\n@pytest.mark.parametrize('n', [os.getpid()])\ndef test_it(n):\n    pass\n"
    done = _run(tmp_path, text, workers=2)
    assert done.returncode == 1
    assert "Different tests were collected" in done.stdout
    assert "Once more" not in done.stdout


def test_tests_that_cannot_be_read_have_failed(tmp_path: Path) -> None:
    done = _run(tmp_path, "import nothing_of_that_name\n")
    assert done.returncode != 0
    assert "Once more" not in done.stdout
