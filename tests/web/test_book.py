"""One book on its own page: what can be done with it, and by whom."""

from __future__ import annotations

import pytest

from tests.api.access_tokens import USER
from tests.web.website import STRANGER, Website, drawn, form_of, heading, send, words
from ttsqueue.errors import JobNotFound
from ttsqueue.jobs import JobStatus
from ttsqueue.result import ChapterSound, Substitution


async def test_a_book_is_stopped_tried_again_and_deleted_on_its_page(website: Website) -> None:
    job = await website.speaking()
    browser = await website.signed_in()
    at = f"/books/{job.id}"
    for name, status in (("stop", JobStatus.CANCELLED), ("retry", JobStatus.PENDING), ("stop", JobStatus.CANCELLED)):
        changed = await send(browser, form_of(await browser.get(at), f"{at}/{name}"))
        assert (changed.status_code, changed.headers["location"]) == (303, at)
        assert (await website.app.queue.get_job(job.id)).status is status
    gone = await send(browser, form_of(await browser.get(at), f"{at}/delete"))
    assert gone.headers["location"] == "/books"
    with pytest.raises(JobNotFound):
        await website.app.queue.get_job(job.id)
    assert (await browser.get(at)).status_code == 404


@pytest.mark.parametrize(
    ("state", "action", "sentence"),
    [
        ("done", "stop", "come to its end already"),
        ("done", "retry", "Only books that failed or were stopped"),
        ("add", "delete", "stop it first"),
        ("add", "retry", "Only books that failed or were stopped"),
    ],
)
async def test_what_does_not_fit_any_more_is_said_with_a_way_back(
    website: Website, state: str, action: str, sentence: str
) -> None:
    job = await getattr(website, state)()
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    answer = await browser.post(f"/books/{job.id}/{action}", data={"csrf_token": token})
    assert (answer.status_code, heading(answer)) == (409, "Not any more")
    page = drawn(answer).get_element_by_id("main")
    assert sentence in words(page)
    assert job.id not in words(page)
    assert page.xpath(f".//a[@href='/books/{job.id}']")


@pytest.mark.parametrize("action", ["", "/stop", "/retry", "/delete"])
async def test_somebody_elses_book_is_not_there(website: Website, action: str) -> None:
    theirs = await website.failed("Secret", user_id=STRANGER)
    browser = await website.signed_in()
    token = form_of(await browser.get("/"), "/books").fields["csrf_token"]
    missing = "00000000-0000-4000-8000-0000000000ff"
    answers = []
    for job_id in (theirs.id, missing):
        at = f"/books/{job_id}{action}"
        answers.append(await (browser.post(at, data={"csrf_token": token}) if action else browser.get(at)))
    assert [answer.status_code for answer in answers] == [404, 404]
    assert heading(answers[0]) == "This book is not here"
    assert "Secret" not in answers[0].text
    assert answers[0].text == answers[1].text
    assert (await website.app.queue.get_job(theirs.id)).user_id == STRANGER != USER


async def test_sentences_that_another_voice_read_are_quoted_with_its_name(website: Website) -> None:
    other = Substitution("The <b>xyzzy</b> stood at seven.", "espeak:en-us")
    sound = ChapterSound("c1", "The Stairs", "file", 0.0, 90.0, substitutions=(other,))
    browser = await website.signed_in()
    job = await website.done(sounds=(sound,))
    told = drawn(await browser.get(f"/books/{job.id}")).get_element_by_id("substitutions")
    assert words(told).startswith("1 sentence read by another voice")
    assert "“The <b>xyzzy</b> stood at seven.” espeak:en-us" in words(told)
    plain = await website.done("Fog")
    assert words(drawn(await browser.get(f"/books/{plain.id}")).get_element_by_id("substitutions")) == ""
