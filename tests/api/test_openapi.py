"""The description of the API is true: what it promises is held against the running server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from httpx import Client

from tests.api.served import served

CONFIG = Path(__file__).with_name("schemathesis.toml")
COMMAND = "from schemathesis.cli import schemathesis; schemathesis(prog_name='schemathesis')"


def test_the_server_does_what_its_description_says(tmp_path: Path) -> None:
    """All checks of schemathesis, with made-up and broken requests; see schemathesis.toml for what is left out."""
    with served(tmp_path / "data") as address:
        options = ["--max-examples", "30", "--generation-deterministic", "--no-color"]
        ended = subprocess.run(
            [sys.executable, "-c", COMMAND, "--config-file", str(CONFIG), "run", f"{address}/openapi.json", *options],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )
    assert ended.returncode == 0, ended.stdout[-8000:] + ended.stderr[-2000:]
    log = (tmp_path / "server.log").read_text()
    assert "Traceback" not in log, log[-4000:]


def test_every_operation_says_what_it_does_and_how_it_may_be_refused(tmp_path: Path) -> None:
    with served(tmp_path / "data") as address, Client(base_url=address) as client:
        description = client.get("/openapi.json").json()
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            assert operation.get("description"), f"{method} {path} has no description"
            if path.startswith("/api/"):
                refusals = set(operation["responses"]) & {"401", "503"}
                assert refusals, f"{method} {path} does not say how it may be refused"
