"""Uploads that are too large, broken off or named to do harm."""

from __future__ import annotations

import io
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.web.test_upload import BOOK, PROSE, leftovers
from tests.web.website import WITH_TOKENS, Website, drawn, form_of, heading, open_website, send, words


async def test_a_file_may_be_larger_than_any_other_request(tmp_path: Path) -> None:
    sizes = {"TTSQUEUE_MAX_BODY": "20kB", "TTSQUEUE_MAX_UPLOAD": "100kB"}
    async with open_website(tmp_path / "data", **sizes, **WITH_TOKENS) as website:
        browser = await website.signed_in()
        shown = await browser.get("/")
        assert "up to 100 kB" in words(drawn(shown))
        form = form_of(shown, "/books")
        assert (await send(browser, form, ("Long.txt", PROSE.encode() * 300))).status_code == 200
        too_large = await send(browser, form, ("Long.txt", PROSE.encode() * 1000))
        assert (too_large.status_code, heading(too_large)) == (413, "Too large")
        assert "0.1 MB" in words(drawn(too_large))
        other = await browser.post("/books/new", files={"book": (None, PROSE * 300)})
        assert (other.status_code, heading(other)) == (413, "Too large")
        assert leftovers(website) == []


async def test_pasted_text_has_a_limit_of_its_own(website: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ttsqueue.web.routes.upload.MOST_TEXT", 3_000_000)
    browser = await website.signed_in()
    form = form_of(await browser.get("/"), "/books")
    assert (await send(browser, form, text="It was night. " * 200_000)).status_code == 200
    refused = await send(browser, form, text="It was night. " * 220_000)
    assert (refused.status_code, heading(refused)) == (413, "Too large")
    assert "3 MB; send it as a file" in words(drawn(refused))


async def test_a_disk_that_takes_no_uploads_is_not_the_persons_fault(website: Website) -> None:
    (website.app.settings.data / "uploads").write_text("in the way")
    browser = await website.signed_in()
    answer = await send(browser, form_of(await browser.get("/"), "/books"), BOOK)
    assert (answer.status_code, heading(answer)) == (503, "Not available at the moment")
    assert str(website.app.settings.data) not in answer.text


async def test_a_body_without_a_length_is_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def endless(part: str) -> AsyncIterator[bytes]:
        yield f"--x\r\nContent-Disposition: form-data; {part}\r\n\r\n".encode()
        for _ in range(1000):
            yield PROSE.encode()

    sizes = {"TTSQUEUE_MAX_BODY": "20kB", "TTSQUEUE_MAX_UPLOAD": "100kB"}
    async with open_website(tmp_path / "data", **sizes, **WITH_TOKENS) as website:
        browser = await website.signed_in()
        headers = {"Content-Type": "multipart/form-data; boundary=x"}
        for address, part in (("/books", 'name="file"; filename="a.txt"'), ("/books/new", 'name="book"')):
            answer = await browser.post(address, content=endless(part), headers=headers)
            assert (answer.status_code, heading(answer)) == (413, "Too large")
        assert leftovers(website) == []
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_an_upload_that_ends_elsewhere_is_not_in_the_way(website: Website) -> None:
    browser = await website.signed_in()
    form = form_of(await browser.get("/"), "/books")
    with other_uploads(website.app.settings.data / "uploads"):
        answers = [await send(browser, form, BOOK) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert leftovers(website) == []


@contextmanager
def other_uploads(folder: Path) -> Iterator[None]:
    """Of a second server on the same folder: they come and go all the time."""
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            rooms = [Path(tempfile.mkdtemp(dir=folder)) for _ in range(20)]
            for room in rooms:
                room.rmdir()

    folder.mkdir(exist_ok=True)
    others = threading.Thread(target=come_and_go)
    others.start()
    try:
        yield
    finally:
        over.set()
        others.join()


async def test_half_an_upload_leaves_nothing(website: Website) -> None:
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    half = io.BytesIO()
    half.write(b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + str(token).encode())
    half.write(b'\r\n--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nIt was ni')
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await browser.post("/books", content=half.getvalue(), headers=headers)
    assert answer.status_code == 400
    assert leftovers(website) == []


async def test_a_file_name_leads_nowhere_and_is_shown_as_text(website: Website) -> None:
    browser = await website.signed_in()
    form = form_of(await browser.get("/"), "/books")
    reviewed = await send(browser, form, ("../../<script>\u202e.txt", PROSE.encode()))
    assert reviewed.status_code == 200
    assert "<script>" not in reviewed.text.replace('<script type="module" src=', "")
    assert "\u202e" not in reviewed.text
    assert not list(website.app.settings.data.parent.glob("*script*"))


async def test_text_that_was_pasted_with_lone_halves_and_controls_is_still_a_book(website: Website) -> None:
    browser = await website.signed_in()
    form = form_of(await browser.get("/"), "/books")
    reviewed = await send(browser, form, text="# On\x07e\n\nIt \x00was \u2067night\u2069.")
    made = await send(browser, form_of(reviewed, "/books/new"))
    assert made.status_code == 303, made.text
