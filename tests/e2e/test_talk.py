"""The workflows of the talk, debugged as somebody on a stage would: the saga and its three failures, the circuit breaker, emit
and wait with heartbeats, the Map. Whatever is looked at, no text leaves its box.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_debugger import tool
from tests.e2e.test_journey import Player, choose_scenario, open_example

TWO = [Look(), Look(1024, 768, "dark")]
FOUR = [*TWO, Look(scheme="dark"), Look(1024, 768)]

SPILT = """() => {
  const spilt = [];
  const boxes = 'button, .state, .terminal, .card, td, th, label, [data-testid="stMarkdownContainer"]';
  const look = (root) => {
    for (const host of root.querySelectorAll('*')) if (host.shadowRoot) look(host.shadowRoot);
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode, parent = text.parentElement;
      if (!text.data.trim() || !parent || /^(STYLE|SCRIPT|TITLE|OPTION)$/.test(parent.tagName.toUpperCase())) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      const at = range.getBoundingClientRect();
      if (at.width < 2 || at.height < 2 || getComputedStyle(parent).visibility === 'hidden') continue;
      for (let box = parent; box; box = box.parentElement) {
        const style = getComputedStyle(box), edge = box.getBoundingClientRect();
        if (edge.width < 2 || style.clipPath !== 'none') break;
        const out = at.right > edge.right + 2 || at.left < edge.left - 2;
        if (/auto|scroll/.test(style.overflowX) || style.textOverflow === 'ellipsis' || box.matches('.canvas, .react-flow')) break;
        if (out && (/hidden|clip/.test(style.overflowX) || box.matches(boxes))) {
          spilt.push(`${text.data.trim().slice(0, 60)} | ${box.className || box.tagName}`);
          break;
        }
      }
    }
  };
  for (const part of document.querySelectorAll('.st-key-bar, .st-key-head, .st-key-debug-body, [role=dialog]')) look(part);
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) spilt.push(`the page is ${page.scrollWidth - page.clientWidth} px too wide`);
  return [...new Set(spilt)];
}"""


@pytest.fixture
def player(page: Page) -> Player:
    return Player(page)


@pytest.fixture
def shown(page: Page, picture: Callable[[str], Path]) -> Callable[[str], None]:
    """A picture of what is on the page, and a look that nothing on it spills over."""

    def look(name: str) -> None:
        page.wait_for_timeout(350)
        picture(f"talk-{name}")
        assert page.evaluate(SPILT) == []

    return look


def status(player: Player, **states: str) -> None:
    """The statuses of states in the graph, their names with `_` for a blank."""
    for name, wanted in states.items():
        expect(player.state(name.replace("_", " ")).first).to_have_attribute("data-status", wanted)


def ask_where(page: Page, text: str) -> None:
    """Where a value of the open stage comes from."""
    page.locator(".open [data-value]").filter(has_text=text).last.click()
    expect(page.locator(".whence")).to_be_visible()


# The saga -------------------------------------------------------------------------------------------------------------


SAGAS = [
    (
        "No flight is left: nothing to take back",
        {"Reserve_flight": "caught", "Reserve_hotel": "notrun", "Cancel_flight": "notrun", "Trip_not_booked": "failed"},
        ("Reserve flight", "SoldOut", "No seat is left"),
    ),
    (
        "No hotel is left: the flight is cancelled",
        {
            "Reserve_flight": "succeeded",
            "Reserve_hotel": "caught",
            "Cancel_hotel": "notrun",
            "Cancel_flight": "succeeded",
        },
        ("Reserve hotel", "SoldOut", "No room is left"),
    ),
    (
        "The payment is refused: hotel and flight are cancelled",
        {
            "Charge_customer": "caught",
            "Cancel_hotel": "succeeded",
            "Cancel_flight": "succeeded",
            "Trip_booked": "notrun",
        },
        ("Charge customer", "CardDeclined", "The bank refused"),
    ),
]


def test_a_failed_saga_shows_its_compensation_and_where_its_error_came_from(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    open_example(page, "saga", settled)
    for scenario, statuses, (culprit, error, cause) in SAGAS:
        choose_scenario(page, scenario, settled)
        player.stands_at(1)
        player.press("Last step")
        status(player, **statuses)
        player.press("One step back")
        ask_where(page, cause)
        whence = page.locator(".whence")
        expect(whence).to_contain_text("error of")
        expect(whence).to_contain_text(culprit)
        expect(page.locator(".state.trail")).not_to_have_count(0)
        shown(f"saga-{culprit.lower().replace(' ', '-')}")
        page.get_by_role("button", name="catch", exact=True).click()
        expect(page.locator(".ladder-card .bar b").first).to_have_text(culprit)
        expect(page.locator(".ladder-card")).to_contain_text(error)


@pytest.mark.parametrize("look", TWO, ids=str)
def test_the_refused_payment_succeeds_in_a_fork_that_is_laid_beside_it(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    """At the error of the call: a result in its place, run on, and every place where the two runs are not the same."""
    open_example(page, "saga", settled)
    choose_scenario(page, "The payment is refused: hotel and flight are cancelled", settled)
    page.get_by_role("button", name="error", exact=True).last.click()
    page.get_by_role("button", name="catch", exact=True).click()
    player.press("One step back")
    drawer = tool(page, "change", settled)
    expect(drawer).to_contain_text("Charge customer")
    expect(drawer).to_contain_text("Reply")
    drawer.get_by_role("radio", name="Result").or_(drawer.get_by_role("button", name="Result", exact=True)).last.click()
    settled()
    box = drawer.get_by_role("textbox", name="Result, as JSON")
    box.fill('{"Payload": {"receipt": "R-1"}}')
    box.press("Control+Enter")
    settled()
    drawer.get_by_role("button", name="Run on from here").click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("Succeeded")
    player.press("Last step")
    status(player, Charge_customer="succeeded", Trip_booked="succeeded", Cancel_hotel="notrun")
    drawer = tool(page, "runs", settled)
    expect(drawer.locator("[class*=st-key-branch-1-]").first).to_contain_text("Charge customer")
    expect(drawer).to_contain_text("They part at step")
    shown("saga-fork")
    drawer.get_by_role("button", name="Stage by stage").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(re.compile(r"← only in run \d: 3 · → only in run \d: 1"))
    expect(dialog.locator(".paso-twin")).to_be_visible()
    settled()
    shown("saga-beside")
    dialog.get_by_role("button", name=re.compile("Go there in run")).first.click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".st-key-head")).to_contain_text("TripNotBooked")


# The circuit breaker --------------------------------------------------------------------------------------------------


CIRCUITS = {
    "Slow once: the retry answers": {"Call_service": "succeeded", "Answered": "succeeded"},
    "The circuit is closed": {"Call_service": "succeeded", "Answered": "succeeded", "Open_circuit": "notrun"},
    "Three timeouts: the circuit opens": {"Call_service": "caught", "Open_circuit": "succeeded"},
    "The circuit is open: it fails at once": {
        "Call_service": "notrun",
        "Circuit_still_open": "succeeded",
        "Open_circuit": "notrun",
    },
}


def test_the_circuit_breaker_goes_its_ways(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    open_example(page, "circuit-breaker", settled)
    for scenario, statuses in CIRCUITS.items():
        choose_scenario(page, scenario, settled)
        player.stands_at(1)
        player.press("Last step")
        status(player, **statuses)
        if statuses["Call_service"] == "caught":
            page.get_by_role("button", name="catch", exact=True).click()
            expect(page.locator(".ladder-card")).to_contain_text("attempt 3 of 3")
            expect(page.locator(".ladder-card")).to_contain_text(re.compile(r"wait\s+1\ss"))
            expect(page.locator(".ladder-card")).to_contain_text(re.compile(r"wait\s+2\ss"))
        shown(f"circuit-{scenario.split(':')[0].lower().replace(' ', '-')}")


# Emit and wait --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", TWO, ids=str)
def test_the_kitchen_is_played_by_hand(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    """What the kitchen got, a heartbeat, and each of its answers; with none the heartbeat of 20 s is missed."""
    open_example(page, "emit-and-wait", settled)
    drawer, head = page.locator(".st-key-debug-drawer"), page.locator(".st-key-head")
    for way in ("Success", "Failure", "Let time pass"):
        choose_scenario(page, "The kitchen refuses the order", settled)
        choose_scenario(page, "Nobody has answered: answer yourself", settled)
        page.get_by_role("button", name="Answer it").click()
        settled()
        expect(drawer).to_contain_text("K-12")
        expect(drawer).to_contain_text("a heartbeat at least every 20")
        if drawer.get_by_role("button", name="None", exact=True).count():
            drawer.get_by_role("button", name="None", exact=True).click()
            settled()
        drawer.get_by_role("button", name="Heartbeat", exact=True).click()
        expect(drawer).to_contain_text(re.compile(r"Heartbeats at 15\ss. Without another, the task times out at 35\ss"))
        settled()
        if way == "Success":
            shown("kitchen-waits")
        if way == "Failure":
            box = drawer.get_by_role("textbox", name="Error", exact=True)
            box.fill("OutOfStock")
            box.press("Enter")
            settled()
        drawer.get_by_role("button", name=way, exact=True).click()
        settled()
        player.press("Last step")
        if way == "Success":
            status(player, Emit_and_wait="succeeded", Serve="succeeded")
            expect(head).to_contain_text(re.compile(r"16\ss virtual"))
        elif way == "Failure":
            status(player, Emit_and_wait="caught", Not_served="failed", Emit_delay="notrun")
            expect(head).to_contain_text("OutOfStock")
        else:
            status(player, Emit_and_wait="caught", Emit_delay="succeeded", Not_served="failed")
            expect(head).to_contain_text("States.Timeout")
            expect(head).to_contain_text(re.compile(r"35[.,\d]*\ss virtual"))
        shown(f"kitchen-{way.split()[0].lower()}")


# The Map --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", TWO, ids=str)
def test_the_items_of_a_map_are_picked_failed_ones_first_and_joined(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    open_example(page, "order", settled)
    for _ in range(3):
        page.keyboard.press("n")
    page.keyboard.press("i")
    expect(page.locator(".picker option:checked")).to_have_text("item 0")
    shown("map-item")
    page.keyboard.press("o")
    joined = page.locator(".joined")
    expect(joined.get_by_role("row")).to_have_count(2)
    player.press("One step forward")
    player.press("One step forward")
    page.locator(".ladder-card").get_by_role("button", name=re.compile(r"^Items \d")).click()
    expect(joined).to_contain_text("wrote [0]")
    expect(joined).to_contain_text("wrote [1]")
    shown("map-join")

    drawer = tool(page, "mocks", settled)
    drawer.get_by_role("button", name="Reserve item").click()
    settled()
    expect(drawer.get_by_role("combobox", name="Reply")).to_have_count(2)
    drawer.get_by_role("combobox", name="Reply").nth(1).click()
    page.keyboard.type("ConditionalCheck")
    page.get_by_role("option").filter(has_text="ConditionalCheckFailed").first.click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("Failed")
    page.locator("[class*=st-key-drawer-mocks-on] button").click()
    settled()
    page.get_by_role("button", name="error", exact=True).last.click()
    expect(page.locator(".picker option").first).to_contain_text("item 1")
    shown("map-failed-first")


# All of them in every look --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", FOUR, ids=str)
def test_nothing_spills_over_at_any_size_in_either_language(
    page: Page, player: Player, settled: Callable[[], None], shown: Callable[[str], None]
):
    open_example(page, "order", settled)
    page.get_by_role("button", name="ES", exact=True).click()
    expect(page.get_by_role("link", name="Ejecuciones")).to_be_visible()
    settled()
    player.press("Último paso")
    for name in ("mocks", "scenarios", "runs", "recording", "share"):
        tool(page, name, settled)
        shown(f"es-{name}")
