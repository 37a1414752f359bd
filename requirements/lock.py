"""Compile pinned, hashed requirement files; no address of an index is written into them."""

import subprocess
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
PROJECT = HERE.parent / "pyproject.toml"
COMPILE = [
    *(sys.executable, "-m", "piptools", "compile", "--quiet", "--generate-hashes", "--allow-unsafe", "--strip-extras"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-header", "--no-annotate"),
]


def compile_into(target: str, requirements: list[str], constraint: str | None = None) -> None:
    """Resolve `requirements` on this Python into `target`, within an earlier file's pins."""
    source = HERE / f"{target}.in"
    lines = [f"-c {constraint}"] if constraint else []
    source.write_text("\n".join([*lines, *requirements]) + "\n")
    try:
        subprocess.run([*COMPILE, "--output-file", f"{target}.txt", source.name], cwd=HERE, check=True)
    finally:
        source.unlink()


def main() -> None:
    project = tomllib.loads(PROJECT.read_text())
    groups = project["dependency-groups"]
    run = project["project"]["dependencies"] + project["project"]["optional-dependencies"]["espeak"]
    compile_into("run", [*run, *groups["build"]])
    compile_into("dev", [*groups["test"], *groups["lint"], *groups["bench"], *groups["lock"]], constraint="run.txt")
    compile_into("node", groups["node"])


if __name__ == "__main__":
    main()
