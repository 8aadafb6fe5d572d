"""Every page in both languages, by AppTest: nothing flies, and what is to be read stands there."""

from __future__ import annotations

import json
import xml.etree.ElementTree as xml
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from designer import actions, compute, examples
from designer.main import PAGES
from designer.panels.picture import picture
from designer.session import Session
from designer.texts import Texts
from engine.graph import graph

APP = Path(__file__).parents[2] / "app.py"
LANGUAGES = ("en", "es")


def order(language: str = "en") -> Session:
    example = next(one for one in examples.load() if one.name == "order")
    session = actions.open_workflow(
        Session(language=language),
        workflow=example.name,
        title=example.title,
        definition=example.definition,
        path=example.path,
        mocks=example.mocks,
        scenarios=example.scenarios,
    )
    outcome = compute.outcome(session.setting)
    assert outcome is not None
    return actions.note(session, session.setting, outcome, session.scenario)


def page(name: str, session: Session, query: dict[str, str] | None = None) -> AppTest:
    """One run of the app on a page, with a Session already there. The page is opened as its row in the bar is."""
    app = AppTest.from_string(SCRIPT.format(name=name), default_timeout=30)
    app.session_state["paso"] = session
    for key, value in (query or {}).items():
        app.query_params[key] = value
    return app.run()


SCRIPT = """
from designer.main import PAGES, _show
_show(next(row for row in PAGES if row.path == {name!r}))
"""


def words(app: AppTest) -> str:
    """Everything that stands on the page, in one text."""
    kinds = ("markdown", "caption", "subheader", "text", "info", "warning", "error")
    found = [str(element.value) for kind in kinds for element in app.get(kind) if hasattr(element, "value")]
    return "\n".join([*found, *(button.label for button in app.button)])


def data_of_player(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(element.proto.json) for element in app.get("bidi_component")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [row.path for row in PAGES])
def test_every_page_stands_with_a_workflow_and_without_one(name: str, language: str):
    for session in (Session(language=language), order(language)):
        app = page(name, session)
        assert not app.exception, app.exception
        assert words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_app_starts_in_the_language_of_the_address(language: str):
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception, app.exception
    assert app.session_state["paso"].language == language
    assert Texts(language)("Your own definition") in words(app)


def test_a_link_opens_its_workflow_and_scenario():
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.query_params["lang"] = "es"
    app.query_params["workflow"] = "order"
    app.query_params["scenario"] = "declined"
    app.run()
    session = app.session_state["paso"]
    assert (session.workflow, session.scenario) == ("order", "declined")
    assert session.runs[-1].outcome.error == "OrderRefused"


