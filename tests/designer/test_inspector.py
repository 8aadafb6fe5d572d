"""The inspector and the list of problems, by AppTest: what is shown is what stands in the document, and what is typed gets
there, or waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from designer import actions, compute, examples, store
from designer.session import Scenario, Session
from engine.outline import spots

TABLE = json.loads((Path(__file__).parent.parent / "cases" / "inspector" / "types.json").read_text(encoding="utf-8"))

SCRIPT = """
import json
from designer import actions, compute, store
from designer.panels.inspector import inspector
from designer.panels.problem_panel import problem_panel
from designer.texts import Texts
from engine.edit import Edited, NotPossible

def change(edit):
    session = store.session()
    document = compute.read(session.text, session.path).document
    made = edit(document)
    text = json.dumps(made.document)
    store.act(actions.rewrite, text, usable=compute.usable("definition", text, session.path), selected=made.selected)

session = store.session()
inspector(session, Texts(session.language), change)
session = store.session()
reading = compute.read(session.text, session.path)
problem_panel(
    reading.problems, reading.document, Texts(session.language),
    on_select=lambda problem, at: store.act(actions.select, (at,) if at else ()),
    on_fix=lambda fix: change(lambda document: Edited(fix.apply(document))),
)
"""


def opened(document: Any, node: str, language: str = "en", given: str = "{}") -> AppTest:
    session = actions.open_workflow(
        Session(language=language), workflow="", title="Trial", definition=json.dumps(document), path=None,
        scenarios=(Scenario("one", "One", given),),
    )  # fmt: skip
    return drawn(actions.select(session, (node,) if node else ()))


def drawn(session: Session) -> AppTest:
    app = AppTest.from_string(SCRIPT, default_timeout=30)
    app.session_state["paso"] = session
    app.run()
    assert not app.exception, app.exception
    return app


def document(app: AppTest) -> Any:
    return json.loads(app.session_state["paso"].text)


def box(app: AppTest, kind: str, label: str) -> Any:
    found = [one for one in app.get(kind) if one.label.removesuffix(" *") == label]
    assert found, f"no {kind} {label} among {[one.label for one in app.get(kind)]}"
    return found[0]


def words(app: AppTest) -> str:
    kinds = ("markdown", "caption", "text")
    found = [str(element.value) for kind in kinds for element in app.get(kind)]
    return "\n".join([*found, *(button.label for button in app.button)])


def tab(app: AppTest, of: str, name: str) -> AppTest:
    """Another tab of a type's form: AppTest cannot click on one, so its widget is told."""
    app.session_state[f"insp-tabs-{of}-en"] = name
    app.run()
    assert not app.exception, app.exception
    return app


SHIP = {"Type": "Succeed"}


def flow(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": {**states, "Ship": SHIP}}


@pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in TABLE["cases"]])
def test_a_form_has_the_fields_of_its_type_and_language(case: dict[str, Any]):
    """Those fields are there that the type has in this query language, and no others; with the words of either reader."""
    app = opened(flow(Tried=case["state"]), "/States/Tried", case.get("language", "en"))
    labels = {
        one.label.removesuffix(" *") for kind in ("text_input", "text_area", "selectbox") for one in app.get(kind)
    }
    assert set(case["shown"]) <= labels
    assert not set(case.get("absent", ())) & labels


@pytest.mark.parametrize("name", ["circuit-breaker", "order"])
def test_states_of_every_example_have_a_form(name: str):
    example = next(one for one in examples.load() if one.name == name)
    session = actions.open_workflow(
        Session(), workflow=name, title=name, definition=example.definition, path=example.path, mocks=example.mocks,
        scenarios=example.scenarios,
    )  # fmt: skip
    for spot in list(spots(compute.read(example.definition, example.path).document))[::3]:
        app = drawn(actions.select(session, (spot.at,)))
        assert box(app, "text_input", "Name").value == spot.name
        assert app.session_state["paso"].text == example.definition, "a form that is only looked at changes nothing"


