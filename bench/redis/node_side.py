"""BullMQ in Node measures itself; this starts it. Its packages are those of tests/interop."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

PROGRAM = Path(__file__).with_name("node_side.mjs")
PACKAGES = Path(__file__).parents[2] / "tests" / "interop"


def is_there() -> bool:
    return shutil.which("node") is not None and (PACKAGES / "node_modules" / "bullmq").exists()


def measured(url: str, work: Mapping[int, int]) -> tuple[dict[str, float], list[float]]:
    """Rates by measure, and the times of picking up."""
    done = subprocess.run(
        ["node", "--input-type=module", "--eval", PROGRAM.read_text("utf-8")],
        cwd=PACKAGES,
        env={"PATH": os.environ["PATH"], "REDIS_URL": url, "WORK": json.dumps(work)},
        stdout=subprocess.PIPE,
        check=True,
    )
    found = json.loads(done.stdout)
    return found["figures"], found["pickUp"]
