"""The editor in a real browser, on a page of its own (`code_app.py`): the text goes both ways and nobody loses any of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, TimeoutError, expect

from tests.e2e.conftest import Look, served

LOOKS = [Look(), Look(1024, 768, "dark")]
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served("tests/e2e/code_app.py", tmp_path_factory.mktemp("code") / "log.txt") as address:
        yield address


@pytest.fixture
def opened(page: Page, settled: Callable[[], None]) -> Opened:
    def open_(**asked: object) -> Page:
        page.goto(f"/?{urlencode(asked)}")
        expect(page.locator(".cm-content")).to_be_visible()
        settled()
        return page

    return open_


def editor(page: Page) -> Locator:
    return page.locator(".cm-content")


def held(page: Page) -> Locator:
    """The text as Python has it."""
    return page.locator("[data-testid=stCode] code")


def line(page: Page, text: str) -> Locator:
    return page.locator(".cm-line").filter(has_text=text).first


def put_cursor(page: Page, text: str, key: str = "End") -> None:
    line(page, text).click()
    page.keyboard.press(key)


def choose(page: Page, name: str) -> None:
    """Takes what is selected in the list; the editor leaves Enter its usual meaning for a moment after the list opened."""
    expect(page.locator(".cm-tooltip-autocomplete li[aria-selected]")).to_have_text(name)
    page.wait_for_timeout(120)
    page.keyboard.press("Enter")


def test_what_is_typed_reaches_python_once_the_keys_rest(opened: Opened) -> None:
    page = opened()
    put_cursor(page, '"StartAt": "Price"')
    page.keyboard.type(' "Version": "1.0",')
    expect(held(page)).to_contain_text('"StartAt": "Price", "Version": "1.0",')
    expect(page.get_by_text("rev 1", exact=True)).to_be_visible()


def test_fast_typing_on_a_slow_server_loses_nothing(opened: Opened) -> None:
    """Thirty strokes, rests among them that send, answers that come late."""
    page = opened(slow=0.7)
    put_cursor(page, '"Comment"', "Home")
    page.keyboard.press("Control+Home")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    for index in range(30):
        page.keyboard.press("abcdefghij"[index % 10])
        if index in (9, 19):
            page.wait_for_timeout(320)
    expect(line(page, "abcdefghij" * 3)).to_be_visible()
    expect(held(page)).to_contain_text("abcdefghij" * 3, timeout=10_000)
    expect(line(page, "abcdefghij" * 3)).to_be_visible()


def test_a_change_from_elsewhere_joins_what_is_being_typed(opened: Opened) -> None:
    """The button renames a state while strokes are on their way to a slow server: both are in the text, on both sides."""
    page = opened(slow=1)
    put_cursor(page, '"Comment"', "Home")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.type("ABC")
    page.wait_for_timeout(400)
    page.get_by_role("button", name="Rename").click()
    editor(page).focus()
    page.keyboard.type("DEF")
    expect(held(page)).to_contain_text("ABCDEF", timeout=10_000)
    expect(held(page)).to_contain_text('"Send": {')
    expect(line(page, "ABCDEF")).to_be_visible()
    expect(line(page, '"Send": {')).to_be_visible()


def test_a_change_from_elsewhere_leaves_cursor_and_folding(opened: Opened) -> None:
    page = opened()
    put_cursor(page, '"ResultSelector"')
    page.keyboard.press("Control+Shift+{")
    expect(page.locator(".cm-foldPlaceholder")).to_have_count(1)
    put_cursor(page, '"NumericGreaterThan"')
    page.get_by_role("button", name="Add Version").click()
    expect(line(page, '"Version"')).to_be_visible()
    expect(page.locator(".cm-flashed")).to_have_count(1)
    expect(page.locator(".cm-foldPlaceholder")).to_have_count(1)
    editor(page).focus()
    page.keyboard.type(" ")
    expect(held(page)).to_contain_text('"NumericGreaterThan": 100, \n')


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_problems_are_shown_where_python_says(opened: Opened, picture: Callable[[str], Path]) -> None:
    """Behind a sign beyond the first plane of Unicode, too; the tooltip has what mends it."""
    page = opened()
    expect(page.locator(".cm-lintRange-error")).to_have_text('"Shipp"')
    expect(page.locator(".cm-lintRange-warning")).to_have_text('"Choice"')
    expect(page.locator(".cm-lint-marker-error")).to_have_count(1)
    page.locator(".cm-lintRange-error").hover()
    tooltip = page.locator(".cm-tooltip-lint")
    expect(tooltip).to_contain_text("Missing 'Next' target: Shipp")
    picture("code-problem")
    tooltip.get_by_role("button", name="Change to “Ship”").click()
    expect(held(page)).to_contain_text('"Default": "Ship"')
    expect(page.locator(".cm-lintRange-error")).to_have_count(0)


def test_the_keyboard_goes_to_problems_and_mends_them(opened: Opened) -> None:
    page = opened()
    editor(page).focus()
    page.keyboard.press("F8")
    expect(page.locator(".cm-tooltip-lint")).to_contain_text("no rule may hold here")
    page.keyboard.press("F8")
    expect(page.locator(".cm-tooltip-lint")).to_contain_text("Missing 'Next' target")
    page.keyboard.press("Shift+F8")
    expect(page.locator(".cm-tooltip-lint")).to_contain_text("no rule may hold here")
    page.keyboard.press("Escape")
    expect(page.locator(".cm-tooltip-lint")).to_have_count(0)
    page.keyboard.press("F8")
    page.keyboard.press("Control+.")
    expect(page.locator(".cm-tooltip-lint button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(held(page)).to_contain_text('"Default": "Ship"')


def test_undo_takes_back_what_was_typed_and_then_asks_python(opened: Opened) -> None:
    page = opened()
    put_cursor(page, '"StartAt": "Price"')
    page.keyboard.type(" ")
    expect(page.get_by_text("rev 1", exact=True)).to_be_visible()
    page.get_by_role("button", name="Rename").click()
    expect(held(page)).to_contain_text('"Send": {')
    editor(page).focus()
    page.keyboard.type("xx")
    page.keyboard.press("Control+z")
    expect(line(page, '"StartAt"')).to_have_text('  "StartAt": "Price", ')
    page.wait_for_timeout(400)
    expect(page.get_by_text("rev 2", exact=True)).to_be_visible()
    page.keyboard.press("Control+z")
    expect(held(page)).to_contain_text('"Ship": {')
    page.keyboard.press("Control+z")
    expect(line(page, '"StartAt"')).to_have_text('  "StartAt": "Price",')
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    expect(held(page)).to_contain_text('"Send": {')
    expect(line(page, '"StartAt"')).to_have_text('  "StartAt": "Price", ')


def test_the_place_is_told_and_shown_both_ways(opened: Opened) -> None:
    page = opened(height=300)
    put_cursor(page, '"Price": {', "Home")
    expect(page.get_by_text("cursor at")).to_contain_text("""'"Price": {""")
    page.get_by_role("button", name="Add Version").click()  # an edit out of sight is brought into view
    expect(line(page, '"Version"')).to_be_in_viewport()
    page.get_by_role("button", name="Select Ship").click()
    expect(line(page, '"Ship": {')).to_be_in_viewport()
    expect(page.locator(".cm-chosen")).to_have_count(4)
    assert page.evaluate("document.activeElement.textContent") == "Select Ship"


