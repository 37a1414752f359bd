from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.datastructures import Headers

from ttsqueue.web.within import came_from, within_site


@pytest.mark.parametrize("address", ["/", "/books", "/books?q=a%20b&state=done", "/books/x#y", "/a//b", "/?next=//x"])
def test_a_path_of_this_site_is_kept(address: str) -> None:
    assert within_site(address) == address


@given(st.text(alphabet="/\\.:@?#ab \t\r\n\x00é", max_size=12))
@example("//a")
@example("/\\a")
@example("/\t/a")
def test_whatever_is_let_through_stays_on_this_host(address: str) -> None:
    kept = within_site(address)
    # Browsers drop tabs and line ends, and take a backslash for a slash.
    read = "".join(letter for letter in kept if letter not in "\t\r\n").replace("\\", "/")
    assert read.startswith("/")
    assert not read.startswith("//")
    assert kept in (address, "/")


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://host:8642/books?q=a", "/books?q=a"),
        ("http://host:8642", "/"),
        ("http://host/books", "/"),
        ("http://HOST:8642//evil", "/"),
        ("nonsense", "/"),
        ("http://[", "/"),
    ],
)
def test_a_form_came_from_a_page_of_ours_or_from_the_first(referer: str, page: str) -> None:
    assert came_from(Headers({"host": "host:8642", "referer": referer})) == page
