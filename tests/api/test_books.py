from __future__ import annotations

import asyncio
import base64
import os
import time
from pathlib import Path

import pytest
from httpx import AsyncClient

from tests.api.test_bodies import listening
from tests.audio.test_cover import png, size_of
from tests.books.epub_maker import epub, page, zipped
from ttsqueue.api.server import make_server
from ttsqueue.api.upload import stored_name
from ttsqueue.app import App

from .conftest import ADMIN, make_site

BOOKS = "/api/tts/books"
PROSE = "The keeper climbed the stairs and lit the lamp before the fog came in. " * 3
PAGES = {
    "title.xhtml": page("<h1>Copyright</h1><p>All rights are with the keeper.</p>", 'epub:type="copyright-page"'),
    "a.xhtml": page(f"<h1>Chapter 1</h1><p>{PROSE}</p>"),
    "b.xhtml": page(f"<h1>Chapter 2</h1><p>{PROSE}</p>"),
}
TOC = [("Copyright", "title.xhtml"), ("Chapter 1", "a.xhtml"), ("Chapter 2", "b.xhtml")]
COVER = '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>'


def leftovers(app: App) -> list[Path]:
    folder = app.settings.data / "uploads"
    return list(folder.iterdir()) if folder.is_dir() else []


async def test_an_epub_becomes_chapters(client: AsyncClient, app: App) -> None:
    data = epub(PAGES, TOC, manifest=COVER, extra={"OEBPS/c.png": png(60, 90)})
    answer = await client.post(BOOKS, files={"file": ("Lighthouse.epub", data)})
    assert answer.status_code == 200
    book = answer.json()
    assert (book["title"], book["author"], book["language"]) == ("The Lighthouse", "Ada Keeper", "en")
    assert [(c["id"], c["title"], c["leftOut"]) for c in book["chapters"]] == [
        ("ch1", "Copyright", "front matter"),
        ("ch2", "Chapter 1", None),
        ("ch3", "Chapter 2", None),
    ]
    first = book["chapters"][1]
    assert PROSE.strip() in first["text"]
    assert first["characters"] == len(first["text"])
    assert first["estimatedSeconds"] == pytest.approx(len(first["text"]) / 16.5, abs=0.1)
    kind, _, picture = book["cover"].partition(",")
    assert kind == "data:image/jpeg;base64"
    assert size_of(base64.b64decode(picture)) == (60, 90)
    assert leftovers(app) == []


async def test_a_book_goes_straight_into_the_queue(client: AsyncClient) -> None:
    data = epub(PAGES, TOC, manifest=COVER, extra={"OEBPS/c.png": png(60, 90)})
    book = (await client.post(BOOKS, files={"file": ("a.epub", data)})).json()
    job = {**book, "workId": "00000000-0000-4000-8000-0000000000f0"}
    answer = await client.post("/api/tts/queue", json=job)
    assert answer.status_code == 202
    assert answer.json()["job"]["totalChapters"] == 3


async def test_a_damaged_cover_keeps_no_book_from_being_read(client: AsyncClient) -> None:
    data = epub(PAGES, TOC, manifest=COVER, extra={"OEBPS/c.png": b"\x89PNG\r\n\x1a\n"})
    answer = await client.post(BOOKS, files={"file": ("a.epub", data)})
    assert answer.status_code == 200
    assert answer.json()["cover"] is None


