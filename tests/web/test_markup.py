"""Every page, in every state, is sound HTML with a name for everything, and nothing inline."""

from __future__ import annotations

from pathlib import Path

import pytest
from httpx import Response

from tests.web.markup import faults, inline_faults
from tests.web.website import WITH_TOKENS, Website, form_of, open_website, send
from ttsqueue.web.rendering import HERE

TEMPLATES = sorted((HERE / "templates").glob("*.html"))
PASTED = "# One\n\nIt was night.\n\n# Two\n\nIt was day."


SOUND = "<!doctype html>\n<html lang='en'><head><title>t</title></head><body><main>{}</main></body></html>"


@pytest.mark.parametrize(
    "part",
    [
        "",
        "<h1></h1>",
        "<h1>a</h1><h3>b</h3>",
        "<h2>a</h2><h1>b</h1>",
        "<h1>a</h1><p><div>b</div></p>",
        "<h1>a</h1><span>b<ul></span></ul>",
        "<h1>a</h1><main>b</main>",
        '<h1>a</h1><p id="b"></p><p id="b"></p>',
        '<h1>a</h1><p class="b" title="c" class="d"></p>',
        '<h1>a</h1><input name="b">',
        '<h1>a</h1><label for="c">b</label>',
        "<h1>a</h1><button></button>",
        '<h1>a</h1><img src="b">',
        '<h1>a</h1><p style="b">',
        "<h1>a</h1><button onclick=b>c</button>",
        "<h1>a</h1><script>b</script>",
        '<h1>a</h1><a href="javascript:b">c</a>',
    ],
)
def test_what_is_not_sound_is_found(part: str) -> None:
    assert faults(Response(200, text=SOUND.format('<h1>a</h1><input aria-label="b" title=" style=">'))) == []
    assert faults(Response(200, text=SOUND.format(part)))


def check(answer: Response) -> None:
    assert faults(answer) == [], answer.request.url


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_no_template_has_inline_script_or_style(template: Path) -> None:
    assert inline_faults(template) == []


@pytest.mark.parametrize("address", ["/", "/books", "/books?q=none", "/books?state=done", "/docs", "/nowhere"])
async def test_pages_without_books_are_sound(website: Website, address: str) -> None:
    check(await (await website.signed_in()).get(address))


@pytest.mark.parametrize("address", ["/sign-in", "/docs", "/nowhere"])
async def test_pages_for_strangers_are_sound(website: Website, address: str) -> None:
    check(await website.browser().get(address))


@pytest.mark.parametrize("state", ["add", "speaking", "done", "failed", "stopped"])
async def test_a_book_and_the_list_are_sound_in_every_state(website: Website, state: str) -> None:
    job = await getattr(website, state)()
    browser = await website.signed_in(app_metadata={"role": "admin"})
    for address in (f"/books/{job.id}", "/books", "/books?did=stop-1-1"):
        check(await browser.get(address))


async def test_the_pages_on_the_way_to_a_book_are_sound(website: Website) -> None:
    browser = await website.signed_in()
    choose = form_of(await browser.get("/"), "/books")
    check(await send(browser, choose))
    reviewed = await send(browser, choose, text=PASTED)
    check(reviewed)
    check(await send(browser, form_of(reviewed, "/books/new"), keep=[]))
    await send(browser, form_of(reviewed, "/books/new"))
    check(await send(browser, form_of(reviewed, "/books/new")))


async def test_refusals_are_sound(website: Website) -> None:
    job = await website.done()
    browser = await website.signed_in()
    check(await website.browser().post("/sign-in", data={"token": "x"}))
    check(await browser.post("/books/chosen"))
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    check(await browser.post(f"/books/{job.id}/stop", data={"csrf_token": token}))
    check(await browser.get("/admin"))


async def test_the_pairing_is_sound(tmp_path: Path) -> None:
    async with open_website(tmp_path / "data", "ABCD-EFGH") as household:
        check(await household.browser().get("/pair"))
        check(await household.browser().post("/pair", data={"code": "x"}))


async def test_many_books_are_sound(tmp_path: Path) -> None:
    async with open_website(tmp_path / "data", **WITH_TOKENS) as website:
        for number in range(30):
            await website.add(f"Fog {number}")
        check(await (await website.signed_in()).get("/books"))
