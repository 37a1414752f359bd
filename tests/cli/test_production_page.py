"""docs/production.md: what it writes into units, images and shells is there, and a worker gets the time it needs."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path
from zipfile import ZipFile

from ttsqueue.cli import main
from ttsqueue.server_settings import ServerSettings
from ttsqueue.settings import Settings
from ttsqueue.supervisor import PATIENCE
from ttsqueue.worker.slots import PARTING

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "production.md").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def blocks(language: str) -> str:
    return "\n".join(re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL))


def unit() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(blocks("ini"))
    return parser


def test_the_unit_starts_the_worker_with_settings_that_there_are() -> None:
    service = unit()["Service"]
    assert Path(service["ExecStart"]).name in PROJECT["scripts"]
    given = dict(each.split("=") for each in shlex.split(service["Environment"]))
    assert given == {"TTSQUEUE_DATA": f"/var/lib/{service['StateDirectory']}", "WORKER_ID": "worker-1"}
    assert (service["KillMode"], service["RestartPreventExitStatus"]) == ("mixed", "2")
    assert unit()["Install"]["WantedBy"] == "multi-user.target"


def test_whoever_stops_a_worker_waits_as_long_as_it_may_take() -> None:
    (docker,) = re.findall(r"--stop-timeout (\d+)", PAGE)
    (compose,) = re.findall(r"stop_grace_period: (\d+)s", PAGE)
    (pm2,) = re.findall(r"--kill-timeout (\d+)", PAGE)
    waits = [float(unit()["Service"]["TimeoutStopSec"]), float(docker), float(compose), float(pm2) / 1000]
    assert min(waits) > max(PATIENCE, 2 * PARTING + 1)


def test_every_setting_it_names_exists() -> None:
    fields = [*Settings.model_fields.values(), *ServerSettings.model_fields.values()]
    named = set(re.findall(r"\b[A-Z]+_[A-Z_]+\b", PAGE))
    assert "WORKER_ID" in named
    assert named - {str(field.validation_alias) for field in fields} == set()


def test_every_command_it_names_exists() -> None:
    commands = re.findall(r"(?:^    |`|ttsqueue )ttsqueue (\w+)", PAGE, re.MULTILINE)
    assert {"migrate", "doctor", "serve"} <= set(commands)
    assert set(commands) - main.commands.keys() == set()
    assert set(re.findall(r"bin/([\w-]+)", PAGE)) - {"pip"} <= PROJECT["scripts"].keys()


def test_every_extra_it_installs_exists() -> None:
    extras = {extra for listed in re.findall(r"\[([\w,]+)\]\"", PAGE) for extra in listed.split(",")}
    assert "espeak" in extras
    assert extras - PROJECT["optional-dependencies"].keys() == set()


def test_what_the_image_copies_is_all_that_the_package_is_built_of(tmp_path: Path) -> None:
    for line in re.findall(r"^COPY (.*)$", blocks("dockerfile"), re.MULTILINE):
        *sources, target = line.split()
        _copy(sources, tmp_path / target.removeprefix("/src").strip("/"))
    build = [*(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"), str(tmp_path)]
    subprocess.run([*build, "--wheel-dir", str(tmp_path)], check=True, timeout=120)
    (wheel,) = tmp_path.glob("*.whl")
    schema = ZipFile(wheel).read("ttsqueue/providers/postgres/schema.sql").decode()
    assert schema == (ROOT / "docs" / "tts-queue-schema.sql").read_text()


def _copy(sources: list[str], target: Path) -> None:
    """As COPY does: of a folder what is in it."""
    for source in sources:
        if (ROOT / source).is_dir():
            shutil.copytree(ROOT / source, target, symlinks=True, dirs_exist_ok=True)
        else:
            shutil.copy(ROOT / source, target)
