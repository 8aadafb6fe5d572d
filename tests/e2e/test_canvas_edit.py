"""The canvas that is drawn on, with a real mouse and with the keyboard alone, over a page that shows what became of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Look, served

LOOKS = [Look(), Look(1024, 768, "dark")]
Point = tuple[float, float]


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of this test in place of the app."""
    with served("tests/e2e/canvas_edit_app.py", tmp_path_factory.mktemp("canvas") / "log.txt") as address:
        yield address


@pytest.fixture
def drawn(page: Page) -> Page:
    """The definition of the page, laid out."""
    return at(page, "/")


def at(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator(".editor")).to_be_visible()
    expect(page.locator(".board[data-laid], .starters").first).to_be_visible()
    page.wait_for_timeout(300)
    return page


def state(page: Page) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(page.locator("[data-testid=stCode] code").inner_text())
    return told


def document(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = state(page)["document"]
    return found


def becomes(page: Page, rev: int, errors: int = 0) -> dict[str, Any]:
    """The document once it has been changed so many times; it must be one that AWS's rules accept."""
    expect(page.locator(f".editor[data-rev='{rev}']")).to_be_visible()
    expect(page.locator("[data-testid=stCode] code")).to_contain_text(f'"rev": {rev},')
    told = state(page)
    assert len(told["errors"]) == errors, told["errors"]
    page.wait_for_timeout(350)  # the new drawing slides to its place
    found: dict[str, Any] = told["document"]
    return found


def node(page: Page, name: str) -> Locator:
    return page.locator(".board [data-node]").filter(has=page.get_by_text(name, exact=True))


def middle(page: Page, found: Locator) -> Point:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def on_edge(page: Page, edge: str) -> Point:
    """A point of an arrow, on the page."""
    x, y = page.locator(f".board [data-edge='{edge}'] .line").evaluate(
        """path => {
          const at = path.getPointAtLength(path.getTotalLength() * 0.4).matrixTransform(path.getScreenCTM());
          return [at.x, at.y];
        }"""
    )
    return x, y


def drag(page: Page, start: Point, end: Point, *, key: str | None = None, look: bool = False) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    if key:
        page.keyboard.down(key)
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    if look:
        expect(page.locator(".drop")).to_be_visible()
    page.mouse.up()
    if key:
        page.keyboard.up(key)


def item(page: Page, name: str) -> Point:
    return middle(page, page.locator(f"[data-item='{name}']"))


def grip(page: Page, name: str, kind: str = "next") -> Point:
    node(page, name).hover()
    return middle(page, node(page, name).locator(f"[data-grip={kind}]"))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_item_dropped_on_an_arrow_is_inserted_there(drawn: Page, picture: Any):
    """The arrow says what will happen before the button is let go; nothing else of the document changes."""
    before = document(drawn)
    page = drawn
    page.mouse.move(*item(page, "action:lambda:invoke"))
    page.mouse.down()
    page.mouse.move(500, 300, steps=3)
    page.mouse.move(*on_edge(page, "/States/Check stock/Next"), steps=5)
    expect(page.locator(".drop")).to_have_text("+ Lambda Invoke here")
    picture("canvas-drop")
    page.mouse.up()
    after = becomes(page, 1)
    assert after["States"]["Check stock"]["Next"] == "Lambda Invoke"
    assert after["States"]["Lambda Invoke"]["Next"] == "In stock?"
    untouched = set(before["States"]) - {"Check stock"}
    assert all(after["States"][name] == before["States"][name] for name in untouched)
    expect(node(page, "Lambda Invoke").first).to_have_class(re.compile("selected"))


def test_an_item_dropped_on_a_state_comes_behind_it(drawn: Page):
    drag(drawn, item(drawn, "flow:Wait"), middle(drawn, node(drawn, "Pack")), look=True)
    states = becomes(drawn, 1)["States"]["Ship"]["ItemProcessor"]["States"]
    assert states["Pack"]["Next"] == "Wait"
    assert states["Wait"]["Next"] == "Label"


def test_a_transition_is_drawn_from_the_handle_and_led_elsewhere(drawn: Page):
    """Reserve → Pay from the handle; then the end of that arrow is taken to Ship."""
    page = drawn
    drag(page, grip(page, "Reserve"), middle(page, node(page, "Pay")))
    assert becomes(page, 1)["States"]["Reserve"]["Next"] == "Pay"
    page.mouse.click(*on_edge(page, "/States/Reserve/Next"))
    drag(page, middle(page, page.locator("[data-end='/States/Reserve/Next']")), middle(page, node(page, "Ship")))
    assert becomes(page, 2)["States"]["Reserve"]["Next"] == "Ship"


def test_an_edit_that_cannot_be_is_refused_with_a_sentence(drawn: Page):
    page = drawn
    drag(page, grip(page, "Pay"), middle(page, node(page, "Sold out")))
    expect(page.get_by_role("alert")).to_contain_text("could no longer be reached")
    assert state(page)["rev"] == 0


def test_a_catch_is_drawn_from_the_side_or_with_alt(drawn: Page):
    page = drawn
    drag(page, grip(page, "Check stock", "catch"), middle(page, node(page, "Sold out")))
    assert becomes(page, 1)["States"]["Check stock"]["Catch"][0]["Next"] == "Sold out"
    drag(page, grip(page, "Ship"), middle(page, node(page, "Sold out")), key="Alt")
    assert becomes(page, 2)["States"]["Ship"]["Catch"][0]["Next"] == "Sold out"


def test_a_choice_asks_which_way_is_meant(drawn: Page):
    page = drawn
    drag(page, grip(page, "In stock?"), middle(page, node(page, "Ship")))
    page.get_by_role("menuitem", name=re.compile("Default, in place of Sold out")).click()
    assert becomes(page, 1)["States"]["In stock?"]["Default"] == "Ship"
    drag(page, grip(page, "In stock?"), middle(page, node(page, "Sold out")))
    page.get_by_role("menuitem", name="A new rule").click()
    assert [rule["Next"] for rule in becomes(page, 2)["States"]["In stock?"]["Choices"]] == [
        "Pay",
        "Reserve",
        "Sold out",
    ]


def test_a_name_is_changed_where_it_stands(drawn: Page):
    """Double click, type, Enter: every reference follows. Escape leaves it. F2 does the same from the keyboard."""
    page = drawn
    node(page, "Sold out").dblclick()
    page.keyboard.type("Nothing left")
    page.keyboard.press("Enter")
    after = becomes(page, 1)
    assert after["States"]["In stock?"]["Default"] == "Nothing left"
    assert after["States"]["Pay"]["Catch"][0]["Next"] == "Nothing left"
    page.keyboard.press("F2")
    page.keyboard.type("r c u")
    page.keyboard.press("Escape")
    expect(node(page, "Nothing left")).to_be_visible()
    assert document(page) == after


def test_a_state_is_moved_to_another_arrow(drawn: Page):
    page = drawn
    drag(page, middle(page, node(page, "Label")), on_edge(page, "/States/Ship/ItemProcessor/StartAt"), look=True)
    inner = becomes(page, 1)["States"]["Ship"]["ItemProcessor"]
    assert inner["StartAt"] == "Label"
    assert inner["States"]["Label"]["Next"] == "Pack"
    assert inner["States"]["Pack"]["End"] is True


def test_deleting_closes_the_gap_and_undo_brings_it_back(drawn: Page):
    page = drawn
    before = document(page)
    node(page, "Pay").click()
    page.keyboard.press("Delete")
    after = becomes(page, 1)
    assert "Pay" not in after["States"]
    assert after["States"]["In stock?"]["Choices"][0]["Next"] == "Ship"
    page.keyboard.press("Control+z")
    assert becomes(page, 2) == before
    page.keyboard.press("Control+Shift+Z")
    assert becomes(page, 3) == after
    page.keyboard.press("Control+z")
    assert becomes(page, 4) == before
    page.keyboard.press("Control+y")
    assert becomes(page, 5) == after


def test_several_states_are_framed_wrapped_and_lifted_out(drawn: Page):
    page = drawn
    pack, label = (node(page, name).bounding_box() for name in ("Pack", "Label"))
    assert pack and label
    page.keyboard.down("Shift")
    drag(page, (pack["x"] - 60, pack["y"] + 10), (label["x"] + 40, label["y"] + 20))
    page.keyboard.up("Shift")
    expect(page.locator(".state.selected")).to_have_count(2)
    page.keyboard.press("w")
    inner = becomes(page, 1)["States"]["Ship"]["ItemProcessor"]["States"]
    (parallel,) = inner.values()
    assert parallel["Type"] == "Parallel"
    assert list(parallel["Branches"][0]["States"]) == ["Pack", "Label"]
    page.keyboard.press("u")
    assert set(becomes(page, 2)["States"]["Ship"]["ItemProcessor"]["States"]) == {"Pack", "Label"}


def test_copy_cut_and_paste_carry_asl(drawn: Page):
    page = drawn
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    node(page, "Pack").click()
    node(page, "Label").click(modifiers=["Shift"])
    page.keyboard.press("Control+c")
    copied = json.loads(page.evaluate("() => navigator.clipboard.readText()"))
    assert copied == {
        "StartAt": "Pack",
        "States": {"Pack": {"Type": "Pass", "Next": "Label"}, "Label": {"Type": "Pass", "End": True}},
    }
    node(page, "Check stock").click()
    page.keyboard.press("Control+v")
    after = becomes(page, 1)
    assert after["States"]["Check stock"]["Next"] == "Pack 2"
    assert after["States"]["Label 2"]["Next"] == "In stock?"
    page.keyboard.press("Control+x")
    assert set(becomes(page, 2)["States"]) == set(after["States"]) - {"Pack 2", "Label 2"}
    page.evaluate("() => navigator.clipboard.writeText('no workflow')")
    node(page, "Pay").click()
    page.keyboard.press("Control+v")
    expect(page.get_by_role("alert")).to_have_text("This is not a piece of a workflow.")


def test_a_group_is_folded_and_found_again(drawn: Page):
    page = drawn
    node(page, "Ship").click()
    page.keyboard.press("x")
    expect(node(page, "Pack")).to_have_count(0)
    expect(node(page, "Ship")).to_contain_text("2 states")
    page.keyboard.press("/")
    page.keyboard.type("lab")
    page.keyboard.press("Enter")
    expect(node(page, "Label")).to_have_class(re.compile("selected"))
    assert state(page)["rev"] == 0


def test_the_keyboard_alone_draws_a_workflow(page: Page):
    """From an empty page: three states, a rule, a Catch, a name, all without the mouse; r and c are nobody else's."""
    at(page, "/?states=0")
    page.locator(".palette input").focus()
    page.keyboard.type("lamb")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert list(becomes(page, 1)["States"]) == ["Lambda Invoke"]
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    for name in ("flow:Choice", "flow:Fail"):
        page.locator(f"[data-item='{name}']").focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(400)
    states = becomes(page, 3)["States"]
    assert states["Lambda Invoke"]["Next"] == "Choice"
    page.locator(".board").focus()
    page.keyboard.press("/")
    page.keyboard.type("lambda")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+C")
    page.keyboard.type("yes")
    page.keyboard.press("Enter")
    assert becomes(page, 4)["States"]["Lambda Invoke"]["Catch"][0]["Next"] == "Yes"
    page.keyboard.press("r")
    expect(page.get_by_text("Clear cache")).to_have_count(0)


def test_the_outline_does_the_same(drawn: Page):
    page = drawn
    page.get_by_role("button", name="Outline").click()
    page.get_by_role("button", name="What can be done with Pay").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    assert "Pay 2" in becomes(page, 1)["States"]
    page.get_by_role("button", name="What can be done with Pay 2").click()
    page.get_by_role("menuitem", name=re.compile("^Rename")).click()
    page.keyboard.type("Pay again")
    page.keyboard.press("Enter")
    assert "Pay again" in becomes(page, 2)["States"]
    expect(page.get_by_role("status").filter(has_text="Renamed: Pay again")).to_have_count(1)


def test_a_search_asks_python(drawn: Page):
    page = drawn
    page.locator(".palette input").fill("s3")
    expect(page.locator("[data-item='action:aws-sdk:s3:copyObject']")).to_be_visible()
    drag(page, item(page, "action:aws-sdk:s3:copyObject"), on_edge(page, "/States/Check stock/Next"), look=True)
    assert becomes(page, 1)["States"]["Check stock"]["Next"] == "S3 CopyObject"


def test_an_edit_does_not_move_what_one_looks_at(drawn: Page):
    page = drawn
    node(page, "Pay").click()
    before = node(page, "Pay").bounding_box()
    page.keyboard.press("Control+d")
    becomes(page, 1)
    near = [node(page, "Pay").first.bounding_box()]
    assert before and near[0]
    assert abs(before["x"] - near[0]["x"]) < 2 and abs(before["y"] - near[0]["y"]) < 2


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_an_empty_page_teaches_and_takes_a_first_state(page: Page, picture: Any):
    at(page, "/?states=0")
    expect(page.get_by_text("An empty workflow")).to_be_visible()
    picture("canvas-empty")
    page.locator("[data-starter='pattern:polling']").click()
    assert becomes(page, 1)["StartAt"] == "Ask"
    picture("canvas-pattern")


def test_a_thousand_states_are_usable(page: Page):
    at(page, "/?states=1000")
    assert page.locator(".board .state").count() < 100, "only what is seen is there"
    page.locator(".board").focus()
    page.keyboard.press("/")
    page.keyboard.type("Step 777")
    page.keyboard.press("Enter")
    expect(node(page, "Step 777")).to_have_class(re.compile("selected"))
    page.keyboard.press("Delete")
    assert "Step 777" not in becomes(page, 1)["States"]


def test_a_box_around_branches_takes_another_branch(page: Page):
    """A Parallel gets a third branch when something is dropped beside its branches."""
    at(page, "/?states=0")
    page.locator("[data-item='flow:Parallel']").dblclick()
    becomes(page, 1)
    box = page.locator("[data-group='/States/Parallel/Branches']").bounding_box()
    assert box
    drag(page, item(page, "flow:Wait"), (box["x"] + 16, box["y"] + 30), look=True)
    branches = becomes(page, 2)["States"]["Parallel"]["Branches"]
    assert [list(branch["States"]) for branch in branches] == [["Inside"], ["Beside"], ["Wait"]]


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_the_layout_is_turned_and_everything_still_works(drawn: Page, picture: Any):
    page = drawn
    page.locator(".board").press("l")
    page.wait_for_timeout(600)
    first, second = node(page, "Check stock").bounding_box(), node(page, "In stock?").bounding_box()
    assert first and second and second["x"] > first["x"] + first["width"]
    picture("canvas-across")
    page.mouse.click(*middle(page, node(page, "Check stock")))
    page.keyboard.press("ArrowRight")
    expect(node(page, "In stock?")).to_have_class(re.compile("selected"))
    drag(page, item(page, "flow:Pass"), on_edge(page, "/States/Check stock/Next"), look=True)
    assert becomes(page, 1)["States"]["Check stock"]["Next"] == "Pass"


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_graph_is_saved_as_a_picture(drawn: Page, kind: str, tmp_path: Path):
    page = drawn
    page.get_by_role("button", name="Save as a picture").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=kind.upper(), exact=True).click()
    download.value.save_as(tmp_path / "picture")
    data = (tmp_path / "picture").read_bytes()
    assert download.value.suggested_filename == f"workflow.{kind}"
    if kind == "png":
        assert data.startswith(b"\x89PNG") and len(data) > 10_000
    else:
        drawing = ElementTree.fromstring(data)
        texts = {text.text for text in drawing.iter("{http://www.w3.org/2000/svg}text")}
        assert {"Check stock", "count > 0", "each item", "States.ALL"} <= texts