COMPLETIONS = json.loads((Path(__file__).parents[1] / "cases" / "code" / "completions.json").read_text("utf-8"))[
    "cases"
]
PASTE = """(editor, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


def write(page: Page, text: str) -> str:
    """Puts a text into the editor, the cursor where it has a ‸; answers with the last character before it."""
    before, after = text.split("‸")
    editor(page).focus()
    page.keyboard.press("Control+a")
    editor(page).evaluate(PASTE, after or "\n")
    page.keyboard.press("Control+Home")
    editor(page).evaluate(PASTE, before)
    return before[-1:]


def offered(page: Page) -> list[str]:
    return page.locator(".cm-completionLabel").all_text_contents()


@pytest.mark.parametrize("kind", ["json", "yaml"])
def test_completion_offers_what_fits_the_place(opened: Opened, kind: str) -> None:
    """`tests/cases/code/completions.json`: what is offered at ‸, and what a line is after one of them was taken."""
    page = opened(kind=kind)
    wrong = []
    for case in [case for case in COMPLETIONS if case["kind"] == kind]:
        write(page, case["text"])
        page.keyboard.press("Control+Space")
        if case["has"]:
            with suppress(TimeoutError):
                page.locator(".cm-tooltip-autocomplete").wait_for(timeout=3000)
        else:
            page.wait_for_timeout(150)
        options = offered(page)
        missing = [name for name in case["has"] if name not in options]
        extra = [name for name in case["hasnt"] if name in options] if case["has"] else options
        if missing or extra:
            wrong.append((case["name"], "missing", missing, "extra", extra, options[:12]))
        elif "pick" in case:
            page.locator(".cm-completionLabel").get_by_text(case["pick"], exact=True).first.click()
            lines = page.locator(".cm-line").all_text_contents()
            if case["then"] not in lines:
                wrong.append((case["name"], "lines", *lines))
        page.keyboard.press("Escape")
    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_state_is_written_with_the_keyboard_alone(opened: Opened, picture: Callable[[str], Path]) -> None:
    """Names and values are chosen from lists that open by themselves, and their help is read beside them."""
    page = opened(language="es")
    put_cursor(page, '"ResultPath"')
    page.keyboard.press("Enter")
    page.keyboard.type('"Time')
    expect(page.locator(".cm-completionInfo")).to_be_visible()
    expect(editor(page)).to_have_attribute("aria-activedescendant", re.compile(r"."))
    picture("code-completion")
    choose(page, "TimeoutSeconds")
    page.keyboard.type("20")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type('"Catch')
    choose(page, "Catch")
    page.keyboard.type('"Err')
    choose(page, "ErrorEquals")
    page.keyboard.type("States.Ti")
    choose(page, "States.Timeout")
    page.keyboard.press("End")
    page.keyboard.type(', "Ne')
    choose(page, "Next")
    page.keyboard.type("Sh")
    choose(page, "Ship")
    expect(held(page)).to_contain_text('"ErrorEquals": ["States.Timeout"], "Next": "Ship"')
    expect(held(page)).to_contain_text('"TimeoutSeconds": 20,')


def test_the_keyboard_can_leave(opened: Opened) -> None:
    """Tab indents; Escape and then Tab goes on, as the editor's description says."""
    page = opened()
    put_cursor(page, '"ResultPath"', "Home")
    page.keyboard.press("Tab")
    expect(line(page, '"ResultPath"')).to_have_text('        "ResultPath": "$.price",')
    expect(editor(page)).to_have_attribute("aria-description", re.compile("Escape and then Tab"))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(editor(page)).not_to_be_focused()


