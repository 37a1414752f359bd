"""What the compiler says of the TypeScript client and of those who use it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import httpx

from .compiler import CLIENT, LIBRARY, Compiler, tool
from .conftest import Running
from .openapi_types import declarations

ANSWERS = {
    "Job": "JobOut",
    "JobResult": "ResultOut",
    "Chapter": "ChapterOut",
    "Timeline": "TimelineOut",
    "QueueStats": "StatsOut",
    "JobPage": "Required<ManyJobs>",
    "Voices": "VoicesOut",
    "BookFile": "BookOut",
    "Estimate": "EstimateOut",
}
REQUESTS = {
    'Omit<NewJob, "chapters" | "runAt">': "Partial<NewJobIn>",
    "NewChapter": "ChapterIn",
    "Preview": "PreviewIn",
    "{ all: keyof NewJob }": "{ all: keyof NewJobIn }",
    "{ all: keyof NewJobIn }": '{ all: keyof NewJob | "priority" | "coverFileId" }',
}
IMPORT = f'from "{LIBRARY}";\n'


async def test_types_are_those_of_the_servers_description(compiler: Compiler, server: Running, tmp_path: Path) -> None:
    async with httpx.AsyncClient() as client:
        description = (await client.get(f"{server.address}/openapi.json")).json()
    fits = [*ANSWERS.items(), *((theirs, ours) for ours, theirs in ANSWERS.items()), *REQUESTS.items()]
    checks = "".join(f"export type Check{n} = Fits<{one}, {other}>;\n" for n, (one, other) in enumerate(fits))
    names = ", ".join([*ANSWERS, "NewJob", "NewChapter", "Preview"])
    source = f"import type {{ {names} }} {IMPORT}type Fits<A extends B, B> = A;\n{checks}"
    (tmp_path / "truth.ts").write_text(source + declarations(description))
    assert compiler.faults(tmp_path) == ""


def test_wrong_calls_do_not_compile(compiler: Compiler, tmp_path: Path) -> None:
    wrong = {
        "chapters": 'TTSQueue.addJob({ workId: "w", chapters: [{ text: "No id." }] });',
        "jobType": 'TTSQueue.addJob({ workId: "w", chapters: [], jobType: "half_book" });',
        "status": 'TTSQueue.listJobs({ status: "lost" });',
        "jobs": 'const ids: number[] = await TTSQueue.getUserJobs("all");',
    }
    for name, call in wrong.items():
        (tmp_path / f"{name}.ts").write_text(f"import {{ TTSQueue }} {IMPORT}{call}\nexport {{}};\n")
    faults = compiler.faults(tmp_path)
    assert all(f"{name}.ts(2," in faults for name in wrong), faults
    assert "ttsqueue.ts(" not in faults


def test_the_code_in_the_readme_compiles(compiler: Compiler, tmp_path: Path) -> None:
    snippets = re.findall(r"```ts\n(.*?)```", (CLIENT / "README.md").read_text(), re.DOTALL)
    assert len(snippets) == 2
    for number, code in enumerate(snippets):
        source = code.replace('"@/lib/queue"', f'"{LIBRARY}"')
        (tmp_path / f"snippet{number}.ts").write_text(f"{source}\nexport {{}};\n")
    assert compiler.faults(tmp_path) == ""


def test_the_built_package_is_imported_by_its_name(compiler: Compiler, tmp_path: Path) -> None:
    package = tmp_path / "node_modules" / "ttsqueue"
    compiler.compile(CLIENT / "tsconfig.build.json", "--outDir", str(package / "dist"))
    shutil.copy(CLIENT / "package.json", package)
    program = tmp_path / "program.mjs"
    program.write_text('import { getPriorityForUser } from "ttsqueue";\nconsole.log(getPriorityForUser(true));\n')
    assert subprocess.check_output([tool("node"), program], text=True) == "2\n"
    (tmp_path / "typed.ts").write_text(
        'import type { Job } from "ttsqueue";\nexport const id = (job: Job): string => job.id;\n'
    )
    assert compiler.faults(tmp_path) == ""


def test_the_lock_file_names_no_registry_and_every_hash() -> None:
    lock = (CLIENT / "package-lock.json").read_text()
    assert '"resolved"' not in lock
    assert lock.count('"integrity"') == lock.count('"node_modules/') > 0
