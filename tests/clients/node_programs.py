"""The programs that use the TypeScript client, compiled and run by Node."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

from .compiler import CLIENT, Compiler, tool

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


def compiled(compiler: Compiler, folder: Path) -> Programs:
    """Type-check everything and write the JavaScript, with the `@/lib` that an application would have."""
    compiler.compile(CLIENT, "--outDir", str(folder))
    (folder / "package.json").write_text('{"type": "module"}')
    library = folder / "examples" / "nextjs" / "lib"
    (library / "package.json").write_text('{"type": "module", "exports": {"./*": "./*.js"}}')
    (library / "session.js").write_text(_SESSION)
    (folder / "node_modules" / "@").mkdir(parents=True)
    (folder / "node_modules" / "@" / "lib").symlink_to(library)
    return Programs(folder)