def test_no_key_of_the_canvas_reaches_the_page_around_it(drawn: Page):
    """`r` would run the script again and `c` ask to clear the cache; here they do nothing, or what they stand for."""
    page = drawn
    node(page, "Sold out").click()
    for key in ("r", "c", "Escape", "R"):
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    expect(page.get_by_text("Clear cache")).to_have_count(0)
    assert state(page)["rev"] == 0
    page.locator(".palette input").fill("rc")
    expect(page.get_by_text("Clear cache")).to_have_count(0)


def test_the_menu_key_opens_the_menu_of_what_is_selected(drawn: Page):
    page = drawn
    page.locator(".board").focus()
    page.keyboard.press("ArrowDown")
    expect(node(page, "Check stock")).to_have_class(re.compile("selected"))
    page.keyboard.press("Shift+F10")
    menu = page.get_by_role("menu", name=re.compile("Check stock"))
    expect(menu).to_be_visible()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(menu).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(node(page, "In stock?")).to_have_class(re.compile("selected"))


def test_the_last_run_colours_the_states_and_goes_into_the_picture(page: Page, tmp_path: Path):
    at(page, "/?run=1")
    expect(page.locator(".state.is-succeeded[data-node='/States/Check stock']")).to_be_visible()
    expect(
        page.locator(".state.is-caught[data-node='/States/Pay'], .state.is-succeeded[data-node='/States/Pay']")
    ).to_be_visible()
    expect(page.locator(".state.is-notrun[data-node='/States/Reserve']")).to_be_visible()
    page.get_by_role("button", name="Save as a picture").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="SVG with the run").click()
    download.value.save_as(tmp_path / "picture.svg")
    titles = {
        title.text for title in ElementTree.parse(tmp_path / "picture.svg").iter("{http://www.w3.org/2000/svg}title")
    }
    assert "Check stock · DynamoDB GetItem · Succeeded" in titles
    assert "Reserve · Pass" in titles


def test_a_transition_can_lead_to_the_end(drawn: Page):
    page = drawn
    drag(page, item(page, "flow:Pass"), on_edge(page, "/States/Ship/End"))
    assert becomes(page, 1)["States"]["Pass"]["End"] is True
    page.locator(".board").press("0")
    page.wait_for_timeout(400)
    drag(page, grip(page, "Check stock", "catch"), middle(page, page.locator("[data-node='/States/Pass']")))
    becomes(page, 2)
    page.locator(".board").press("0")
    page.wait_for_timeout(400)
    drag(page, grip(page, "Ship"), middle(page, page.locator("[data-node='(end)']")))
    assert becomes(page, 3)["States"]["Ship"]["End"] is True
