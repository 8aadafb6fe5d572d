"""How the expressions of a stage came to their values: `tests/cases/audit/*.json`, and what must hold for every audit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.audit import Audit, audit, stages
from engine.execution import run
from engine.parse import parse
from engine.situation import situation, variables
from engine.trace import Call, Reply, Trace
from engine.values import same
from engine.world import World

FOLDER = Path(__file__).parent.parent / "cases" / "audit"
TABLES = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))]
CASES = [pytest.param(table["input"], case, id=case["name"]) for table in TABLES for case in table["cases"]]


def tried(case: dict[str, Any], given: Any) -> Trace:
    """A machine of the case's state and an end, run."""
    state = dict(case["state"])
    if state["Type"] not in ("Choice", "Fail"):
        state["Next"] = "Done"
    language = case.get("language", "JSONata")
    done = {"Type": "Succeed"}
    return played(
        {"QueryLanguage": language, "StartAt": "Tried", "States": {"Tried": state, "Done": done}}, given, case
    )


def played(definition: dict[str, Any], given: Any, case: dict[str, Any] | None = None, **more: Any) -> Trace:
    machine, problems = parse(definition)
    assert machine is not None, problems
    replies = [_reply(told) for told in (case or {}).get("replies", [])]

    def answer(call: Call) -> Reply | None:
        return replies[min(call.number, len(replies) - 1)] if replies else None

    return run(machine, given, World(connector=answer, **more))


def _reply(told: dict[str, Any]) -> Reply:
    if "error" in told:
        return Reply(failed=True, error=told["error"], cause=told.get("cause"))
    return Reply(output=told["output"])


@pytest.mark.parametrize(("given", "case"), CASES)
def test_an_audit_tells_what_the_table_says(given: Any, case: dict[str, Any]) -> None:
    trace = tried(case, given)
    found = audit(trace, 0, case["stage"], attempt=case.get("attempt"), item=case.get("item", 0))
    assert [one["field"] for one in found] == [one["field"] for one in case["audits"]]
    for one, expected in zip(found, case["audits"], strict=True):
        assert one["outcome"] == expected.get("outcome", "value"), one["error"]
        if "value" in expected:
            assert same(one["value"], expected["value"])
        if one["outcome"] == "value":
            assert one["agrees"] is expected.get("agrees", True)
        assert one["error"] == expected.get("error")
        parts = {one["text"][part["start"] : part["end"]]: part for part in one["parts"]}
        for text, values in expected.get("parts", {}).items():
            assert same(parts[text]["values"], values), parts.keys()
        for text, says in expected.get("says", {}).items():
            assert parts[text]["says"] == says
        for text in expected.get("undefined", []):
            assert parts[text]["undefined"] == parts[text]["times"] == 1
        if "dropped" in expected:
            dropped = [
                [item["list"], item["index"], item["value"]] for told in one["filters"] for item in told["dropped"]
            ]
            assert same(dropped, expected["dropped"])


@pytest.mark.parametrize(("given", "case"), CASES)
def test_an_audit_can_be_sent_to_a_browser_and_every_part_stands_in_the_text(given: Any, case: dict[str, Any]) -> None:
    trace = tried(case, given)
    for stage in stages(trace, 0):
        for one in audit(trace, 0, stage):
            assert json.loads(json.dumps(one)) == one
            for index, part in enumerate(one["parts"]):
                assert 2 <= part["start"] < part["end"] <= len(one["text"]) - 2
                assert -1 <= part["parent"] < index
                assert len(part["values"]) + part["undefined"] <= part["times"] + 1


def audits(trace: Trace) -> list[Audit]:
    return [
        one
        for visit in range(len(trace.visits))
        for stage in stages(trace, visit)
        for one in audit(trace, visit, stage)
    ]


