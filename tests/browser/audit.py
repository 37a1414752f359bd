"""A check of a page as people meet it who do not see it, or not well: rules of WCAG 2.2, level AA."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_RULES = (Path(__file__).parent / "audit.js").read_text()

_CONTROLS = {
    "button",
    "checkbox",
    "combobox",
    "DisclosureTriangle",
    "link",
    "listbox",
    "menuitem",
    "progressbar",
    "radio",
    "searchbox",
    "slider",
    "spinbutton",
    "switch",
    "tab",
    "textbox",
}


def faults_in(page: Page) -> list[str]:
    """One sentence for each violation on the page as it is now, with its style sheet."""
    page.wait_for_load_state()
    return [*page.evaluate(_RULES), *_nameless(page)]


def _nameless(page: Page) -> list[str]:
    """Controls of which a screen reader says nothing but the role."""
    session = page.context.new_cdp_session(page)
    tree: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [f"A {_role(node)} has no name" for node in tree if _role(node) in _CONTROLS and not _name(node)]


def _role(node: dict[str, Any]) -> str:
    return "" if node.get("ignored") else str(node.get("role", {}).get("value", ""))


def _name(node: dict[str, Any]) -> str:
    return str(node.get("name", {}).get("value", "")).strip()