def test_the_language_switch_keeps_place_and_state():
    app = AppTest.from_file(str(APP), default_timeout=30)
    app.session_state["paso"] = order("en")
    app.run()
    next(button for button in app.button if button.label == "ES").click().run()
    assert not app.exception, app.exception
    assert app.session_state["paso"].language == "es"
    assert app.session_state["paso"].workflow == "order"
    assert "Tu propia definición" in words(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_debug_shows_how_the_run_ended(language: str):
    t = Texts(language)
    text = words(page("debug", order(language)))
    assert t("Succeeded") in text
    assert t.plural("{n} transition", "{n} transitions", 17) in text
    assert t("{span} virtual", span=t.span(11_300)).replace(".", "\\.") in text


def test_a_wrong_input_shows_its_sentence_and_keeps_the_last_good_run():
    session = actions.write(actions.toggle_drawer(order(), "input"), "input", '{"order": }', usable=False)
    app = page("debug", session)
    assert not app.exception, app.exception
    assert "A value is missing before" in words(app)
    assert "line 1, column 11" in words(app)
    assert app.text_area[0].value == '{"order": }', "nothing typed is lost"
    assert "Succeeded" in words(app), "the last good run stays"


def test_a_wrong_text_in_the_editor_becomes_a_draft_and_a_right_one_the_truth():
    app = page("debug", actions.toggle_drawer(order(), "input"))
    app.text_area[0].set_value('{"order"').run()
    assert app.session_state["paso"].drafts == {"input": '{"order"'}
    app.text_area[0].set_value('{"order": {"items": []}}').run()
    session = app.session_state["paso"]
    assert (session.drafts, session.input) == ({}, '{"order": {"items": []}}')


def test_a_definition_with_a_missing_target_is_still_drawn():
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Shipp"}, "Ship": {"Type": "Succeed"}}}'
    app = page("workflows", actions.paste(Session(), text))
    assert not app.exception, app.exception
    assert "Did you mean “Ship”" in words(app)
    nodes = data_of_player(app)[0]["graph"]["nodes"]
    assert {"A", "Ship", "Shipp"} <= {node["name"] for node in nodes}


@pytest.mark.parametrize(
    "text", ["no json at all", "[1, 2]", '{"StartAt": 3}', "{" * 2_000, "\x00", "StartAt: [", "🦉"]
)
def test_no_text_breaks_the_page(text: str):
    app = page("workflows", actions.paste(Session(), text))
    assert not app.exception, app.exception
    assert app.text_area[0].value == text


def test_a_text_beyond_the_limit_is_refused_with_its_size():
    text = json.dumps({"StartAt": "A", "Comment": "x" * compute.LIMITS["definition"], "States": {}})
    app = page("workflows", actions.paste(Session(), text))
    assert not app.exception, app.exception
    assert "1,048,576 are read" in words(app).replace("\\", "")


def test_own_definitions_without_mocks_say_what_they_wait_for():
    text = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": true}}}'
    session = actions.open_workflow(Session(), workflow="", title="", definition=text, path=None)
    app = page("debug", session)
    assert not app.exception, app.exception
    assert "A task waits for its answer" in words(app)


def test_executions_runs_a_batch_and_lists_it():
    app = page("executions", order())
    next(button for button in app.button if button.label.startswith("Run ")).click().run()
    assert not app.exception, app.exception
    runs = app.session_state["paso"].runs
    scenarios = len(order().scenarios)
    assert len(runs) == 1 + 10 * scenarios
    [table] = [one.value for one in app.dataframe if list(one.value.columns)[:2] == ["Name", "Status"]]
    assert len(table) == len(runs)
    assert {run.outcome.status for run in runs} == {"SUCCEEDED", "FAILED"}


def test_a_batch_stops_by_itself(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compute, "BATCH_SECONDS", -1)
    app = page("executions", order())
    next(button for button in app.button if button.label.startswith("Run ")).click().run()
    assert not app.exception, app.exception
    assert "0 of 60 executions were run" in words(app)


@pytest.mark.parametrize(
    ("language", "standard", "express"), [("en", "$425.00", "$12.7746"), ("es", "425,00", "12,7746")]
)
def test_the_bills_of_the_talk_come_out_of_the_trace(language: str, standard: str, express: str):
    text = words(page("costs", order(language))).replace("\\$", "$")
    assert standard in text
    assert express in text
    assert ("33 times cheaper" if language == "en" else "33 veces más barato") in text


def test_a_callback_rules_express_out():
    text = (
        '{"StartAt": "Ask", "States": {"Ask": {"Type": "Task", '
        '"Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true}}}'
    )
    session = actions.open_workflow(Session(), workflow="", title="", definition=text, path=None)
    app = page("costs", session)
    assert not app.exception, app.exception
    assert "does not fit" in words(app)
    assert "waits for a task token" in words(app)


def test_pictures_show_every_state_and_escape_its_name():
    name = '<b onload="x">&'
    document = {
        "StartAt": name,
        "States": {
            name: {
                "Type": "Parallel",
                "Branches": [{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}],
                "Next": "M",
            },
            "M": {
                "Type": "Map",
                "ItemProcessor": {
                    "StartAt": "B",
                    "States": {"B": {"Type": "Pass", "Next": "C"}, "C": {"Type": "Pass", "Next": "B"}},
                },
                "Next": "Gone",
            },
        },
    }
    for mode in ("light", "dark"):
        drawn = xml.fromstring(picture(graph(document), mode))
        titles = {title.text for title in drawn.iter("{http://www.w3.org/2000/svg}title")}
        assert {"A", "B", "C"} <= titles
    assert xml.fromstring(picture(graph({"States": {name: {"Type": "Pass"}}}))) is not None
    assert xml.fromstring(picture(graph(None))) is not None
