"""The debugger beyond moving: change a run, be the service that is waited for, open what ran on AWS, share, scenarios."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look
from tests.e2e.test_journey import Player, open_example

LOOKS = [Look(), Look(scheme="dark"), Look(width=1024, height=768)]

CALLBACK = {
    "StartAt": "Ask manager",
    "States": {
        "Ask manager": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "HeartbeatSeconds": 20,
            "Parameters": {
                "QueueUrl": "https://sqs.eu-west-3.amazonaws.com/123456789012/approvals",
                "MessageBody": {"offer.$": "$.offer", "token.$": "$$.Task.Token"},
            },
            "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Nobody answered"}],
            "End": True,
        },
        "Nobody answered": {"Type": "Fail", "Error": "NobodyAnswered"},
    },
}


@pytest.fixture
def player(page: Page) -> Player:
    return Player(page)


def tool(page: Page, name: str, settled: Callable[[], None]) -> Locator:
    """Opens a tool of the rail, if it is not open, and answers with its drawer."""
    if page.locator(f"[class*=st-key-drawer-{name}-on]").count() == 0:
        page.locator(f"[class*=st-key-drawer-{name}-off] button").click()
    expect(page.locator(f"[class*=st-key-drawer-{name}-on]")).to_be_visible()
    settled()
    return page.locator(".st-key-debug-drawer")


def open_own(page: Page, definition: object, given: object, settled: Callable[[], None]) -> None:
    page.goto("/")
    box = page.locator(".st-key-own textarea")
    box.fill(json.dumps(definition))
    box.press("Control+Enter")
    page.locator(".st-key-open-own button").click()
    expect(page.locator(".position")).to_be_visible()
    settled()
    editor = tool(page, "input", settled).locator("textarea")
    editor.fill(json.dumps(given))
    editor.press("Control+Enter")
    settled()


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_value_is_changed_and_the_run_goes_on_from_there(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """What is no JSON stays and says where; what is becomes a run below the one it came from; both are compared."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "change", settled)
    for step in range(2, 5):
        player.press("One step forward")
        player.stands_at(step)
    expect(drawer.locator(".st-key-drawer-card")).to_contain_text("Get item")
    box = drawer.locator("textarea")
    box.fill('{"TableName": ')
    drawer.get_by_role("button", name="Run on from here").click()
    expect(drawer).to_contain_text("line 1")
    expect(box).to_have_value('{"TableName": ')
    box.fill('{"TableName": "elsewhere"}')
    drawer.get_by_role("button", name="Run on from here").click()
    expect(drawer.locator("textarea")).to_have_value(re.compile("elsewhere"))
    settled()
    picture("debugger-changed")

    drawer = tool(page, "runs", settled)
    expect(drawer.locator("[class*=st-key-branch-1-]").first).to_contain_text("Get item")
    expect(drawer).to_contain_text("They part at step")
    told = re.search(r"They part at step (\d+)", drawer.inner_text())
    assert told is not None
    picture("debugger-runs")
    drawer.get_by_role("button", name="Go there in run 1").click()
    settled()
    player.stands_at(int(told[1]))
    drawer.get_by_role("button", name="Go there in run 2").click()
    settled()
    player.stands_at(int(told[1]))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_callback_is_answered_after_heartbeats(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """What the service got, two heartbeats, and an answer after 31 virtual seconds: longer than one heartbeat lasts."""
    open_own(page, CALLBACK, {"offer": "O-77"}, settled)
    page.get_by_role("button", name="Answer it").click()
    settled()
    drawer = page.locator(".st-key-debug-drawer")
    expect(drawer).to_contain_text("1 task waits for its answer")
    expect(drawer).to_contain_text("O-77")
    for beats in ("15", "30"):
        drawer.get_by_role("button", name="Heartbeat", exact=True).click()
        expect(drawer).to_contain_text(re.compile(rf"Heartbeats at .*{beats}\ss"))
        settled()
    picture("debugger-service")
    output = drawer.get_by_label("Output, as JSON")
    output.fill('{"approved": true}')
    output.press("Control+Enter")
    settled()
    drawer.get_by_role("button", name="Success").click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("Succeeded")
    expect(page.locator(".st-key-head")).to_contain_text(re.compile(r"31\ss virtual"))
    expect(drawer).to_contain_text("No task waits")


def test_a_callback_that_nobody_answers_meets_its_heartbeat(page: Page, player: Player, settled: Callable[[], None]):
    open_own(page, CALLBACK, {"offer": "O-78"}, settled)
    drawer = tool(page, "service", settled)
    drawer.get_by_role("button", name="Heartbeat", exact=True).click()
    expect(drawer).to_contain_text("Heartbeats at")
    settled()
    drawer.locator("[class*=st-key-timeout-]").get_by_role("button").first.click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("NobodyAnswered")
    expect(page.locator(".st-key-head")).to_contain_text(re.compile(r"35\ss virtual"))
    player.press("Last step")
    expect(player.state("Ask manager")).to_have_attribute("data-status", "caught")


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_execution_that_ran_on_aws_is_opened_beside_its_simulation(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """The recording, the run of today's definition with its replies, and where they part; a file that is none changes nothing."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "recording", settled)
    drawer.get_by_role("button", name="An order whose bank stayed busy").click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("Lambda.ServiceException")
    expect(drawer).to_contain_text("They part at step")
    picture("debugger-history")
    drawer.get_by_role("button", name="Go there in run 3").click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("In progress")
    expect(player.state("Charge card")).to_have_attribute("data-status", re.compile("running|waiting|retrying"))
    steps = player.steps

    for name, content, said in (
        ("cut.json", b'{"events": [{"id": 1, "type": "ExecutionStar', "is not whole JSON"),
        ("other.json", b'{"Reservations": []}', "no execution history"),
        ("empty.asl.json", b'{"StartAt": "A", "States": {}}', "The definition among these files cannot be used"),
        ("page-2.json", b'{"events": [{"id": 7, "type": "PassStateEntered"}]}', "first pages are missing"),
    ):
        drawer.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/json", "buffer": content}
        )
        expect(drawer).to_contain_text(said)
        settled()
        assert player.steps == steps, "what was open stays open"


def test_every_history_that_comes_with_paso_can_be_walked_through(
    page: Page, player: Player, settled: Callable[[], None]
):
    open_example(page, "get-item", settled)
    drawer = tool(page, "recording", settled)
    names = drawer.locator("[class*=st-key-history-] button")
    for index in range(names.count()):
        names.nth(index).click()
        settled()
        expect(drawer).to_contain_text(re.compile(r"\d+ events"))
        player.press("Last step")
        assert player.steps > 5


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_link_opens_the_same_run_at_the_same_step(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """Definition, scenario, change and step travel in the address; one that was tampered with says so, and nothing is lost."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "share", settled)
    for step in range(2, 6):
        player.press("One step forward")
        player.stands_at(step)
    code = drawer.locator(".st-key-share-link code")
    page.wait_for_timeout(1_200)  # the step is told once the stepping has come to rest
    settled()
    link = code.inner_text()
    picture("debugger-share")
    page.goto(link)
    expect(page.locator(".position")).to_be_visible()
    settled()
    player.stands_at(5)
    expect(page.locator(".st-key-head")).to_contain_text("Succeeded")

    drawer = tool(page, "share", settled)
    box = drawer.get_by_label("Link, or what stands in a file")
    for wrong, said in (
        (link[:-30], "damaged or was cut"),
        (link.replace("p=1.", "p=9."), "another version"),
        ("https://example.com/", "does not begin with a version number"),
    ):
        box.fill(wrong)
        drawer.get_by_role("button", name="Open", exact=True).click()
        expect(drawer).to_contain_text(said)
        settled()
        player.stands_at(5)


def test_the_standalone_page_opens_without_a_server(
    page: Page, player: Player, settled: Callable[[], None], tmp_path: Path
):
    """From the disk: graph, stages and time are there, it is stepped through, and no host is asked for anything."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "share", settled)
    with page.expect_download() as download:
        drawer.get_by_role("button", name="Page (HTML)").click()
    file = tmp_path / "run.html"
    download.value.save_as(file)
    alone = page.context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("pageerror", lambda error: errors.append(str(error)))
    alone.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    alone.goto(file.as_uri())
    there = Player(alone)
    expect(there.state("Get item")).to_be_visible()
    there.press("One step forward")
    there.stands_at(2)
    there.press("Last step")
    expect(there.state("Get item")).to_have_attribute("data-status", "succeeded")
    assert errors == []
    assert [url for url in asked if not url.startswith(("file:", "blob:", "data:"))] == []


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_all_scenarios_are_run_as_a_matrix(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """Each with its verdict, transitions, duration and cost, and what all of them went through; a wrong one is named."""
    open_example(page, "order", settled)
    drawer = tool(page, "scenarios", settled)
    drawer.get_by_role("button", name="Run all").click()
    expect(drawer).to_contain_text("6 of 6 as expected")
    expect(drawer).to_contain_text(re.compile(r"Covered: 100 % of the states, 100 % of the ways"))
    settled()
    picture("debugger-scenarios")
    drawer.get_by_role("button", name="Duplicate").click()
    expect(drawer).to_contain_text("Copy of")
    settled()
    expected = drawer.get_by_role("textbox", name="What is expected, as JSON")
    expected.fill('{"status": "FAILED"}')
    expected.press("Control+Enter")
    expect(drawer).to_contain_text("6 of 7 as expected")
    settled()
    drawer.get_by_role("button", name="Delete").click()
    expect(drawer).to_contain_text("6 of 6 as expected")


def test_a_task_is_mocked_by_its_row(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """An error from the list of what the integration can throw, and then nobody at all."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "mocks", settled)
    drawer.get_by_role("button", name="Get item").click()
    settled()
    drawer.get_by_role("combobox", name="Reply").click()
    page.get_by_role("option", name="DynamoDB.ProvisionedThroughputExceededException").click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("DynamoDB.ProvisionedThroughputExceededException")
    picture("debugger-mocks")
    drawer.get_by_role("radio", name="Nobody answers").or_(
        drawer.get_by_role("button", name="Nobody answers")
    ).last.click()
    settled()
    expect(page.locator(".st-key-head")).to_contain_text("In progress")


@pytest.mark.parametrize("look", [Look(), Look(1024, 768, "dark")], ids=str)
def test_a_mock_computes_its_result_from_the_request(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """What it answers to the last request is shown as it is written; what does not parse or fails is said there."""
    open_example(page, "get-item", settled)
    drawer = tool(page, "mocks", settled)
    drawer.get_by_role("button", name="Get item").click()
    settled()
    drawer.get_by_role("combobox", name="Reply").click()
    page.get_by_role("option", name="JSONata").click()
    settled()
    box = drawer.get_by_role("textbox", name="Result, with expressions")
    for text, said in (
        ("{% $request. %}", "Unexpected end of expression"),
        ("{% $requests %}", "$requests is not there; the request is $request"),
        ("{% $request.nothing %}", "On the request of call 0 it fails"),
        ('{"Item": {"size": {"N": "{% $request.Key.SK.S %}"}}}', "On the request of call 0 it answers"),
    ):
        box.fill(text)
        box.press("Control+Enter")
        expect(drawer).to_contain_text(said)
        settled()
    expect(drawer.locator("pre").first).to_contain_text("shoes")
    expect(drawer).to_contain_text("Get item: answered by expressions")
    picture("debugger-mock-expression")


ARN = "arn:aws:states:eu-west-3:123456789012:"


def drop(drawer: Locator, **files: object) -> None:
    """Files dropped at once, each a JSON value under its name."""
    drawer.locator("input[type=file]").set_input_files(
        [
            {"name": f"{name}.json", "mimeType": "application/json", "buffer": json.dumps(value).encode()}
            for name, value in files.items()
        ]
    )


def test_a_history_is_opened_in_pages_with_what_was_described_beside_it(
    page: Page, player: Player, settled: Callable[[], None], picture: Callable[[str], Path]
):
    """Two pages and a definition at once, the execution after them; where they differ both values are said."""
    folder = Path(__file__).parents[2] / "assets"
    events = json.loads((folder / "histories" / "order-bank-busy.json").read_text("utf-8"))["events"]
    definition = (folder / "examples" / "order" / "workflow.asl.json").read_text("utf-8")
    machine = {"stateMachineArn": f"{ARN}stateMachine:Orders", "name": "Orders", "definition": definition}
    execution = {
        "executionArn": f"{ARN}execution:Orders:order-77",
        "stateMachineArn": f"{ARN}stateMachine:Orders",
        "name": "order-77",
        "status": "TIMED_OUT",
        "startDate": events[0]["timestamp"],
        "input": events[0]["executionStartedEventDetails"]["input"],
    }
    open_example(page, "get-item", settled)
    drawer = tool(page, "recording", settled)
    half = len(events) // 2
    drop(drawer, machine=machine, second={"events": events[half:]}, first={"events": events[:half]})
    expect(page.locator(".st-key-head")).to_contain_text("Lambda.ServiceException")
    expect(page.locator(".st-key-head")).to_contain_text("Orders")
    expect(drawer).to_contain_text(f"{len(events)} events")
    expect(drawer).to_contain_text("They part at step")
    settled()
    drop(drawer, execution=execution)
    expect(drawer).to_contain_text("order-77")
    expect(drawer).to_contain_text("The description and the events differ")
    expect(drawer).to_contain_text("status: described TIMED_OUT, recorded FAILED")
    expect(page.locator(".st-key-head")).to_contain_text("Lambda.ServiceException")
    settled()
    picture("debugger-described")
    drop(drawer, other={"events": [{**events[1], "type": "WaitStateEntered"}]})
    expect(drawer).to_contain_text("its first pages are missing")
    expect(drawer).to_contain_text("order-77")