def test_a_number_is_written_as_a_number_and_what_is_none_waits():
    app = opened(flow(Pause={"Type": "Wait", "Seconds": 5, "Next": "Ship"}), "/States/Pause")
    box(app, "text_input", "Seconds").set_value("90").run()
    assert document(app)["States"]["Pause"]["Seconds"] == 90
    box(app, "text_input", "Seconds").set_value("soon").run()
    assert document(app)["States"]["Pause"]["Seconds"] == 90
    assert "A number belongs here" in words(app)
    assert box(app, "text_input", "Seconds").value == "soon"


def test_what_the_browser_repeats_from_before_an_undo_is_not_taken_for_typed(monkeypatch: pytest.MonkeyPatch):
    """A browser that has not seen the undo yet tells the value before with whatever it asks next."""
    app = opened(flow(Pause={"Type": "Wait", "Seconds": 5, "Next": "Ship"}), "/States/Pause")
    box(app, "text_input", "Seconds").set_value("90").run()
    app.session_state["paso"] = actions.undo(app.session_state["paso"], usable=True)
    app.run()
    box(app, "text_input", "Seconds").set_value("90").run()
    assert document(app)["States"]["Pause"]["Seconds"] == 5
    assert box(app, "text_input", "Seconds").value == "5"
    later = store.monotonic() + 60
    monkeypatch.setattr(store, "monotonic", lambda: later)
    box(app, "text_input", "Seconds").set_value("90").run()
    assert document(app)["States"]["Pause"]["Seconds"] == 90, "typed again by a person it counts"


def test_a_draft_is_there_again_when_its_state_is_selected_again():
    states = flow(A={"Type": "Pass", "Parameters": {"a": 1}, "Next": "Ship"})
    app = opened(states, "/States/A")
    box(app, "text_area", "Parameters").set_value('{"a": ').run()
    assert document(app) == states
    session = app.session_state["paso"]
    app = drawn(actions.select(actions.select(session, ("/States/Ship",)), ("/States/A",)))
    assert box(app, "text_area", "Parameters").value == '{"a": '
    next(button for button in app.button if button.label == "Take it back").click().run()
    assert json.loads(box(app, "text_area", "Parameters").value) == {"a": 1}


def test_a_field_is_taken_away_by_emptying_its_box():
    app = opened(flow(A={"Type": "Pass", "ResultPath": "$.a", "Parameters": {"a": 1}, "Next": "Ship"}), "/States/A")
    box(app, "text_area", "Parameters").set_value("").run()
    assert document(app)["States"]["A"] == {"Type": "Pass", "ResultPath": "$.a", "Next": "Ship"}


def test_a_name_takes_its_references_along_and_one_that_is_taken_is_refused():
    app = opened(flow(A={"Type": "Pass", "Next": "Ship"}), "/States/Ship")
    box(app, "text_input", "Name").set_value("Deliver").run()
    assert document(app)["States"]["A"]["Next"] == "Deliver"
    assert app.session_state["paso"].selected == ("/States/Deliver",)
    box(app, "text_input", "Name").set_value("A").run()
    assert list(document(app)["States"]) == ["A", "Deliver"]
    assert "already" in words(app)


def test_fields_that_exclude_each_other_are_a_choice_and_the_new_one_takes_the_place_of_the_old():
    app = opened(flow(Pause={"Type": "Wait", "Seconds": 5, "Next": "Ship"}), "/States/Pause", given='{"s": 3}')
    choice = app.get("button_group")[0]
    assert list(choice.options) == ["Seconds", "Timestamp", "SecondsPath", "TimestampPath"]
    choice.set_value("SecondsPath").run()
    assert document(app)["States"]["Pause"]["Seconds"] == 5
    box(app, "selectbox", "SecondsPath").set_value("$.s").run()
    assert document(app)["States"]["Pause"] == {"Type": "Wait", "Next": "Ship", "SecondsPath": "$.s"}


def test_next_leads_to_a_state_or_ends_the_block():
    app = opened(flow(A={"Type": "Pass", "Next": "Ship"}), "/States/A")
    box(app, "selectbox", "Next").select_index(0).run()
    assert document(app)["States"]["A"] == {"Type": "Pass", "End": True}
    box(app, "selectbox", "Next").set_value("Ship").run()
    assert document(app)["States"]["A"] == {"Type": "Pass", "Next": "Ship"}


