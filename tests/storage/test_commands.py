"""The command line, with sound in a bucket."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.books import write_book
from tests.cli.program import Program
from tests.cli.sound import seconds
from tests.s3_server import Bucket

from .gateway import gateway

NAME = "Ada Keeper - The Lighthouse at Noon.m4b"


@pytest.fixture
def ttsqueue(tmp_path: Path, bucket: Bucket) -> Program:
    here = tmp_path / "here"
    here.mkdir()
    variables = {"TTSQUEUE_STORAGE": bucket.storage_url, "TTSQUEUE_PORT": "0"}
    return Program(tmp_path / "data", here, {**variables, **bucket.server.environment})


def test_a_book_is_spoken_delivered_shown_and_deleted(ttsqueue: Program, bucket: Bucket) -> None:
    book = write_book(ttsqueue.here, chapters=2)
    spoken = ttsqueue("speak", book, "--json").json
    assert abs(seconds(ttsqueue.here / NAME) - spoken["totalDuration"]) < 0.1
    assert len(bucket.objects()) == 3
    assert [path for path in (ttsqueue.data / "workbench").rglob("*") if path.is_file()] == []
    assert f"Sound: {bucket.storage_url}/{spoken['jobId']}/" in ttsqueue("status", spoken["jobId"]).out
    (ttsqueue.here / NAME).unlink()
    assert ttsqueue("speak", book, "--json").json["jobId"] == spoken["jobId"]
    assert (ttsqueue.here / NAME).is_file()
    ttsqueue("delete", spoken["jobId"])
    assert bucket.objects() == []


def line_of(ttsqueue: Program, code: int = 0) -> str:
    (line,) = [line for line in ttsqueue("doctor", code=code).out.splitlines() if line[6:].startswith("sound: ")]
    return line


def test_doctor_tries_the_bucket_out_and_leaves_nothing_there(ttsqueue: Program, bucket: Bucket) -> None:
    assert line_of(ttsqueue) == f"ok    sound: {bucket.storage_url} takes files, gives them back and deletes them."
    assert bucket.objects() == []


@pytest.mark.parametrize(("setting", "state"), [("etag", "warn"), ("disabled", "ok  ")])
def test_doctor_warns_of_a_store_that_replaces_files(
    ttsqueue: Program, bucket: Bucket, setting: str, state: str
) -> None:
    with gateway(bucket.server) as through:
        through.forget.add("if-none-match")
        changed = {"AWS_ENDPOINT_URL": through.url, "AWS_CONDITIONAL_PUT": setting}
        line = line_of(Program(ttsqueue.data, ttsqueue.here, {**ttsqueue.variables, **changed}))
    assert line.startswith(f"{state}  sound: {bucket.storage_url} ")
    assert ("AWS_CONDITIONAL_PUT=disabled" in line) == (state == "warn")
    assert bucket.objects() == []


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"TTSQUEUE_STORAGE": "s3://no-such-bucket"}, "The bucket of the audio storage does not exist;"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, "The audio storage does not answer;"),
        ({"TTSQUEUE_STORAGE": "bucket"}, "TTSQUEUE_STORAGE must be s3://bucket/prefix,"),
    ],
)
def test_doctor_says_what_is_wrong(ttsqueue: Program, changed: dict[str, str], sentence: str) -> None:
    line = line_of(Program(ttsqueue.data, ttsqueue.here, {**ttsqueue.variables, **changed}), code=1)
    assert line.startswith(f"fail  sound: {sentence}")
    assert not any(word in line for word in ("127.0.0.1", "secret-of-tests", "key-of-tests"))


def test_without_the_package_a_sentence_says_what_to_install(ttsqueue: Program, tmp_path: Path) -> None:
    hidden = tmp_path / "hidden" / "obstore"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("raise ImportError('not here')\n")
    path = os.pathsep.join([str(hidden.parent), ttsqueue.environment["PYTHONPATH"]])
    program = Program(ttsqueue.data, ttsqueue.here, {**ttsqueue.variables, "PYTHONPATH": path})
    ended = program("list", code=2)
    assert 'pip install "ttsqueue[objects]"' in ended.err