BRANCHES = {
    "QueryLanguage": "JSONata",
    "StartAt": "Set",
    "States": {
        "Set": {"Type": "Pass", "Assign": {"a": 1, "b": "{% $states.input.n %}"}, "Next": "Both"},
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {
                    "StartAt": "Own",
                    "States": {
                        "Own": {"Type": "Pass", "Assign": {"c": "{% $a + $b %}"}, "Next": "Add"},
                        "Add": {"Type": "Pass", "Output": "{% [$a, $b, $c] %}", "End": True},
                    },
                },
                {"StartAt": "Other", "States": {"Other": {"Type": "Pass", "Output": "{% $a %}", "End": True}}},
            ],
            "Assign": {"a": "{% $states.result[0][2] %}"},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "Items": "{% [1..3] %}",
            "ItemProcessor": {
                "StartAt": "Item",
                "States": {
                    "Item": {
                        "Type": "Pass",
                        "Output": "{% $states.context.Map.Item.Value * $a + $states.context.Map.Item.Index %}",
                        "End": True,
                    }
                },
            },
            "End": True,
        },
    },
}


def test_variables_are_those_on_entry_in_branches_and_behind_them() -> None:
    trace = played(BRANCHES, {"n": 10})
    assert trace.output == [11, 23, 35]
    names = [visit.state.name for visit in trace.visits]
    assert variables(trace, names.index("Own")) == {"a": 1, "b": 10}
    assert variables(trace, names.index("Add")) == {"a": 1, "b": 10, "c": 11}
    assert variables(trace, names.index("Other")) == {"a": 1, "b": 10}
    assert variables(trace, names.index("Each")) == {"a": 11, "b": 10}
    assert all(one["agrees"] for one in audits(trace))


def test_the_item_and_the_token_are_in_the_context() -> None:
    trace = played(BRANCHES, {"n": 10})
    items = [visit for visit, (_, state, _) in enumerate(trace.visits) if state.name == "Item"]
    assert [situation(trace, visit).context["Map"]["Item"] for visit in items] == [
        {"Index": 0, "Value": 1},
        {"Index": 1, "Value": 2},
        {"Index": 2, "Value": 3},
    ]
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "Ask",
        "States": {
            "Ask": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Arguments": {"QueueUrl": "q", "MessageBody": "{% $states.context.Task.Token %}"},
                "End": True,
            }
        },
    }
    (told,) = audits(played(definition, {}, {"replies": [{"output": 1}]}))
    assert told["agrees"] is True


DRAWING = {
    "QueryLanguage": "JSONata",
    "StartAt": "First",
    "States": {
        "First": {"Type": "Pass", "Output": {"id": "{% $uuid() %}", "n": "{% $random() %}"}, "Next": "Each"},
        "Each": {
            "Type": "Map",
            "Items": "{% [1..4] %}",
            "ItemSelector": {"id": "{% $uuid() %}"},
            "ItemProcessor": {
                "StartAt": "Draw",
                "States": {
                    "Draw": {
                        "Type": "Pass",
                        "Output": ["{% $random() %}", "{% $shuffle([1..9]) %}", "{% $random(7) %}"],
                        "Assign": {"x": "{% $random() > 0.5 ? $uuid() : null %}"},
                        "End": True,
                    }
                },
            },
            "End": True,
        },
    },
}


def test_what_was_drawn_is_drawn_again() -> None:
    trace = played(DRAWING, {}, seed=12)
    found = audits(trace)
    assert len(found) == 20
    assert [one["field"] for one in found if one["agrees"] is not True] == []
    (visit,) = [index for index, one in enumerate(trace.visits) if one.state.name == "Each"]
    stages_of = [moment.value for moment in trace.moments if moment.name == "afterItemSelector"]
    for item in range(4):
        (told,) = audit(trace, visit, "afterItemSelector", item=item)
        assert told["agrees"] is True
        assert told["value"] == stages_of[0][item]["id"]


def test_many_items_are_shown_in_part() -> None:
    trace = played(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "Many",
            "States": {"Many": {"Type": "Pass", "Output": "{% [1..5000][$ % 2 = 0] %}", "End": True}},
        },
        {},
    )
    (told,) = audit(trace, 0, "output")
    assert told["cut"] is True
    assert len(json.dumps({**told, "value": None})) < 50_000


def test_an_endless_expression_has_an_audit_that_ends() -> None:
    text = "{% ( $f := function($n) { $f($n + 1) }; $f(0) ) %}"
    trace = played(
        {"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "Output": text, "End": True}}}, {}
    )
    (told,) = audit(trace, 0, "output")
    assert told["outcome"] == "unfinished"
    assert len(told["parts"]) <= 200