def test_a_preview_says_what_the_field_gives_and_on_which_data():
    first = {"Type": "Pass", "Parameters": {"id.$": "$.order.id"}, "Next": "Never"}
    never = {"Type": "Pass", "InputPath": "$.nothing", "Next": "Ship"}
    states = {"StartAt": "A", "States": {"A": {**first, "Next": "Ship"}, "Never": never, "Ship": SHIP}}
    told = words(opened(states, "/States/A", given='{"order": {"id": 7}}'))
    assert '{"id": 7}' in told and "on the last run" in told
    told = words(opened(states, "/States/Never", given='{"order": {"id": 7}}'))
    assert "did not come here" in told and "Invalid path" in told


def test_a_rule_says_how_it_comes_out():
    rules = [
        {"And": [{"Variable": "$.n", "NumericGreaterThan": 1}, {"Not": {"Variable": "$.k", "IsPresent": True}}], "Next": "Ship"},
        {"Variable": "$.n", "NumericEquals": 1, "Next": "Ship"},
    ]  # fmt: skip
    app = opened(flow(Which={"Type": "Choice", "Choices": rules, "Default": "Ship"}), "/States/Which", given='{"n": 1}')
    told = words(app)
    assert "Rule 2 decides on the last run" in told
    assert "it was 1" in told
    box(app, "selectbox", "Operator").set_value("Or").run()
    assert document(app)["States"]["Which"]["Choices"][1]["Or"] == [{"Variable": "$.n", "NumericEquals": 1}]


def test_a_retrier_shows_its_delays_and_is_put_before_the_one_for_all():
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Ship",
            "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "MaxDelaySeconds": 5}]}  # fmt: skip
    app = tab(opened(flow(A=task), "/States/A"), "Task", "Errors")
    assert "3 retries, after 2\u00a0s, 4\u00a0s, 5\u00a0s: 11\u00a0s of waiting in all." in words(app)
    assert "Lambda.ServiceException" in app.multiselect[0].options
    next(button for button in app.button if button.label == "Add a retrier").click().run()
    names = [entry["ErrorEquals"] for entry in document(app)["States"]["A"]["Retry"]]
    assert names == [["Lambda.ServiceException"], ["States.ALL"]]


@pytest.mark.parametrize("name", ["Errors", "Timing", "Mock", "Help"])
def test_the_other_tabs_are_drawn(name: str):
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "HeartbeatSecondsPath": "$.h", "Next": "Ship",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Ship", "ResultPath": "$.e"}]}  # fmt: skip
    app = tab(opened(flow(A=task), "/States/A"), "Task", name)
    there = {"Errors": "Catcher 1", "Timing": "HeartbeatSecondsPath", "Mock": "test case", "Help": "ResultSelector"}
    told = words(app) + " ".join(one.label for one in app.get("selectbox"))
    assert there[name] in told


def test_nothing_selected_is_the_machine():
    app = opened(flow(A={"Type": "Pass", "Next": "Ship"}), "")
    box(app, "text_input", "Comment").set_value("A trial").run()
    assert document(app)["Comment"] == "A trial"
    box(app, "selectbox", "StartAt").set_value("Ship").run()
    assert document(app)["StartAt"] == "Ship"


def test_a_problem_says_where_leads_there_and_is_mended_at_a_click():
    app = opened(flow(A={"Type": "Pass", "Next": "Shipp"}), "")
    row = next(button for button in app.button if "Shipp" in button.label)
    assert "A › Next" in row.label
    row.click().run()
    assert app.session_state["paso"].selected == ("/States/A",)
    next(button for button in app.button if button.label == "Change to “Ship”").click().run()
    assert document(app)["States"]["A"]["Next"] == "Ship"
    next(button for button in app.button if button.label == "Remove “A”").click().run()
    assert document(app) == {"StartAt": "Ship", "States": {"Ship": SHIP}}
    assert "No problems" in words(app)


def test_problems_are_counted_by_severity_and_only_so_many_are_drawn():
    states = {f"S{n}": {"Type": "Succeed", "OutputPaht": "$"} for n in range(60)}
    app = opened({"StartAt": "S0", "States": states}, "")
    counts = list(app.get("button_group")[-1].options)
    assert any("error" in count for count in counts) and len(counts) > 1
    assert len([button for button in app.button if button.key and button.key.startswith("problem ")]) == 25
    assert "more" in words(app)
