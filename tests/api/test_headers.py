"""What every answer tells browsers."""

from __future__ import annotations

from httpx import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse

from ttsqueue.api.headers import SecurityHeaders, security_headers


async def test_every_answer_has_the_headers_and_a_route_keeps_its_own() -> None:
    own = {"Referrer-Policy": "no-referrer"}
    app = SecurityHeaders(PlainTextResponse("", headers=own))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
        headers = (await client.get("/")).headers
    for name, value in {**security_headers(), **own}.items():
        assert headers.get_list(name) == [value]


def test_no_script_runs_that_is_not_a_file_of_ours() -> None:
    policy = dict(part.split(" ", 1) for part in security_headers()["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["default-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"


def test_sound_may_come_from_the_object_store_and_nothing_else_may() -> None:
    plain = security_headers()["Content-Security-Policy"]
    with_store = security_headers("https://bucket.example.org")["Content-Security-Policy"]
    assert with_store == plain.replace("media-src 'self' blob:", "media-src 'self' blob: https://bucket.example.org")
    assert with_store != plain
