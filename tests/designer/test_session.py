"""The Session is frozen, and its setting says all that decides a run."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from designer import compute, examples
from designer.session import Scenario, Session


def test_a_session_is_never_changed():
    with pytest.raises(FrozenInstanceError):
        Session().language = "es"  # type: ignore[misc]


def test_nothing_is_open_at_first():
    assert not Session().is_open


def test_the_setting_leaves_out_what_does_not_decide_a_run():
    session = Session(definition="{}", input="1", case="A")
    elsewhere = replace(session, language="es", drawer="input", drafts={"input": "{"}, count=7, paste="x")
    assert elsewhere.setting == session.setting
    assert replace(session, input="2").setting != session.setting
    assert replace(session, case="B").setting != session.setting


def test_a_name_follows_from_the_dice():
    setting = Session(definition="{}").setting
    assert compute.execution_name(setting) == compute.execution_name(setting)
    assert compute.execution_name(setting) != compute.execution_name(replace(setting, seed=1))


def test_the_chosen_scenario_is_found_by_name():
    first, second = Scenario("a", "A", "{}"), Scenario("b", "B", "{}")
    session = Session(scenarios=(first, second), scenario="b")
    assert session.chosen is second
    assert replace(session, scenario="gone").chosen is None


def test_every_example_is_whole():
    found = examples.load()
    assert len(found) >= 3
    for example in found:
        assert set(example.title) == set(example.description) == {"en", "es"}, example.name
        assert example.scenarios, example.name
        assert len({scenario.name for scenario in example.scenarios}) == len(example.scenarios)
        for scenario in example.scenarios:
            assert set(scenario.title) == {"en", "es"}


def test_every_scenario_of_every_example_can_be_run():
    for example in examples.load():
        for scenario in example.scenarios:
            session = Session(
                workflow=example.name,
                definition=example.definition,
                path=example.path,
                mocks=example.mocks,
                input=scenario.input,
                case=scenario.case,
                workflow_type=scenario.workflow_type,
            )
            outcome = compute.outcome(session.setting)
            assert outcome is not None, (example.name, scenario.name)
            assert outcome.status in ("SUCCEEDED", "FAILED", "WAITING"), (example.name, scenario.name)


@pytest.mark.parametrize(("kind", "status"), [("STANDARD", "FAILED"), ("EXPRESS", "TIMED_OUT")])
def test_a_loop_without_end_ends(kind: str, status: str):
    """A visitor's definition cannot keep the server busy: both types have a last event."""
    loop = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}}'
    outcome = compute.outcome(replace(Session(definition=loop).setting, workflow_type=kind))
    assert outcome is not None
    assert outcome.status == status
    assert outcome.transitions < 60_000
