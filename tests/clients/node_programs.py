"""The TypeScript client and its programs: installed, compiled, run by Node."""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
import subprocess
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "clients" / "typescript"
_INSTALLED = CLIENT / "node_modules" / ".package-lock.json"
_SESSION = """
export async function currentUser(request) {
  const name = request.headers.get("Authorization")?.replace("Bearer ", "");
  const id = { ada: process.env.ADA, ben: process.env.BEN }[name];
  return id ? { id, isPremium: false } : null;
}
"""


@dataclass(frozen=True, slots=True)
class Programs:
    """What `clients/typescript/test` became."""

    folder: Path

    async def run(self, name: str, **given: str) -> list[str]:
        """The lines of one with this environment."""
        return [line async for line in self.lines(name, **given)]

    async def lines(self, name: str, **given: str) -> AsyncGenerator[str, None]:
        """Lines as they are printed. A program that fails or takes 30 s fails the test with all it said."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("TTSQUEUE_")}
        program = self.folder / "test" / f"{name}.js"
        process = await asyncio.create_subprocess_exec(
            tool("node"), program, env=own | given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert process.stdout is not None
        said = []
        try:
            async with asyncio.timeout(30):
                async for line in process.stdout:
                    said.append(line.decode().rstrip())
                    yield said[-1]
        finally:
            if not process.stdout.at_eof():
                process.kill()
            await process.wait()
        assert process.returncode == 0, "\n".join(said)


def tool(name: str) -> str:
    """Where it is; without it the test fails."""
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed. Install Node.js 18 or newer with npm: the TypeScript client runs in it.")
    return found


def compile_into(folder: Path) -> Programs:
    """Type-check everything and write the JavaScript, with the `@/lib` that an application would have."""
    _install()
    _call([_tsc(), "-p", str(CLIENT), "--outDir", str(folder)])
    (folder / "package.json").write_text('{"type": "module"}')
    library = folder / "examples" / "nextjs" / "lib"
    (library / "package.json").write_text('{"type": "module", "exports": {"./*": "./*.js"}}')
    (library / "session.js").write_text(_SESSION)
    (folder / "node_modules" / "@").mkdir(parents=True)
    (folder / "node_modules" / "@" / "lib").symlink_to(library)
    return Programs(folder)


def type_faults(project: Path) -> str:
    """What the compiler says of a project; empty if all is well."""
    _install()
    done = subprocess.run([_tsc(), "-p", str(project), "--noEmit"], capture_output=True, text=True, check=False)
    return done.stdout


def _tsc() -> str:
    return str(CLIENT / "node_modules" / ".bin" / "tsc")


def _install() -> None:
    """The compiler, by the lock file; several test processes agree."""
    lock_file = CLIENT / "package-lock.json"
    with lock_file.open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _INSTALLED.exists() or _INSTALLED.stat().st_mtime < lock_file.stat().st_mtime:
            _call([tool("npm"), "ci", "--no-audit", "--no-fund"])


def _call(command: list[str]) -> None:
    done = subprocess.run(command, cwd=CLIENT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
