"""From the card of a workflow to its bill: what somebody does who has just heard of Paso, and what they see."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
BOTH = [Look(scheme="light"), Look(scheme="dark")]
EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
NARROW = Look(width=1024, height=768)


class Player:
    """What a person finds in the player: where they stand, the states in the graph, the open stage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.position = page.locator(".position")
        self.ladder = page.get_by_role("region", name="Stages")

    @property
    def step(self) -> int:
        return int(self.position.get_attribute("data-step") or 0)

    @property
    def steps(self) -> int:
        return int(self.position.get_attribute("data-steps") or 0)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def state(self, name: str) -> Locator:
        return self.page.locator(".state[data-node]").filter(has_text=name)

    def stands_at(self, step: int) -> None:
        expect(self.position).to_have_attribute("data-step", str(step))

    def open_stage(self) -> str:
        return self.ladder.locator("[aria-current=step]").inner_text()


@pytest.fixture
def player(page: Page) -> Player:
    return Player(page)


def open_example(page: Page, name: str, settled: Callable[[], None]) -> None:
    page.goto("/")
    page.locator(f".st-key-card-{name}").get_by_role("button", name="Debug").click()
    expect(page.locator(".st-key-page-debug")).to_be_visible()
    expect(page.locator(".position")).to_be_visible()
    settled()


@pytest.mark.parametrize("look", [*BOTH, NARROW], ids=str)
def test_a_workflow_is_opened_run_and_stepped_through(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """Workflows → Debug → Run; the graph takes its colours with the steps, the ladder shows the stages, and back again."""
    page.goto("/")
    expect(page.locator("[class*=st-key-card-end-]")).to_have_count(len(list(EXAMPLES.iterdir())))
    settled()
    picture("workflows")
    open_example(page, "get-item", settled)
    page.get_by_role("button", name="Run", exact=False).first.click()
    settled()

    player.stands_at(1)
    expect(player.state("Get item")).to_have_attribute("data-status", "notrun")

    seen = [player.open_stage() if player.ladder.locator("[aria-current=step]").count() else ""]
    for step in range(2, 7):
        player.press("One step forward")
        player.stands_at(step)
        seen.append(player.open_stage())
    assert len(set(seen)) > 3, "each step opens another stage"
    picture("debug-midway")
    for step in range(5, 1, -1):
        player.press("One step back")
        player.stands_at(step)
        assert player.open_stage() == seen[step - 1], "a step back shows what the step forward showed"

    player.press("Last step")
    player.stands_at(player.steps)
    expect(player.state("Get item")).to_have_attribute("data-status", "succeeded")
    expect(player.state("Send message")).to_have_attribute("data-status", "succeeded")
    expect(player.state("Item not read")).to_have_attribute("data-status", "notrun")
    expect(page.locator(".st-key-head")).to_contain_text("Succeeded")
    picture("debug-end")


def test_stepping_asks_the_server_for_nothing(page: Page, player: Player, settled: Callable[[], None]):
    """Not a single message leaves the browser or reaches it while somebody steps to the end and back by keys and slider."""
    frames: list[str] = []

    def listen(socket) -> None:
        socket.on("framesent", lambda _: frames.append("sent"))
        socket.on("framereceived", lambda _: frames.append("received"))

    page.on("websocket", listen)
    open_example(page, "order", settled)
    slider = page.get_by_role("slider", name="Position in the execution")
    slider.focus()
    page.wait_for_timeout(1_000)  # whatever was still on its way
    assert frames, "the listener hears the app"
    frames.clear()
    for step in range(2, 42):
        page.keyboard.press("ArrowRight")
        player.stands_at(step)
    for step in range(40, 20, -1):
        page.keyboard.press("ArrowLeft")
        player.stands_at(step)
    slider.fill(str(player.steps - 1))
    player.stands_at(player.steps)
    page.wait_for_timeout(1_000)  # longer than anything would be held back
    assert frames == []


def test_a_scenario_decides_what_the_services_answer(page: Page, player: Player, settled: Callable[[], None]):
    """The error that is caught, and the one that nobody catches."""
    open_example(page, "get-item", settled)
    choose_scenario(page, "Invalid table name: the error is caught", settled)
    player.press("Last step")
    expect(page.locator(".st-key-head")).to_contain_text("DynamoDB.AmazonDynamoDBException")
    expect(player.state("Get item")).to_have_attribute("data-status", "caught")
    expect(player.state("Item not read")).to_have_attribute("data-status", "failed")

    choose_scenario(page, "No such table: nobody catches the error", settled)
    player.press("Last step")
    expect(page.locator(".st-key-head")).to_contain_text("DynamoDB.ResourceNotFoundException")
    expect(player.state("Get item")).to_have_attribute("data-status", "failed")
    expect(player.state("Item not read")).to_have_attribute("data-status", "notrun")


@pytest.mark.parametrize("look", BOTH, ids=str)
def test_the_runs_are_listed_and_their_cost_is_read(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """Executions shows what the session ran, Costs the two bills of it."""
    open_example(page, "order", settled)
    go_to(page, "Executions", settled)
    expect(page.locator(".st-key-page-executions .stPlotlyChart").first).to_be_visible()
    expect(page.get_by_text("Succeeded · 1").first).to_be_visible()
    picture("executions")
    go_to(page, "Costs", settled)
    expect(page.locator("[class*=st-key-bill-]")).not_to_have_count(0)
    expect(page.locator(".st-key-page-costs")).to_contain_text(re.compile(r"\$\d"))
    picture("costs")


def test_what_cannot_be_used_is_said_and_nothing_typed_is_lost(page: Page, player: Player, settled: Callable[[], None]):
    """An input that is no JSON: a sentence says where, the text stays, the last good run stays on screen."""
    open_example(page, "get-item", settled)
    page.locator("[class*=st-key-drawer-input-] button").click()
    editor = page.locator(".st-key-debug-drawer textarea")
    editor.fill('{"table": reinvent}')
    editor.press("Control+Enter")
    settled()
    expect(page.locator(".st-key-drawer-problems")).to_contain_text(re.compile("line 1", re.IGNORECASE))
    expect(page.locator(".st-key-debug-drawer textarea")).to_have_value('{"table": reinvent}')
    expect(player.position).to_be_visible()
    go_to(page, "Executions", settled)
    go_to(page, "Debug", settled)
    expect(page.locator(".st-key-debug-drawer textarea")).to_have_value('{"table": reinvent}')


def test_the_whole_shell_speaks_the_chosen_language(
    page: Page, settled: Callable[[], None], picture: Callable[[str], Path]
):
    open_example(page, "get-item", settled)
    page.get_by_role("button", name="ES", exact=True).click()
    expect(page.get_by_role("link", name="Ejecuciones")).to_be_visible()
    expect(page.get_by_role("button", name="Un paso adelante", exact=True)).to_be_visible()
    expect(page.get_by_role("combobox", name="Escenario")).to_have_value("La prenda existe")
    settled()
    picture("debug-es")


def choose_scenario(page: Page, title: str, settled: Callable[[], None]) -> None:
    page.get_by_role("combobox", name="Scenario").click()
    page.get_by_role("option", name=title).click()
    settled()


def go_to(page: Page, name: str, settled: Callable[[], None]) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator(f".st-key-page-{name.lower()}")).to_be_visible()
    settled()
