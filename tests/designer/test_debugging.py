"""Runs that are changed, answered and opened, tried without a page: settings and the traces that follow from them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from designer import actions, answers, compute, examples, mocking, places
from designer.session import Change, Session, Setting, recording_of
from engine.errors import TIMEOUT

CALLBACK = {
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
            "Parameters": {"QueueUrl": "q", "MessageBody": {"token.$": "$$.Task.Token"}},
            "HeartbeatSeconds": 20,
            "Next": "Pay",
        },
        "Pay": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultPath": "$.paid", "End": True},
    },
}


def setting(**more: Any) -> Setting:
    return replace(Session(definition=json.dumps(CALLBACK), made_up=("Pay",)).setting, **more)


def test_a_parked_call_is_answered_and_what_follows_runs():
    waiting = compute.trace(setting())
    assert waiting is not None and waiting.status == "WAITING"
    (one,) = places.parked(waiting)
    assert one.call.token
    text = answers.written({"output": {"ok": True}}, delay=31_000, heartbeats=(15_000, 30_000))
    done = compute.trace(setting(changes=(Change("answer", one.moment, text),)))
    assert done is not None and (done.status, done.output["ok"]) == ("SUCCEEDED", True)
    assert [m.at for m in done.moments if m.kind == "heartbeat"] == [15_000, 30_000]


@pytest.mark.parametrize(
    ("answer", "beats", "error", "at"),
    [
        ({"timeout": True}, (), TIMEOUT, 20_000),
        ({"timeout": True}, (15_000, 30_000), TIMEOUT, 50_000),
        ({"error": "No", "cause": "by hand"}, (), "No", 5_000),
        ({"error": TIMEOUT}, (), TIMEOUT, 20_000),
    ],
)
def test_a_parked_call_fails_as_it_is_told(answer: dict[str, Any], beats: tuple[int, ...], error: str, at: int):
    waiting = compute.trace(setting())
    assert waiting is not None
    text = answers.written(answer, delay=5_000, heartbeats=beats)
    done = compute.trace(setting(changes=(Change("answer", places.parked(waiting)[0].moment, text),)))
    assert done is not None and (done.status, done.error) == ("FAILED", error)
    assert done.duration == at


def test_changes_stand_on_each_other_and_a_value_further_back_forgets_none():
    base = Session(
        definition='{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "End": true}}}'
    )
    run = compute.trace(base.setting)
    assert run is not None
    entered = [index for index, moment in enumerate(run.moments) if moment.kind == "entered"]
    once = replace(base.setting, changes=(Change("value", entered[0], '{"a": 1}'),))
    twice = replace(once, changes=(*once.changes, Change("value", entered[1], '{"b": 2}')))
    assert compute.trace(once).output == {"a": 1}  # type: ignore[union-attr]
    assert compute.trace(twice).output == {"b": 2}  # type: ignore[union-attr]
    assert compute.parting(once, twice) == (entered[1], entered[1])
    assert compute.parting(once, once) is None


@pytest.mark.parametrize(
    "change",
    [
        Change("value", 10_000, "{}"),
        Change("value", 0, "{}"),
        Change("answer", 0, '{"output": 1}'),
        Change("definition", text="{"),
    ],
)
def test_a_change_that_fits_nothing_is_no_run_and_no_crash(change: Change):
    assert compute.trace(setting(changes=(change,))) is None


def test_what_can_be_changed_is_the_nearest_value_in_the_same_state():
    run = compute.trace(setting())
    assert run is not None
    assert places.editable(run, 0).stage == "input"  # type: ignore[union-attr]
    last = places.editable(run, len(run) - 1)
    assert last is not None and (last.state, last.stage) == ("Ask", "afterParameters")


def test_every_history_that_comes_with_paso_opens():
    for history in examples.histories():
        recording = recording_of(history.file, history.text)
        example = compute.example(history.workflow) if history.workflow else None
        definition = (
            example.definition if example else '{"StartAt": "?", "States": {"?": {"Type": "Pass", "End": true}}}'
        )
        base = replace(Session(definition=definition).setting, recording=recording)
        seen = compute.trace(base)
        assert seen is not None and seen.status in ("SUCCEEDED", "FAILED"), history.file
        if example:
            played = compute.trace(replace(base, recording=replace(recording, simulated=True)))
            assert played is not None and len(played) > len(seen), "a simulated run has the stages too"
        assert set(history.title) == {"en", "es"}


def test_the_bank_history_parts_where_the_retry_was_raised():
    history = next(one for one in examples.histories() if one.file == "order-bank-busy.json")
    order = compute.example("order")
    assert order is not None
    base = replace(Session(definition=order.definition).setting, recording=recording_of(history.file, history.text))
    other = replace(base, recording=replace(base.recording, simulated=True))  # type: ignore[type-var]
    found = compute.parting(base, other)
    one, two = compute.trace(base), compute.trace(other)
    assert found is not None and one is not None and two is not None
    assert places.state_of(two, found[1]) == "Charge card"
    assert two.status == "WAITING", "the third try has no recorded reply: it can be answered by hand"
    waiting = places.parked(two)[0]
    answer = answers.written({"output": {"Payload": {"receipt": "R-1", "status": "PAID"}}}, delay=100)
    gone_on = compute.trace(replace(other, changes=(Change("answer", waiting.moment, answer),)))
    assert gone_on is not None and len(gone_on) > len(two)


# Mocks by the task ----------------------------------------------------------------------------------------------------

CONFIG = {
    "StateMachines": {"m": {"TestCases": {"A": {"Pay": "Good", "Ship": "Good"}, "B": {"Pay": "Good"}}}},
    "MockedResponses": {"Good": {"0": {"Return": 1}}},
    "Kept": "whatever else stands there",
}


def test_a_shared_response_is_copied_before_one_task_gets_another():
    changed = mocking.with_row(CONFIG, "m", "A", "Pay", {"0": {"Throw": {"Error": "E", "Cause": ""}}})
    assert mocking.row(changed, "A", "Pay") == {"0": {"Throw": {"Error": "E", "Cause": ""}}}
    assert mocking.row(changed, "A", "Ship") == mocking.row(changed, "B", "Pay") == {"0": {"Return": 1}}
    assert changed["Kept"] == CONFIG["Kept"]
    assert mocking.row(CONFIG, "A", "Pay") == {"0": {"Return": 1}}, "nothing is changed in place"


def test_nobody_answers_a_task_without_a_row():
    assert mocking.row(mocking.with_row(CONFIG, "m", "B", "Pay", None), "B", "Pay") is None


def test_mocks_go_out_to_teststate_and_come_back():
    rows = {"0-1": {"Throw": {"Error": "Busy", "Cause": "c"}}, "2": {"Return": {"a": 1}}}
    config = mocking.with_row({}, "m", "A", "Pay", rows)
    tasks = (mocking.Task("Pay", "/States/Pay", "arn:aws:states:::lambda:invoke"),)
    told = mocking.test_state_mocks(config, "A", tasks)
    assert told[1]["mock"] == {"result": '{"a": 1}'}
    assert told[1]["stateConfiguration"] == {"retrierRetryCount": 2}
    back = mocking.from_test_state(json.loads(json.dumps(told)))
    assert back == {"Pay": {"0": rows["0-1"], "2": rows["2"]}}
    for wrong in ({"stateName": "A"}, {"stateName": "A", "mock": {}}, {"stateName": "A", "mock": {"result": "{"}}, 3):
        with pytest.raises(ValueError, match="needs"):
            mocking.from_test_state(wrong)


def test_an_expression_goes_out_to_teststate_as_what_it_answers():
    order = compute.example("order")
    assert order is not None and order.mocks is not None
    rows = {"0": {"Return": {"got": "{% $keys($request) %}"}, "QueryLanguage": "JSONata", "Delay": 2}}
    placed = order.scenarios[0]
    config = mocking.with_row(json.loads(order.mocks), "order", placed.case or "", "Price order", rows)
    setting = Setting(order.definition, order.path, placed.input, mocking.write(config), placed.case)
    trace = compute.trace(setting)
    assert trace is not None
    tasks = tuple(task for task in mocking.tasks(json.loads(order.definition)) if task.name == "Price order")
    assert mocking.computed(config, placed.case, tasks) == ["Price order"]
    assert mocking.delayed(config, placed.case, tasks)
    call = mocking.asked(trace, "Price order", "0")
    assert call is not None
    told = mocking.test_state_mocks(config, placed.case, tasks, trace)
    assert json.loads(told[0]["mock"]["result"]) == {"got": list(call.given)}
    assert mocking.test_state_mocks(config, placed.case, tasks, None) == [], "without a run it has no result"


def test_a_call_is_found_for_the_numbers_of_an_answer():
    order = compute.example("order")
    assert order is not None
    placed = order.scenarios[0]
    trace = compute.trace(Setting(order.definition, order.path, placed.input, order.mocks, placed.case))
    for calls, number in (("0", 0), ("1-3", 1), ("7", 1), ("x", 1)):
        found = mocking.asked(trace, "Reserve item", calls)
        assert found is not None and found.number == number, calls
    assert mocking.asked(trace, "Nowhere", "0") is None
    assert mocking.asked(None, "Reserve item", "0") is None


def test_tasks_at_any_depth_have_a_row_and_errors_that_fit_them():
    order = compute.example("order")
    assert order is not None
    found = {task.name: task for task in mocking.tasks(json.loads(order.definition))}
    assert {"Reserve item", "Charge card", "Write invoice"} <= set(found)
    assert found["Charge card"].errors[0].startswith("Lambda.")
    assert "DynamoDB.ConditionalCheckFailedException" in found["Save order"].errors


def test_scenarios_are_kept_copied_renamed_and_deleted():
    session = actions.keep_scenario(Session(definition="{}", input="1", made_up=("T",)), "one", "One")
    assert session.chosen is not None and (session.chosen.input, session.chosen.made_up) == ("1", ("T",))
    session = actions.copy_scenario(session, "one", "two", "Two", "{}", "Case 2")
    assert [(one.name, one.case) for one in session.scenarios] == [("one", None), ("two", "Case 2")]
    session = actions.set_scenario(session, "two", title="Another", expect='{"status": "FAILED"}')
    assert session.scenarios[1].title == "Another"
    session = actions.delete_scenario(session, "one")
    assert (session.scenario, [one.name for one in session.scenarios]) == ("", ["two"])


def test_a_wrong_expectation_is_said_and_no_crash():
    session = actions.keep_scenario(Session(definition=json.dumps(CALLBACK)), "one", "One")
    for expect, said in (("{", "missing"), ("[]", "must be an object"), ('{"colour": 1}', "cannot be expected")):
        (scenario,) = actions.set_scenario(session, "one", expect=expect).scenarios
        judged = compute.judged(scenario, session.setting)
        assert judged.ok is False and said in judged.wrong, judged.wrong
