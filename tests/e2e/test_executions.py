"""Executions and Costs as somebody uses them: run many, look at one, open it in Debug, filter, delete; compare bills."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_journey import BOTH, NARROW, go_to, open_example

ROW, HEADING = 35, 36  # pixels of the table


def choose_row(page: Page, number: int, settled: Callable[[], None]) -> None:
    """A click on a cell of the list."""
    box = page.locator(".st-key-list-body [data-testid=stDataFrame]").last.bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 90, box["y"] + HEADING + ROW * number + ROW / 2)
    settled()


@pytest.mark.parametrize("look", [*BOTH, NARROW], ids=str)
def test_many_are_run_one_is_looked_at_and_opened_in_debug(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    open_example(page, "order", settled)
    go_to(page, "Executions", settled)
    page.get_by_role("button", name="Run 60 executions").click()
    expect(page.get_by_text(re.compile("61 of 61"))).to_be_visible()
    settled()
    picture("executions-list")
    choose_row(page, 2, settled)
    details = page.locator(".st-key-details")
    expect(details).to_contain_text("OrderRefused")
    expect(details.locator(".position")).to_be_visible()
    details.scroll_into_view_if_needed()
    picture("executions-details")
    details.get_by_role("button", name="Open in Debug").click()
    expect(page.locator(".st-key-page-debug")).to_be_visible()
    expect(page.locator(".st-key-page-debug")).to_contain_text("OrderRefused")


def test_what_was_run_is_there_after_a_reload_and_can_be_filtered_and_deleted(page: Page, settled: Callable[[], None]):
    """Another session of the same browser: the list is kept, not the session."""
    open_example(page, "order", settled)
    go_to(page, "Executions", settled)
    page.get_by_role("button", name="Run 60 executions").click()
    expect(page.get_by_text(re.compile("61 of 61"))).to_be_visible()
    page.goto("/?lang=en")
    settled()
    go_to(page, "Executions", settled)
    expect(page.get_by_text(re.compile("61 of 61"))).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("EmptyOrder")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("10 of 10"))).to_be_visible()
    page.locator(".st-key-delete-box button").click()
    page.locator(".st-key-delete button").click()
    expect(page.get_by_text("10 executions deleted")).to_be_visible()
    page.get_by_role("textbox", name="Search").fill("")
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("51 of 51"))).to_be_visible()


def test_a_batch_runs_as_both_types_and_its_chart_is_taken_along(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    open_example(page, "order", settled)
    go_to(page, "Executions", settled)
    page.get_by_role("radio", name="Batches").or_(page.get_by_role("button", name="Batches")).first.click()
    settled()
    page.get_by_role("button", name="Run batch").click()
    expect(page.locator(".st-key-batch-results")).to_contain_text("Express · 1,000 of 1,000", timeout=40_000)
    settled()
    expect(page.locator(".st-key-batch-routes svg").first).to_be_visible()
    picture("executions-batch")
    page.locator(".st-key-chart-batch-percentiles-box button").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="SVG").click()
    text = Path(taken.value.path()).read_text("utf-8")
    assert text.startswith("<svg") and "p99" in text
    with page.expect_download() as taken:
        page.get_by_role("button", name="PNG").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("look", [Look(), Look(width=1024, height=768, scheme="dark")], ids=str)
def test_another_region_changes_the_sums(page: Page, settled: Callable[[], None], picture: Callable[[str], Path]):
    open_example(page, "order", settled)
    go_to(page, "Costs", settled)
    standard = page.locator(".st-key-bill-standard")
    expect(standard).to_contain_text("$425.00")
    picture("costs-three")
    page.get_by_role("combobox", name="Region").click()
    page.get_by_role("option", name=re.compile("sa-east-1")).click()
    settled()
    expect(standard).to_contain_text("$637.50")
    page.locator(".st-key-costs-free label").first.click()
    settled()
    expect(standard).to_contain_text("Free transitions")
    expect(page.locator(".st-key-bill-nested")).to_contain_text("Requests")


def test_prices_that_are_none_are_refused_with_a_sentence(page: Page, settled: Callable[[], None]):
    open_example(page, "order", settled)
    go_to(page, "Costs", settled)
    page.locator(".st-key-prices-box button").first.click()
    editor = page.locator("[class*=st-key-prices-text] textarea")
    editor.fill('{"standard": {}}')
    page.locator(".st-key-prices-use button").click()
    settled()
    expect(page.get_by_text("This is no table of prices")).to_be_visible()
    expect(page.locator("[class*=st-key-prices-text] textarea")).to_have_value('{"standard": {}}')
    expect(page.locator(".st-key-bill-standard")).to_contain_text("$425.00")


def test_a_batch_is_cancelled_and_what_was_run_stays(page: Page, settled: Callable[[], None]):
    open_example(page, "order", settled)
    go_to(page, "Executions", settled)
    page.get_by_role("radio", name="Batches").or_(page.get_by_role("button", name="Batches")).first.click()
    settled()
    many = page.locator(".st-key-batch-form").get_by_role("spinbutton").first
    many.fill("1000000")
    many.press("Enter")
    settled()
    page.get_by_role("button", name="Run batch").click()
    results = page.locator(".st-key-batch-results")
    expect(results).to_contain_text(re.compile(r"a second · .* left"), timeout=40_000)
    expect(results).to_contain_text("waits for its turn")
    page.locator(".st-key-batch-cancel button").first.click()
    expect(results).to_contain_text("cancelled; the results are of what was run", timeout=40_000)
    expect(results).to_contain_text("Duration percentiles")
