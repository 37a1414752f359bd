"""The TypeScript compiler, as the lock file of the client has it; never installed into the tree."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "clients" / "typescript"
LIBRARY = CLIENT / "src" / "ttsqueue.js"
"""As other programs import it; there is only a `.ts`."""
_PATIENCE = 120
"""Seconds; npm needs 3 where nothing is in its way."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """An installed one."""

    tsc: Path

    def compile(self, project: Path, *options: str) -> None:
        """The test fails with all that is wrong."""
        _call([str(self.tsc), "-p", str(project), *options], CLIENT)

    def faults(self, folder: Path) -> str:
        """What is wrong with the `.ts` files in a folder, under the options of the client; empty if all is well."""
        options = {"rootDir": "/", "noEmit": True}
        project = {"extends": str(CLIENT / "tsconfig.json"), "compilerOptions": options, "include": ["*.ts"]}
        (folder / "tsconfig.json").write_text(json.dumps(project))
        done = subprocess.run([self.tsc, "-p", folder], capture_output=True, text=True, check=False, timeout=_PATIENCE)
        return done.stdout


def installed(folder: Path) -> Compiler:
    """By `npm ci`, once for all test processes of a run."""
    tool("node")
    npm = tool("npm")
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "node_modules").exists():
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(CLIENT / name, folder)
            _call([npm, "ci", "--no-audit", "--no-fund"], folder)
    return Compiler(folder / "node_modules" / ".bin" / "tsc")


def tool(name: str) -> str:
    """Where it is. Without it tests are skipped, but not in CI."""
    found = shutil.which(name)
    if found is not None:
        return found
    reason = f"There is no {name}: install Node.js 18 or newer with npm, in which the TypeScript client runs"
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


def _call(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=_PATIENCE)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
