"""Files that mean harm, are damaged, or are no books: one clear sentence each, quickly, in little memory."""

from __future__ import annotations

import io
import os
import resource
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from ttsqueue.books import ReadingLimits, read_book
from ttsqueue.errors import BookError

from .docx_maker import docx
from .epub_maker import CONTAINER, epub, page, write, zipped
from .parsing import read
from .pdf_maker import Printed, pdf

PAGES = {"a.xhtml": page("<p>Then the fog came.</p>")}
ENCRYPTION = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData '
    'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="{}"/></e:EncryptedData></encryption>'
)
LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"{\\rtf1 hello}", "RTF format, which cannot be read here; convert it to EPUB first"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "old Word"),
        (b"x" * 60 + b"BOOKMOBI" + b"\0" * 100, "Kindle .* convert it to EPUB first, for example with Calibre"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
        (zipped({"a.txt": "hello"}, mimetype=""), "holds no EPUB and no Word document"),
        (b"just words", "is named .epub but is not one"),
        (b"%PDF-1.7 cut", "damaged or cut off"),
    ],
)
def test_what_is_no_book_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(BookError, match=sentence):
        read(data)


@pytest.mark.parametrize(
    ("suffix", "sentence"),
    [
        (".mobi", "Kindle"), (".azw3", "Kindle"), (".doc", "old Word"), (".rtf", "RTF"), (".fb2", "FictionBook"),
        (".exe", "what can be read is EPUB, PDF, DOCX, Markdown, HTML and TXT"), ("", "what can be read is EPUB"),
    ],
)  # fmt: skip
def test_unknown_kinds_say_what_to_do(suffix: str, sentence: str) -> None:
    with pytest.raises(BookError, match=sentence):
        read(b"some bytes", suffix)


@pytest.mark.parametrize(
    "algorithm", ["http://www.w3.org/2001/04/xmlenc#aes128-cbc", "http://www.w3.org/2001/04/xmlenc#aes256-cbc"]
)
def test_a_protected_book_is_refused(algorithm: str) -> None:
    extra = {"META-INF/encryption.xml": ENCRYPTION.format(algorithm), "META-INF/rights.xml": "<rights/>"}
    with pytest.raises(BookError, match="protected by DRM"):
        read(epub(PAGES, extra=extra))


def test_encrypted_pages_beside_rights_are_recognised_without_a_list_of_them() -> None:
    with pytest.raises(BookError, match="protected by DRM"):
        read(epub({"a.xhtml": bytes(range(64, 255)) * 10}, extra={"META-INF/rights.xml": "<rights/>"}))


def test_scrambled_fonts_are_no_protection() -> None:
    extra = {"META-INF/encryption.xml": ENCRYPTION.format("http://www.idpf.org/2008/embedding")}
    assert read(epub(PAGES, extra=extra)).chapters[0].text == "Then the fog came."


