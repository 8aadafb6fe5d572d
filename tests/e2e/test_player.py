"""The moves of the player: into branches and out of them, to breakpoints, to where a value came from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look

LOOKS = [Look(), Look(1024, 768, "dark")]


@pytest.fixture
def opened(page: Page, settled: Callable[[], None]) -> Page:
    """The order of the shop in Debug, with Map, Parallel and Choice, at its first step."""
    page.goto("/")
    page.locator(".st-key-card-order").get_by_role("button", name="Debug").click()
    expect(page.locator(".position")).to_be_visible()
    expect(page.locator(".state[data-node]").first).to_be_visible()
    settled()
    return page


def stands_in(page: Page, name: str) -> None:
    expect(page.locator(".ladder-card .bar b").first).to_have_text(name)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def node(page: Page, name: str) -> Locator:
    return page.locator(".state[data-node]").filter(has=page.get_by_text(name, exact=True))


def test_over_into_and_out(opened: Page):
    """n stays in its line of work, i goes into the items of a Map, o comes out where they meet."""
    press(opened, "n", "n", "n")
    stands_in(opened, "Reserve stock")
    press(opened, "i")
    stands_in(opened, "Reserve item")
    expect(opened.locator(".picker option:checked")).to_have_text("item 0")
    press(opened, "o")
    stands_in(opened, "Reserve stock")
    press(opened, "p")
    press(opened, "n")
    stands_in(opened, "Price order")


def test_an_item_is_picked_from_the_list(opened: Page):
    press(opened, "n", "n", "n")
    opened.locator(".picker").select_option(label="item 1")
    stands_in(opened, "Reserve item")
    expect(opened.locator("[aria-current=step]").last).to_contain_text("SOCK-M")


def test_a_breakpoint_is_set_turned_off_and_gone(opened: Page):
    """Set, it stops; off, it stays and does not stop; then it is gone."""
    press(opened, "n", "n", "b", "Home")
    count = opened.locator(".break-count")
    expect(count).to_contain_text("1 breakpoint")
    press(opened, "Shift+ArrowRight")
    stands_in(opened, "Anything ordered?")
    press(opened, "b")
    expect(node(opened, "Anything ordered?").locator(".dot.off")).to_have_count(1)
    press(opened, "Home", "Shift+ArrowRight")
    stands_in(opened, "Order placed")
    press(opened, "Home", "n", "n", "b")
    expect(opened.locator(".dot.on, .dot.off")).to_have_count(0)


def test_a_node_offers_what_can_be_done_there(opened: Page):
    node(opened, "Price order").click(button="right")
    opened.get_by_role("menuitem", name="Run to here").click()
    stands_in(opened, "Price order")
    node(opened, "Price order").click(button="right")
    opened.get_by_role("menuitem", name="Stop when this state is left").click()
    press(opened, "Home", "Shift+ArrowRight")
    stands_in(opened, "Price order")
    expect(opened.locator("[aria-current=step] .name").last).to_have_text("Output")


def test_each_rule_of_a_choice_says_whether_it_holds(opened: Page):
    press(opened, "n", "n", "ArrowRight")
    rules = opened.locator(".rules")
    expect(rules.get_by_role("img", name="holds", exact=True)).to_have_count(1)
    expect(rules).to_contain_text("is 2")
    expect(rules.get_by_role("img", name="not asked")).to_have_count(1)


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_value_says_where_it_came_from(opened: Page, picture: Callable[[str], Path]):
    """The total of the order at its end goes back to what the price service answered; a click goes there."""
    press(opened, "End", "ArrowLeft")
    opened.locator(".open [data-value]").filter(has_text="73.4").click()
    whence = opened.locator(".whence")
    expect(whence).to_contain_text("$.price.total")
    expect(whence).to_contain_text("result of")
    expect(opened.locator(".state.trail")).not_to_have_count(0)
    picture("where-from")
    whence.locator(".link-step button").last.click()
    stands_in(opened, "Price order")
    expect(whence).to_have_count(0)
