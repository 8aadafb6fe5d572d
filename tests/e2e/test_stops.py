"""Stops with conditions, watches, child executions, and what no scenario went through, on the graph."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_debugger import open_own, tool
from tests.e2e.test_journey import Player, open_example

LOOKS = [Look(), Look(1024, 768, "dark")]

ORDERS = {
    "StartAt": "Each order",
    "States": {
        "Each order": {
            "Type": "Map",
            "Label": "orders",
            "ItemsPath": "$.orders",
            "ItemBatcher": {"MaxItemsPerBatch": 2},
            "ToleratedFailurePercentage": 60,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Has stock?",
                "States": {
                    "Has stock?": {
                        "Type": "Choice",
                        "Choices": [{"Variable": "$.Items[0].quantity", "NumericGreaterThan": 0, "Next": "Take it"}],
                        "Default": "None left",
                    },
                    "Take it": {"Type": "Pass", "End": True},
                    "None left": {"Type": "Fail", "Error": "NoneLeft"},
                },
            },
            "ResultPath": None,
            "Next": "Read item",
        },
        "Read item": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync:2",
            "Parameters": {
                "StateMachineArn": "arn:aws:states:us-east-1:123456789012:stateMachine:get-item",
                "Input": {"id": "7"},
            },
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}],
            "Next": "Done",
        },
        "Done": {"Type": "Succeed"},
    },
}
GIVEN = {"orders": [{"sku": "A", "quantity": 3}, {"sku": "B", "quantity": 1}, {"sku": "C", "quantity": 0}]}


@pytest.fixture
def player(page: Page) -> Player:
    return Player(page)


def stands_in(page: Page, name: str) -> None:
    expect(page.locator(".ladder-card .bar b").first).to_have_text(name)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focus(page: Page) -> None:
    """Keys belong to the player again."""
    page.locator(".graph .bar b").first.click()


def add_breakpoint(page: Page, state: str, what: str) -> Locator:
    """Adds one in the list, which it opens by its key, and answers with its row."""
    if page.locator(".break-list").count() == 0:
        press(page, "B")
    rows = page.locator(".break-list")
    rows.get_by_label("State", exact=True).select_option(label=state)
    rows.get_by_label("What happens").select_option(label=what)
    rows.get_by_role("button", name="Add").click()
    return rows.locator(".break-row").filter(has_text=state)


def say(box: Locator, text: str) -> None:
    box.fill(text)
    box.press("Enter")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_map_is_run_to_the_item_on_which_a_condition_holds(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """The second item has three pieces; the breakpoint stays over another run, scenario, language and page."""
    open_example(page, "order", settled)
    focus(page)
    row = add_breakpoint(page, "Reserve stock", "begins an item")
    say(row.locator("input[type=text]"), "$.quantity > 1")
    expect(row).to_contain_text("holds at 1 of 2")
    picture("stops-condition")
    press(page, "Escape")
    expect(page.locator(".break-list")).to_have_count(0)
    focus(page)
    press(page, "Home", "Shift+ArrowRight")
    stands_in(page, "Reserve item")
    expect(page.locator(".picker option:checked").first).to_have_text("item 1")

    page.get_by_role("button", name="Run", exact=False).first.click()
    settled()
    page.get_by_role("button", name="ES", exact=True).click()
    settled()
    expect(page.locator(".break-count")).to_contain_text("1 punto de parada")
    page.get_by_role("button", name="EN", exact=True).click()
    settled()
    page.get_by_role("link", name="Costs").click()
    settled()
    page.get_by_role("link", name="Debug").click()
    expect(page.locator(".break-count")).to_contain_text("1 breakpoint")
    settled()
    focus(page)
    press(page, "B")
    expect(page.locator(".break-row").first).to_contain_text("holds at 1 of 2")


def test_a_condition_that_is_none_says_why_and_the_one_before_stays(page: Page, settled: Callable[[], None]):
    open_example(page, "order", settled)
    focus(page)
    row = add_breakpoint(page, "Price order", "is entered")
    box = row.locator("input[type=text]")
    say(box, "$states.input.id = 'A-1042'")
    expect(row).to_contain_text("holds at 1 of 1")
    say(box, "$.id = 'A-1042'")
    expect(row.get_by_role("alert")).to_contain_text("One = compares nothing here; two do: == (character 6)")
    expect(row.get_by_role("alert")).to_contain_text("Still in force: $states.input.id = 'A-1042'")
    expect(box).to_have_value("$.id = 'A-1042'")
    press(page, "Escape")
    focus(page)
    press(page, "Home", "Shift+ArrowRight")
    stands_in(page, "Price order")

    press(page, "B")
    say(box, "$.nowhere == 1")
    expect(row).to_contain_text("holds at 0 of 1 · could not be evaluated at 1: not there")
    row.get_by_role("checkbox").uncheck()
    expect(page.locator(".dot.off")).to_have_count(1)
    row.get_by_role("button", name="Remove").click()
    expect(page.locator(".dot.on, .dot.off")).to_have_count(0)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_watch_shows_its_value_and_jumps_to_where_it_changed(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    open_example(page, "order", settled)
    page.get_by_role("tab", name="Watches").click()
    box = page.get_by_label("A new watch")
    say(box, "$.price.total +")
    expect(page.get_by_role("alert")).to_contain_text("This is no expression in")
    say(box, "$.price.total")
    watch = page.locator(".watch").filter(has_text="$.price.total")
    expect(watch).to_contain_text("not there")
    expect(box).to_have_value("")
    watch.get_by_role("button", name="The next change").click()
    expect(watch).to_contain_text("73.4")
    stands_in(page, "Price order")
    step = player.step
    expect(page.locator(".slider path.watched")).to_have_count(1)
    say(box, "$$.State.Name")
    expect(page.locator(".watch").nth(1)).to_contain_text('"Price order"')
    focus(page)
    press(page, "ArrowLeft")
    expect(watch).to_contain_text("not there")
    picture("stops-watches")
    watch.locator(".jumps-to button", has_text=str(step)).first.click()
    player.stands_at(step)
    watch.get_by_role("button", name="Remove this watch").click()
    expect(page.locator(".watch")).to_have_count(1)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_child_executions_are_gone_into_and_out_of(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """The executions of a distributed Map, failed ones first, and the one that a task starts, in the same player."""
    open_own(page, ORDERS, GIVEN, settled)
    tool_off(page, "input", settled)
    focus(page)
    press(page, *["ArrowRight"] * 4)
    expect(page.locator(".joined tr").first).to_contain_text("NoneLeft")
    expect(page.locator(".ladder .name", has_text="ItemBatcher")).to_have_count(1)
    picture("stops-map-run")
    press(page, "i")
    crumbs = page.locator(".crumbs")
    expect(crumbs).to_contain_text("Each order")
    settled()
    press(page, "n")
    stands_in(page, "Has stock?")
    expect(crumbs.locator("optgroup").first).to_have_attribute("label", "Failed")
    crumbs.get_by_label("Items").select_option(label="batch 1")
    expect(crumbs.locator("option:checked")).to_have_text("batch 1")
    settled()
    focus(page)
    press(page, "n", "n")
    stands_in(page, "None left")
    picture("stops-child")
    press(page, "o")
    expect(crumbs).to_have_count(0)
    settled()
    player.stands_at(5)
    stands_in(page, "Each order")

    press(page, "n")
    page.get_by_role("button", name="Go into the execution of get-item").click()
    expect(crumbs).to_contain_text("execution of get-item")
    expect(player.state("Get item")).to_be_visible()
    settled()
    press(page, "n")
    stands_in(page, "Get item")
    crumbs.get_by_role("button", name="Parent execution").click()
    expect(crumbs).to_have_count(0)
    stands_in(page, "Read item")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_what_no_scenario_went_through_is_marked_on_the_graph(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """By pattern and word, on the graph and in its outline; it can be hidden, and goes with the drawer."""
    open_own(page, ORDERS, GIVEN, settled)
    drawer = tool(page, "scenarios", settled)
    drawer.get_by_role("button", name="Keep as scenario").click()
    settled()
    drawer.get_by_role("button", name="Run all").click()
    covered = page.locator(".covered")
    expect(covered).to_contain_text(re.compile(r"6 of 6 states, 6 of 7 ways"))
    settled()
    expect(page.locator(".way.uncovered")).not_to_have_count(0)
    picture("stops-coverage")
    covered.get_by_role("button", name="Hide on the graph").click()
    expect(page.locator(".uncovered")).to_have_count(0)
    covered.get_by_role("button", name="Show on the graph").click()
    page.get_by_role("button", name="Outline").click()
    expect(page.locator(".outline")).to_contain_text("never taken")
    tool_off(page, "scenarios", settled)
    expect(covered).to_have_count(0)


def tool_off(page: Page, name: str, settled: Callable[[], None]) -> None:
    page.locator(f"[class*=st-key-drawer-{name}-on] button").click()
    expect(page.locator(f"[class*=st-key-drawer-{name}-off]")).to_be_visible()
    settled()