async def test_markdown_is_known_by_its_name_which_may_be_the_title(client: AsyncClient) -> None:
    answer = await client.post(BOOKS, files={"file": ("Nebel über 海.md", f"{PROSE}\n\n{PROSE}".encode())})
    assert answer.status_code == 200
    assert answer.json()["title"] == "Nebel über 海"


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("a.epub", b"PK\x03\x04 cut off", "damaged or cut off"),
        ("a.mobi", b"x" * 60 + b"BOOKMOBI", "Kindle"),
        ("a.exe", b"MZ", "EPUB, PDF, DOCX"),
        ("a.txt", b"", "empty"),
        ("a.epub", zipped({"x": "y"}), "no EPUB"),
        ("", b"nothing that tells", "EPUB, PDF, DOCX"),
    ],
)
async def test_what_is_no_book_gets_a_sentence(
    client: AsyncClient, app: App, name: str, data: bytes, sentence: str
) -> None:
    boundary = b"----x"
    body = b'--%s\r\nContent-Disposition: form-data; name=file; filename="%s"\r\n\r\n%s\r\n--%s--\r\n'
    answer = await client.post(
        BOOKS,
        content=body % (boundary, name.encode(), data, boundary),
        headers={"Content-Type": f"multipart/form-data; boundary={boundary.decode()}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable_book")
    assert sentence in answer.json()["error"]
    assert str(app.settings.data) not in answer.text
    assert leftovers(app) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"no form at all", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\nno header\r\n--x--\r\n", "multipart/form-data; boundary=x"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nno file\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\ncut',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="book"; filename="a.txt"\r\n\r\nx\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (b"--x\r\n" + b"A: b\r\n" * 10_000, "multipart/form-data; boundary=x"),
        (b"--x--\r\n", "multipart/form-data; boundary=" + "x" * 5000),
        (b"x", "multipart/form-data; charset=x"),
    ],
)
async def test_a_broken_form_is_malformed(client: AsyncClient, app: App, body: bytes, kind: str) -> None:
    answer = await client.post(BOOKS, content=body, headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert leftovers(app) == []


async def test_two_files_are_not_one_book(client: AsyncClient, app: App) -> None:
    files = [("file", ("a.txt", b"one")), ("file", ("b.txt", b"two"))]
    answer = await client.post(BOOKS, files=files)
    assert answer.status_code == 400
    assert "one file at a time" in answer.json()["error"]
    assert leftovers(app) == []


async def test_other_fields_are_passed_over(client: AsyncClient) -> None:
    answer = await client.post(BOOKS, data={"csrf_token": "x"}, files={"file": ("a.txt", PROSE.encode())})
    assert answer.status_code == 200
    assert PROSE.strip() in answer.json()["chapters"][0]["text"]


async def test_every_byte_of_a_large_file_arrives(client: AsyncClient) -> None:
    text = "".join(f"Line {n} of the log\r\n--x\r\n" for n in range(60_000))
    answer = await client.post(BOOKS, files={"file": ("log.txt", text.encode())})
    words = " ".join(chapter["text"] for chapter in answer.json()["chapters"]).split()
    assert words == text.split()


async def test_half_an_upload_leaves_nothing_behind(app: App) -> None:
    head = (
        f"POST {BOOKS} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    )
    async with listening(make_server(make_site(app, ADMIN))) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + b"fog " * 1_000_000)
        await writer.drain()
        async with asyncio.timeout(5):
            while not any(any(room.iterdir()) for room in leftovers(app)):  # noqa: ASYNC110 - it is another's file
                await asyncio.sleep(0.02)
            writer.close()
            while leftovers(app):  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def test_what_a_killed_server_left_behind_goes_with_the_next_upload(client: AsyncClient, app: App) -> None:
    uploads = app.settings.data / "uploads"
    for name, age in (("old", 90_000), ("new", 60)):
        (uploads / name).mkdir(parents=True)
        (uploads / name / "a.txt").write_bytes(b"x")
        os.utime(uploads / name, (time.time() - age,) * 2)
    await client.post(BOOKS, files={"file": ("a.txt", PROSE.encode())})
    assert [path.name for path in leftovers(app)] == ["new"]


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("Fog.EPUB", "Fog.epub"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\books\\Fog.epub", "Fog.epub"),
        ("..", "Audiobook.unknown"),
        ("", "Audiobook.unknown"),
        ("Fog", "Fog.unknown"),
        ("a\x00b.txt", "ab.txt"),
        ("Fog.<script>", "Fog.-script-.unknown"),
        ("x" * 5000 + ".txt", "x" * 244 + ".txt"),
    ],
)
def test_a_file_is_stored_under_a_harmless_name(name: str, stored: str) -> None:
    assert stored_name(name) == stored
