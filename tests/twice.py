"""Runs the tests, and what failed once more, alone: a test that measures time can fail on a busy machine.

    python -m tests.twice [pytest's arguments]

Ends well only when every test passed in the first run or alone. A failure stays in sight either way: the last line
names what passed only alone, and that is a finding. When many tests fail, time is not the reason: nothing runs again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

_MANY = 5
_FAILED = Path(".pytest_cache/v/cache/lastfailed")


def run(arguments: list[str]) -> int:
    _FAILED.unlink(missing_ok=True)
    status = _pytest(*arguments)
    failed = _failed()
    are_tests = all("::" in each for each in failed)  # and no trouble of pytest itself
    if status != 1 or not are_tests or not 0 < len(failed) <= _MANY:
        return status
    print(f"\nOnce more, alone: {', '.join(failed)}\n", flush=True)
    status = _pytest(*arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none")
    if status == 0:
        print(f"\nPASSED ONLY ALONE: {', '.join(failed)}", flush=True)
    return status


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


def _failed() -> list[str]:
    return list(json.loads(_FAILED.read_text())) if _FAILED.exists() else []


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