def test_keys_are_the_editors_own(opened: Opened) -> None:
    """`r` and `c` on a button of the editor neither rerun the app nor ask to clear its cache."""
    page = opened()
    page.get_by_role("button", name="Find").focus()
    page.keyboard.press("c")
    page.keyboard.press("r")
    page.wait_for_timeout(300)
    expect(page.locator("[role=dialog]:visible")).to_have_count(0)


def test_a_name_explains_itself_under_the_mouse(opened: Opened) -> None:
    page = opened()
    line(page, '"ResultPath"').get_by_text('"ResultPath"').hover()
    expect(page.locator(".field-help")).to_contain_text("Where the result goes in the state's input.")
    line(page, '"FunctionName"').get_by_text('"FunctionName"').hover()
    expect(page.locator(".field-help")).to_have_count(0)


def test_search_speaks_the_readers_language(opened: Opened) -> None:
    page = opened(language="es")
    editor(page).focus()
    page.keyboard.press("Control+f")
    expect(page.locator(".cm-search input[name=search]")).to_be_focused()
    expect(page.locator(".cm-search button[name=replaceAll]")).to_have_text("reemplazar todos")
    page.keyboard.type("Ship")
    expect(page.locator(".cm-searchMatch")).not_to_have_count(0)


def test_line_ends_are_kept(opened: Opened) -> None:
    page = opened(ends="crlf")
    expect(page.get_by_text("33 carriage returns in 34 lines")).to_be_visible()
    put_cursor(page, '"StartAt"')
    page.keyboard.press("Enter")
    expect(page.get_by_text("34 carriage returns in 35 lines")).to_be_visible()
    page.locator(".cm-lintRange-error").scroll_into_view_if_needed()
    expect(page.locator(".cm-lintRange-error")).to_have_text('"Shipp"')


def test_a_text_of_a_megabyte_is_typed_into(opened: Opened) -> None:
    page = opened(size=1_000_000)
    put_cursor(page, '"StartAt"')
    page.keyboard.type(' "Version": "1.0",')
    expect(line(page, '"Version": "1.0"')).to_be_visible()
    expect(page.get_by_text("rev 1", exact=True)).to_be_visible()
    expect(line(page, '"Version": "1.0"')).to_be_visible()


def test_yaml_is_typed_and_changed_from_elsewhere(opened: Opened) -> None:
    page = opened(kind="yaml")
    put_cursor(page, "ResultPath: $.price")
    page.keyboard.press("Enter")
    page.keyboard.type("Retr")
    choose(page, "Retry")
    page.keyboard.type("Err")
    choose(page, "ErrorEquals")
    page.keyboard.type("States.Ti")
    choose(page, "States.Timeout")
    expect(held(page)).to_contain_text("    Retry:\n      - ErrorEquals:\n          - States.Timeout\n    Next: Ship\n")
    page.get_by_role("button", name="Rename").click()
    expect(line(page, "Next: Send")).to_be_visible()
    expect(held(page)).to_contain_text("- States.Timeout\n    Next: Send\n")
