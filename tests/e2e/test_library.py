"""The library as somebody uses it: make an example one's own, change it, come back to it; out as a file and in again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_journey import BOTH, NARROW, go_to, open_example

CARDS = "[class*=st-key-card-own-].stVerticalBlock"


def choose(page: Page, verb: str, settled: Callable[[], None]) -> None:
    """A verb of the first card's menu."""
    page.locator(".st-key-own-cards").get_by_role("button", name="More").first.click()
    page.get_by_role("menuitem", name=verb).or_(page.get_by_role("option", name=verb)).first.click()
    settled()


@pytest.mark.parametrize("look", [*BOTH, NARROW, Look(1024, 768, "dark")], ids=str)
def test_an_example_becomes_ones_own_is_renamed_and_found(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    page.goto("/")
    expect(page.locator(".st-key-shelf-empty")).to_contain_text("kept here by itself")
    for name in ("order", "saga", "circuit-breaker"):
        page.locator(f".st-key-own-{name} button").first.click()
        settled()
    expect(page.locator(CARDS)).to_have_count(3)
    choose(page, "Rename", settled)
    page.get_by_role("textbox", name="Name").fill("Breaker of mine")
    page.get_by_role("textbox", name="Name").press("Enter")
    settled()
    expect(page.locator(CARDS).first).to_contain_text("Breaker of mine")
    picture("library")
    page.get_by_role("textbox", name="Search").fill("breaker")
    page.keyboard.press("Enter")
    expect(page.locator(CARDS)).to_have_count(1)


def test_what_is_changed_is_kept_by_itself_and_opened_by_the_address(page: Page, settled: Callable[[], None]):
    """No button saves: the example that was changed is a workflow of one's own, and a reload brings it back."""
    open_example(page, "transfer", settled)
    page.locator(".st-key-rail").get_by_role("button", name="Definition").click()
    editor = page.locator(".st-key-drawer-card textarea").first
    expect(editor).to_have_value(re.compile("Lock account"))
    text = editor.input_value()
    editor.fill(text.replace('"Lock account"', '"Lock it"'))
    editor.press("Control+Enter")
    page.wait_for_url(re.compile(r"own=\d+"))
    settled()
    page.goto("/?lang=en&" + page.url.partition("&")[2])
    settled()
    go_to(page, "Debug", settled)
    expect(page.locator(".state[data-node]").filter(has_text="Lock it").first).to_be_visible()
    go_to(page, "Workflows", settled)
    expect(page.locator(CARDS)).to_contain_text(["The six stages of one state"])
    choose(page, "Earlier texts", settled)
    expect(page.get_by_role("dialog")).to_contain_text("Lock account")
    page.get_by_role("dialog").get_by_role("button", name="Bring this text back").click()
    settled()
    go_to(page, "Debug", settled)
    expect(page.locator(".state[data-node]").filter(has_text="Lock account").first).to_be_visible()


def test_deleted_ones_come_back_and_a_library_goes_through_a_file(
    page: Page, settled: Callable[[], None], tmp_path: Path
):
    page.goto("/")
    page.locator(".st-key-own-saga button").first.click()
    settled()
    choose(page, "Duplicate", settled)
    expect(page.locator(CARDS)).to_have_count(2)
    with page.expect_download() as download:
        page.locator(".st-key-shelf-export button").first.click()
    file = tmp_path / "library.json"
    download.value.save_as(file)
    told = json.loads(file.read_text("utf-8"))
    assert [one["name"] for one in told["workflows"]] == ["The saga of a trip 2", "The saga of a trip"]
    choose(page, "Delete", settled)
    expect(page.locator(CARDS)).to_have_count(1)
    page.locator(".st-key-shelf-undo button").first.click()
    expect(page.locator(CARDS)).to_have_count(2)
    choose(page, "Delete", settled)
    page.locator(".st-key-shelf-import button").first.click()
    page.locator(".st-key-dropping-shelf-file input[type=file]").set_input_files(file)
    expect(page.locator(".st-key-shelf-told")).to_contain_text("1 workflow was taken in. 1 was here already.")
    expect(page.locator(CARDS)).to_have_count(2)
    page.locator(".st-key-dropping-shelf-file input[type=file]").set_input_files(
        {
            "name": "library.json",
            "mimeType": "application/json",
            "buffer": b'{"paso": "library", "version": 9, "workflows": []}',
        }
    )
    expect(page.locator(".st-key-shelf-told")).to_contain_text("another version of Paso (format 9; this one reads 1)")
    expect(page.locator(CARDS)).to_have_count(2)
