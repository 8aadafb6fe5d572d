"""Drawing a workflow and running it: from an empty page to a run, with the mouse, with the keyboard alone, and in the code."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.source import load
from engine.validate import validate
from tests.e2e.conftest import WAIT_MS, Look
from tests.e2e.test_canvas_edit import drag, grip, item, middle, node, on_edge

DARK = Look(scheme="dark", width=1280)
Settled = Callable[[], None]


@pytest.fixture
def design(page: Page, settled: Settled) -> Page:
    """Design with an empty workflow."""
    page.goto("/")
    page.get_by_role("link", name="Design").click()
    page.get_by_role("button", name="Begin with an empty page").click()
    expect(page.locator(".starters")).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text('"States": {}')
    settled()
    return page


def text(page: Page) -> str:
    """The whole text in the code, whether it is in sight or not."""
    written: str = page.locator(".cm-content").evaluate("element => element.cmTile.view.state.doc.toString()")
    return written


def definition(page: Page) -> Any:
    return load(text(page)).value


def becomes(page: Page, right: Callable[[Any], object]) -> Any:
    """The definition, as soon as the code shows one that is right; none that AWS would refuse."""
    deadline = time.monotonic() + WAIT_MS / 1000
    while True:
        found = definition(page)
        try:
            if right(found):
                break
        except (KeyError, TypeError, IndexError):
            pass
        assert time.monotonic() < deadline, text(page)
        page.wait_for_timeout(50)
    assert [problem.message for problem in validate(found) if problem.severity == "error"] == []
    page.wait_for_timeout(350)  # the new drawing slides to its place
    return found


def everything(page: Page) -> None:
    page.get_by_role("button", name="Fit all").click()
    page.wait_for_timeout(350)


def box(page: Page, label: str) -> Locator:
    """A box of the form, by the name of its field."""
    return page.locator(".st-key-design-side").locator(f'textarea[aria-label^="{label}"], input[aria-label^="{label}"]')


def fill(page: Page, label: str, told: str) -> None:
    found = box(page, label)
    expect(found).to_have_count(1)
    found.fill(told)
    found.press("Enter" if found.evaluate("element => element.tagName") == "INPUT" else "Control+Enter")


def look_at(page: Page, name: str) -> None:
    node(page, name).first.click()
    expect(box(page, "Name").first).to_have_value(name)
    expect(box(page, "Name")).to_have_count(1)  # the form before goes when the new one is there


def rename(page: Page, old: str, new: str) -> None:
    node(page, old).first.dblclick()
    page.keyboard.type(new)
    page.keyboard.press("Enter")
    expect(node(page, new).first).to_be_visible()


def answer_by_made_up(page: Page, name: str, settled: Settled) -> None:
    look_at(page, name)
    page.get_by_role("tab", name="Mock").click()
    page.locator(".st-key-design-side").get_by_text("Made up", exact=True).click()
    settled()


def run_with(page: Page, given: str, settled: Settled) -> None:
    """On Debug, with another input; the run is on the screen then."""
    expect(page.locator(".st-key-page-debug")).to_be_visible()
    settled()
    page.get_by_role("button", name="Input", exact=True).click()
    area = page.locator(".st-key-debug-drawer textarea")
    area.fill(given)
    area.press("Control+Enter")
    settled()


@pytest.mark.parametrize("look", [Look(), DARK], ids=str)
def test_the_circuit_breaker_is_drawn_with_the_mouse_and_run(design: Page, settled: Settled, picture: Any):
    """States from the palette onto arrows, states and the empty page; a Catch from its handle; names and fields; Debug."""
    page = design
    drag(page, item(page, "action:dynamodb:getItem"), middle(page, page.locator(".canvas")))
    becomes(page, lambda found: found["StartAt"] == "Get item")
    drag(page, item(page, "flow:Choice"), middle(page, node(page, "Get item")))
    becomes(page, lambda found: found["States"]["Get item"]["Next"] == "Choice")
    everything(page)
    drag(page, item(page, "action:lambda:invoke"), on_edge(page, "/States/Choice/Choices[0]"))
    becomes(page, lambda found: found["States"]["Choice"]["Choices"][0]["Next"] == "Invoke function")
    everything(page)
    drag(page, item(page, "flow:Fail"), middle(page, node(page, "Choice").first))
    becomes(page, lambda found: found["States"]["Choice"]["Default"] == "Fail")
    everything(page)
    page.locator("[data-item='action:dynamodb:putItem']").scroll_into_view_if_needed()
    drag(page, item(page, "action:dynamodb:putItem"), on_edge(page, "/States/Choice/Default"))
    becomes(page, lambda found: found["States"]["Put item"]["Next"] == "Fail")
    everything(page)
    drag(page, grip(page, "Invoke function", "catch"), middle(page, node(page, "Put item")))
    becomes(page, lambda found: found["States"]["Invoke function"]["Catch"][0]["Next"] == "Put item")
    everything(page)
    page.mouse.click(*on_edge(page, "/States/Choice/Default"))
    drag(
        page, middle(page, page.locator("[data-end='/States/Choice/Default']")), middle(page, node(page, "Fail").first)
    )
    becomes(page, lambda found: found["States"]["Choice"]["Default"] == "Fail")
    everything(page)

    rename(page, "Choice", "Is circuit closed?")
    rename(page, "Invoke function", "Call service")
    rename(page, "Put item", "Open circuit")
    rename(page, "Fail", "Circuit open")
    made = becomes(page, lambda found: "Circuit open" in found["States"])
    assert made["States"]["Get item"]["Next"] == "Is circuit closed?"
    assert made["States"]["Call service"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Open circuit"}]

    look_at(page, "Get item")
    fill(page, "ResultSelector", '{"status.$": "$.Item"}')
    becomes(page, lambda found: found["States"]["Get item"]["ResultSelector"] == {"status.$": "$.Item"})
    fill(page, "ResultPath", "$.circuit")
    becomes(page, lambda found: found["States"]["Get item"]["ResultPath"] == "$.circuit")
    for name in ("Get item", "Call service", "Open circuit"):
        answer_by_made_up(page, name, settled)
    picture("design-circuit-breaker")

    page.locator(".st-key-debug").get_by_role("button").first.click()
    run_with(page, '{"id": "quotes", "value": 1}', settled)
    expect(page.locator(".st-key-chips")).to_contain_text("Succeeded")
    page.get_by_role("button", name="Last step").click()
    expect(page.locator(".state[data-node='/States/Call service']")).to_have_attribute("data-status", "succeeded")
    expect(page.locator(".state[data-node='/States/Open circuit']")).to_have_attribute("data-status", "notrun")


def test_the_circuit_breaker_is_drawn_with_the_keyboard_alone_and_run(design: Page, settled: Settled):
    """The palette, the search, F2 and the keys of the canvas; the code for what a state does."""
    page = design

    def put_in(sought: str, right: Callable[[Any], object]) -> None:
        page.locator(".palette input").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type(sought)
        expect(page.locator(".palette [data-item]").first).to_be_visible()
        page.wait_for_timeout(600)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        becomes(page, right)

    def find(name: str) -> None:
        page.locator(".board").focus()
        page.keyboard.press("/")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(node(page, name).first).to_have_class(re.compile("selected"))

    put_in("dynamodb getitem", lambda found: found["StartAt"] == "Get item")
    put_in("choice", lambda found: found["States"]["Get item"]["Next"] == "Choice")
    find("Choice")
    put_in("lambda invoke", lambda found: found["States"]["Choice"]["Default"] == "Invoke function")
    find("Pass")
    put_in("dynamodb putitem", lambda found: found["States"]["Pass"]["Next"] == "Put item")
    put_in("fail", lambda found: found["States"]["Put item"]["Next"] == "Fail")
    find("Invoke function")
    page.keyboard.press("Shift+C")
    page.keyboard.type("put item")
    page.keyboard.press("Enter")
    becomes(page, lambda found: found["States"]["Invoke function"]["Catch"][0]["Next"] == "Put item")
    find("Pass")
    page.keyboard.press("F2")
    page.keyboard.type("Circuit still open")
    page.keyboard.press("Enter")
    becomes(page, lambda found: found["States"]["Choice"]["Choices"][0]["Next"] == "Circuit still open")
    page.keyboard.press("Control+z")
    becomes(page, lambda found: "Pass" in found["States"])
    page.keyboard.press("Control+Shift+z")
    becomes(page, lambda found: "Circuit still open" in found["States"])

    page.keyboard.press("Control+Shift+Enter")
    run_with(page, '{"id": "quotes"}', settled)
    expect(page.get_by_text("A task waits for its answer")).to_be_visible()


def test_what_is_typed_in_the_code_is_everywhere_and_one_undo_takes_it_back(design: Page):
    page = design
    page.locator("[data-starter='pattern:polling']").click()
    before = becomes(page, lambda found: len(found["States"]) > 3)
    name = before["StartAt"]
    page.locator(".cm-line").filter(has_text='"StartAt"').click()
    page.keyboard.press("Home")
    page.keyboard.type('"TimeoutSeconds": 60, ')
    becomes(page, lambda found: found["TimeoutSeconds"] == 60)
    page.locator(".cm-line").filter(has_text=f'"{name}": {{').click()
    expect(node(page, name).first).to_have_class(re.compile("selected"))
    expect(box(page, "Name")).to_have_value(name)
    page.get_by_role("button", name="Undo").first.click()
    assert becomes(page, lambda found: "TimeoutSeconds" not in found) == before


def test_a_text_that_cannot_be_read_stays_drawn_and_says_why(design: Page, picture: Any):
    page = design
    page.locator("[data-starter='pattern:polling']").click()
    becomes(page, lambda found: len(found["States"]) > 3)
    page.locator(".cm-line").filter(has_text='"StartAt"').click()
    page.keyboard.press("End")
    page.keyboard.type(" oops")
    expect(page.locator(".st-key-design-problems")).to_contain_text("line 2")
    assert page.locator(".board .state").count() > 3, "what can be read is drawn"
    picture("design-unreadable")
    page.get_by_role("button", name="Undo").first.click()
    becomes(page, lambda found: len(found["States"]) > 3)


def test_a_problem_is_mended_at_a_click_and_nothing_else_changes(design: Page):
    page = design
    page.locator("[data-starter='pattern:polling']").click()
    before = becomes(page, lambda found: len(found["States"]) > 3)
    right = text(page)
    line = page.locator(".cm-line").filter(has_text='"Next"').first
    target = re.search(r'"Next": "([^"]+)"', line.inner_text())
    assert target is not None
    line.click()
    page.keyboard.press("End")
    for _ in range(3 if line.inner_text().rstrip().endswith(",") else 2):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Backspace")
    problems = page.locator(".st-key-design-problems")
    expect(page.locator(".board .is-broken").first).to_be_visible()
    problems.get_by_role("button", name=f"Change to “{target[1]}”").click()
    assert becomes(page, lambda found: found == before) == before
    assert text(page) == right
