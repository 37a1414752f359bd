"""The pages in docs/ lead where they say, and their lists are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DECISIONS = DOCS / "decisions"
PROVIDERS = ROOT / "src" / "ttsqueue" / "providers"
PLACES = ("./", "sqlite/", "postgres/", "redis/")
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)\s]+)\)", page.read_text())
    for path, _, anchor in (link.partition("#") for link in links):
        target = (page.parent / path) if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), anchor


def test_the_files_of_a_store_are_where_the_architecture_says_and_nowhere_else() -> None:
    rows = re.findall(r"^\| (`.*?) \| (`.*?) \|", (DOCS / "architecture.md").read_text(), re.MULTILINE)
    assert rows
    for files, folders in rows:
        for file in re.findall(r"`(\w+)`", files):
            found = {
                place for place in PLACES if any((PROVIDERS / place / (file + end)).exists() for end in ("", ".py"))
            }
            own = {"sqlite/"} if file == "waiting" else set()
            assert found == set(re.findall(r"`(\S+)`", folders)) | own, file


def test_every_page_is_in_the_list_of_pages() -> None:
    listed = re.findall(r"^- \[.*?\]\((.*?)\)", (DOCS / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(
        [*(page.name for page in DOCS.glob("*.md") if page.name != "README.md"), "decisions/"]
    )


def test_decisions_are_titled_by_their_numbers_and_listed_so() -> None:
    listed = re.findall(r"^- (\d+)\. \[(.*)\]\((.*)\)$", (DECISIONS / "README.md").read_text(), re.MULTILINE)
    files = sorted(DECISIONS.glob("[0-9]*.md"))
    titles = [path.read_text().partition("\n")[0] for path in files]
    assert [f"# {number}. {title}" for number, title, _ in listed] == titles
    assert [file for _, _, file in listed] == [path.name for path in files]
    numbers = [int(number) for number, _, _ in listed]
    assert numbers == [int(path.name[:4]) for path in files] == sorted(set(numbers))
