"""The form beside the canvas, in a real browser: what is typed is in the text, what cannot be waits, and fixes are a click."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_journey import open_example

STATE = "/States/Call service"


def opened(page: Page, settled: Callable[[], None]) -> Locator:
    """Design with the circuit breaker, the state that calls selected; answers with its form."""
    open_example(page, "circuit-breaker", settled)
    page.get_by_role("link", name="Design").first.click()
    select(page, STATE, settled)
    return page.locator(".st-key-inspector")


def select(page: Page, node: str, settled: Callable[[], None]) -> None:
    page.get_by_role("button", name="Fit all").click()  # in a small window the graph begins at its beginning
    page.locator(f'.react-flow__node[data-id="{node}"]').click()
    expect(name_of(page)).to_have_value(node.rpartition("/")[2])
    settled()


def name_of(page: Page) -> Locator:
    return page.locator('.st-key-inspector [data-stale="false"] input[aria-label="Name"]')


def box(form: Locator, label: str) -> Locator:
    return form.locator(f':is(input, textarea)[aria-label^="{label}"]').first


def tab(form: Locator, name: str) -> None:
    form.get_by_role("tab", name=name, exact=True).click()


@pytest.mark.parametrize("look", [Look(), Look(width=1024, height=768, scheme="dark")], ids=str)
def test_a_field_is_edited_in_the_form_and_taken_back(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """The text has it at once, everything else stays, and Undo brings the box back too."""
    form = opened(page, settled)
    code = page.locator(".st-key-design-code")
    expect(form.get_by_text("on the last run").first).to_be_visible()
    picture("inspector-data")
    tab(form, "Timing")
    seconds = box(form, "TimeoutSeconds")
    expect(seconds).to_have_value("20")
    seconds.fill("45")
    seconds.press("Enter")
    expect(code.get_by_text("45", exact=True)).to_be_visible()
    page.locator(".st-key-undo button:not([disabled])").first.click()
    expect(box(form, "TimeoutSeconds")).to_have_value("20")
    tab(form, "Errors")
    expect(form.get_by_text("of waiting in all")).to_be_visible()
    expect(form.locator("img").first).to_be_visible()
    settled()
    picture("inspector-errors")


def test_what_cannot_be_read_waits_in_its_box_while_other_states_are_looked_at(page: Page, settled: Callable[[], None]):
    form = opened(page, settled)
    box(form, "Parameters").fill('{"FunctionName": ')
    box(form, "Parameters").press("Control+Enter")
    expect(form.get_by_text("The text ends too early")).to_be_visible()
    select(page, "/States/Answered", settled)
    select(page, STATE, settled)
    expect(box(form, "Parameters")).to_have_value('{"FunctionName": ')
    form.get_by_role("button", name="Take it back").click()
    expect(box(form, "Parameters")).to_have_value(
        '{\n  "FunctionName.$": "$.service",\n  "Payload": {"request.$": "$.request"}\n}'
    )


def test_a_problem_is_mended_and_a_state_renamed_with_the_keyboard_alone(page: Page, settled: Callable[[], None]):
    form = opened(page, settled)
    problems = page.locator(".st-key-problems")
    fix = problems.get_by_role("button", name="Retry the service’s errors")
    fix.focus()
    page.keyboard.press("Enter")
    expect(problems.get_by_text("No problems")).to_be_visible()
    name_of(page).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Ask for a quote")
    page.keyboard.press("Tab")
    expect(page.locator('.react-flow__node[data-id="/States/Ask for a quote"]')).to_be_visible()
    expect(name_of(page)).to_have_value("Ask for a quote")
    select(page, "/States/Is circuit closed?", settled)
    expect(form.get_by_role("button", name="→ Ask for a quote")).to_be_visible()
    expect(form.get_by_text("decides on the last run")).to_be_visible()