def test_half_an_epub_is_damaged() -> None:
    data = epub({"a.xhtml": page(os.urandom(2000).hex())})
    with pytest.raises(BookError, match="damaged or cut off"):
        read(data[: len(data) // 2])


def test_a_changed_byte_is_noticed() -> None:
    data = bytearray(epub({"a.xhtml": page("<p>" + os.urandom(2000).hex() + "</p>")}))
    data[data.index(b"a.xhtml") + 1000] ^= 0x55
    with pytest.raises(BookError, match="damaged or cut off"):
        read(bytes(data))


@pytest.mark.parametrize("body", ["", "<p></p>", '<img src="a.png" alt="a tower"/>', "<p>* * *</p>"])
def test_a_book_without_text_says_so(body: str) -> None:
    with pytest.raises(BookError, match="holds no text"):
        read(epub({"a.xhtml": page(body)}))


def test_an_epub_without_a_package_says_so() -> None:
    with pytest.raises(BookError, match="does not say which of its files are the book"):
        read(zipped({"META-INF/container.xml": CONTAINER}))


@pytest.mark.parametrize("suffix", [".epub", ".docx"])
def test_a_zip_bomb_is_refused_in_little_memory(suffix: str) -> None:
    zeros = b"<p>" + b"0" * 100_000_000
    bomb = epub({"a.xhtml": zeros}) if suffix == ".epub" else zipped({"word/document.xml": zeros}, mimetype="")
    del zeros
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(BookError, match="unpacks to far more"):
        read(bomb, suffix)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


def test_a_bomb_that_lies_about_its_size_is_refused() -> None:
    data = bytearray(epub({"a.xhtml": b"<p>" + b"0" * 70_000_000}))
    central = data.rindex(b"PK\x01\x02", 0, data.rindex(b"OEBPS/a.xhtml"))
    data[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    with pytest.raises(BookError, match=r"damaged|far more"):
        read(bytes(data))


def test_many_middling_members_are_refused_together() -> None:
    pages = {f"{number}.xhtml": page("<p>" + "tower " * 100_000 + "</p>") for number in range(10)}
    with pytest.raises(BookError, match="unpacks to far more"):
        read(epub(pages), limits=ReadingLimits(unpacked_size=3_000_000))


def test_a_bomb_inside_the_archive_is_not_opened() -> None:
    inner = zipped({"zeros": b"0" * 10_000_000})
    assert read(epub(PAGES, extra={"OEBPS/inner.zip": inner})).chapters[0].text == "Then the fog came."


def test_billion_laughs_is_refused() -> None:
    laughs = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">{LAUGHS}]>'
    with pytest.raises(BookError, match="holds an entity bomb"):
        read(epub({"a.xhtml": f"{laughs}<html><body><p>&m;</p></body></html>"}))


def test_a_smaller_entity_bomb_is_refused_too() -> None:
    laughs = f'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">{LAUGHS}]>'
    with pytest.raises(BookError, match="holds an entity bomb"):
        read(epub({"a.xhtml": f"{laughs}<html><body><p>&h;</p></body></html>"}))


def test_external_entities_are_not_read(tmp_path: Path) -> None:
    secret = write(tmp_path, b"the secret", "secret.txt")
    xxe = f'<!DOCTYPE html [<!ENTITY x SYSTEM "{secret.as_uri()}">]><html><body><p>Fog &x; came.</p></body></html>'
    for data, suffix in ((epub({"a.xhtml": xxe}), ".epub"), (xxe.encode(), ".html")):
        assert "secret" not in "".join(chapter.text for chapter in read(data, suffix).chapters)


def test_entities_a_book_defines_for_itself_are_read() -> None:
    text = page("<p>&keeper; rose.</p>").replace("?>", '?><!DOCTYPE html [<!ENTITY keeper "Ada">]>', 1)
    assert read(epub({"a.xhtml": text})).chapters[0].text == "Ada rose."


@pytest.mark.parametrize("href", ["../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "..\\..\\etc\\passwd"])
def test_paths_that_lead_out_of_the_archive_lead_nowhere(href: str) -> None:
    manifest = f'<item id="out" href="{href}" media-type="application/xhtml+xml" properties="cover-image"/>'
    book = read(epub(PAGES, [("Out", href), ("Fog", "a.xhtml")], manifest=manifest))
    assert [(chapter.title, chapter.text) for chapter in book.chapters] == [("Fog", "Then the fog came.")]
    assert book.cover is None


@pytest.mark.parametrize("name", ["deep.epub", "deep.html"])
async def test_pages_nested_ten_thousand_deep_are_read_whole(tmp_path: Path, name: str) -> None:
    deep = "<div>" * 10_000 + "deep" + "</div>" * 10_000 + "<p>after</p>"
    data = epub({"a.xhtml": page(deep)}) if name == "deep.epub" else f"<html><body>{deep}</body></html>".encode()
    assert (await read_book(write(tmp_path, data, name))).chapters[0].text == "deep\n\nafter"


@pytest.mark.parametrize(
    ("name", "sentence"), [("deep.docx", "nested too deeply|damaged"), ("deep.md", "holds no text")]
)
async def test_other_deep_nesting_is_refused(tmp_path: Path, name: str, sentence: str) -> None:
    deep = docx([], document="<w>" + "<div>" * 10_000 + "deep" + "</div>" * 10_000 + "</w>")
    with pytest.raises(BookError, match=sentence):
        await read_book(write(tmp_path, deep if name == "deep.docx" else b"> " * 10_000 + b"deep", name))


def test_tags_that_are_never_closed_lose_no_text() -> None:
    html = "<html><body>" + "".join(f'<p><a name="{number}"><i>w{number}' for number in range(3_000))
    assert read(html, ".html").chapters[0].text.split() == [f"w{number}" for number in range(3_000)]


def test_a_page_two_thousand_deep_is_read_whole() -> None:
    deep = "<div>" * 2_000 + "deep" + "</div>" * 2_000
    assert read(epub({"a.xhtml": page(f"{deep}<p>after</p>")})).chapters[0].text == "deep\n\nafter"


def test_deep_tables_of_contents_are_survived() -> None:
    toc = "<ol><li><a href='a.xhtml'>x</a>" * 500 + "</li></ol>" * 500
    extra = {"OEBPS/nav.xhtml": page(f'<nav epub:type="toc">{toc}</nav>')}
    manifest = '<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    assert read(epub(PAGES, manifest=manifest, extra=extra)).chapters[-1].text == "Then the fog came."


def test_more_chapters_than_a_book_has_are_refused() -> None:
    text = "".join(f"<h1>{number}</h1><p>x</p>" for number in range(200))
    with pytest.raises(BookError, match="more than 100 chapters"):
        read(epub({"a.xhtml": page(text)}), limits=ReadingLimits(chapters=100))


@pytest.mark.parametrize("suffix", [".txt", ".html", ".pdf", ".epub"])
def test_more_text_than_a_book_holds_is_refused(suffix: str) -> None:
    words = "the sea " * 20_000
    data = {
        ".txt": words.encode(), ".html": f"<html><p>{words}</html>".encode(), ".epub": epub({"a.xhtml": page(words)}),
        ".pdf": pdf([[Printed("the sea " * 20, y=500 - 12 * n) for n in range(20)]] * 40),
    }[suffix]  # fmt: skip
    with pytest.raises(BookError, match=r"MB of text"):
        read(data, suffix, ReadingLimits(text_size=50_000))


@pytest.mark.parametrize("suffix", [".txt", ".epub", ".pdf", ".html", ".bin"])
async def test_random_junk_is_refused_at_once(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"junk{suffix}"
    with path.open("wb") as file:
        for _ in range(10):
            file.write(os.urandom(1_000_000) * 10)
    started = time.monotonic()
    with pytest.raises(BookError):
        await read_book(path)
    assert time.monotonic() - started < 10


async def test_a_file_that_is_too_large_is_not_even_opened(tmp_path: Path) -> None:
    path = tmp_path / "book.txt"
    with path.open("wb") as file:
        file.truncate(300_000_000)
    with pytest.raises(BookError, match=r"book\.txt is larger than 200 MB; it is refused\."):
        await read_book(path)


async def test_what_is_no_file_says_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "empty.txt").touch()
    for name, sentence in (
        ("", "is not a file"), ("pipe.txt", "is not a file"), ("gone.epub", "There is no file gone.epub"),
        ("empty.txt", "empty.txt is empty"), ("a" * 300, "File name too long"), ("nul\0.txt", "cannot be opened"),
    ):  # fmt: skip
        with pytest.raises(BookError, match=sentence):
            await read_book(tmp_path / name)


@pytest.mark.parametrize("member", ["OEBPS/a.xhtml", "META-INF/container.xml"])
def test_a_member_with_a_password_is_refused(member: str) -> None:
    data = bytearray(epub(PAGES))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := data.find(signature, start)) >= 0:
            header = data[start : start + 120]
            if member.encode() in header:
                data[start + offset] |= 1
            start += 4
    with pytest.raises(BookError, match="locked with a password"):
        read(bytes(data))


def test_unusual_packing_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("META-INF/container.xml", CONTAINER)
    with pytest.raises(BookError, match="packed in a way that books are not"):
        read(file.getvalue())


def test_every_prefix_of_an_epub_is_a_book_or_a_sentence() -> None:
    data = epub(PAGES, [("Fog", "a.xhtml")])
    for length in range(1, len(data), 37):
        with pytest.raises(BookError):
            read(data[:length])


def test_flipped_bytes_never_fail_in_an_unlisted_way() -> None:
    whole = epub(PAGES, [("Fog", "a.xhtml")], version=2)
    for position in range(0, len(whole), 11):
        data = bytearray(whole)
        data[position] ^= 0xFF
        try:
            read(bytes(data))
        except BookError:
            pass
        except zlib.error as error:
            pytest.fail(str(error))
