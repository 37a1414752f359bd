"""What every answer tells browsers."""

from __future__ import annotations

from httpx import ASGITransport, AsyncClient
from starlette.responses import PlainTextResponse

from ttsqueue.api.headers import SECURITY_HEADERS, SecurityHeaders


async def test_every_answer_has_the_headers_and_a_route_keeps_its_own() -> None:
    own = {"Referrer-Policy": "no-referrer"}
    app = SecurityHeaders(PlainTextResponse("", headers=own))
    async with AsyncClient(transport=ASGITransport(app), base_url="http://localhost") as client:
        headers = (await client.get("/")).headers
    for name, value in {**SECURITY_HEADERS, **own}.items():
        assert headers.get_list(name) == [value]


def test_no_script_runs_that_is_not_a_file_of_ours() -> None:
    policy = dict(part.split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == policy["default-src"] == policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
