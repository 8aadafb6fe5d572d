"""Costs as somebody reads them: the bills, what would be cheaper with the change as a diff, prices that last."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from designer import sharing
from designer.session import Session
from tests.e2e.conftest import Look
from tests.e2e.test_journey import BOTH, NARROW, go_to, open_example

INVOKE = "arn:aws:states:::lambda:invoke"
WASTEFUL = {
    "StartAt": "Begin",
    "States": {
        "Begin": {"Type": "Pass", "Next": "Name the job"},
        "Name the job": {
            "Type": "Pass",
            "Parameters": {"job.$": "States.Format('job-{}', $.order.id)", "order.$": "$.order"},
            "Next": "Pick the customer",
        },
        "Pick the customer": {
            "Type": "Task",
            "Resource": INVOKE,
            "Parameters": {"FunctionName": "pick", "Payload.$": "$"},
            "ResultSelector": {"customer.$": "$.Payload"},
            "ResultPath": "$.picked",
            "Next": "A moment",
        },
        "A moment": {"Type": "Wait", "Seconds": 30, "Next": "Is it done"},
        "Is it done": {
            "Type": "Task",
            "Resource": INVOKE,
            "Parameters": {"FunctionName": "ask", "Payload": {"job.$": "$.job"}},
            "ResultSelector": {"state.$": "$.Payload.state"},
            "ResultPath": "$.answer",
            "Next": "Done?",
        },
        "Done?": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.answer.state", "StringEquals": "DONE", "Next": "Finished"}],
            "Default": "A moment",
        },
        "Finished": {"Type": "Succeed"},
    },
}
"""Somebody's first workflow: steps that do nothing, a function that only picks, and a loop that asks."""
MOCKS = {
    "StateMachines": {
        "workflow": {"TestCases": {"Slow": {"Pick the customer": "Customer", "Is it done": "BusyThenDone"}}}
    },
    "MockedResponses": {
        "Customer": {"0": {"Return": {"Payload": {"id": "C-7", "name": "Ana"}}}},
        "BusyThenDone": {
            "0-4": {"Return": {"Payload": {"state": "BUSY"}}},
            "5": {"Return": {"Payload": {"state": "DONE"}}},
        },
    },
}
ORDER = {"order": {"id": 17, "customer": {"id": "C-7", "name": "Ana"}, "lines": [1, 2, 3]}}


def open_wasteful(page: Page, settled: Callable[[], None], language: str = "en") -> None:
    session = replace(
        Session(), title="A first workflow", definition=json.dumps(WASTEFUL, indent=2), path="first.asl.json",
        mocks=json.dumps(MOCKS), case="Slow", input=json.dumps(ORDER),
    )  # fmt: skip
    page.goto(f"/?lang={language}&p={sharing.packed(session)}")
    expect(page.locator(".position")).to_be_visible()
    page.get_by_role("link", name={"en": "Costs", "es": "Costos"}[language], exact=True).click()
    expect(page.locator(".st-key-page-costs")).to_be_visible()
    settled()


@pytest.mark.parametrize("look", [*BOTH, NARROW, Look(1024, 768, "dark")], ids=str)
def test_what_would_be_cheaper_stands_on_cards_with_its_saving_and_its_change(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    open_wasteful(page, settled)
    cards = page.locator("[class*=st-key-advice-].stVerticalBlock:not(.st-key-advice-side)").filter(
        has_text="Show the change"
    )
    for title in (
        "A callback instead of asking again and again",
        "One Pass state less",
        "A path instead of a Lambda",
    ):
        expect(cards.filter(has_text=title).first).to_be_visible()
    callback = cards.filter(has_text="A callback instead").first
    expect(callback).to_contain_text(re.compile(r"saves \$[\d,.]+ per 1 million"))
    expect(callback).to_contain_text("5 Lambda invocations less")
    callback.get_by_text("Show the change").click()
    expect(callback).to_contain_text("lambda:invoke.waitForTaskToken")
    expect(callback).to_contain_text("Total of 1,000,000 executions")
    settled()
    callback.scroll_into_view_if_needed()
    picture("costs-cheaper")


def test_the_advice_is_given_in_spanish(page: Page, settled: Callable[[], None], picture: Callable[[str], Path]):
    open_wasteful(page, settled, "es")
    expect(page.locator(".st-key-advice")).to_contain_text("pregunta una y otra vez")
    picture("costs-es")


def test_own_prices_are_there_after_a_reload_until_the_region_gets_its_own_back(
    page: Page, settled: Callable[[], None]
):
    open_example(page, "order", settled)
    go_to(page, "Costs", settled)
    standard = page.locator(".st-key-bill-standard")
    expect(standard).to_contain_text("$425.00")
    page.locator(".st-key-prices-box button").first.click()
    editor = page.locator("[class*=st-key-prices-text] textarea")
    editor.fill(editor.input_value().replace('"0.000025"', '"0.00005"'))
    page.locator(".st-key-prices-use button").first.click()
    expect(standard).to_contain_text("$850.00")
    open_example(page, "order", settled)
    go_to(page, "Costs", settled)
    expect(standard).to_contain_text("$850.00")
    expect(page.locator(".st-key-prices")).to_contain_text("own table")
    page.locator(".st-key-prices-box button").first.click()
    with page.expect_download() as taken:
        page.locator(".st-key-prices-save button").first.click()
    assert json.loads(Path(taken.value.path()).read_text("utf-8"))["standard"]["transition"] == "0.00005"
    page.locator(".st-key-prices-back button").first.click()
    expect(standard).to_contain_text("$425.00")
