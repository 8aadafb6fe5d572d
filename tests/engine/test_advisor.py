"""The advisor: what it suggests, what it leaves alone, and that its savings are differences of two bills."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.advisor import fit, suggestions
from engine.connectors.mock import load_mocks
from engine.cost import bill, transitions
from engine.execution import run
from engine.parse import parse
from engine.prices import price_table
from engine.trace import Call, Reply, Trace
from engine.values import same
from engine.world import World

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests" / "cases" / "advisor" / "suggested.json").read_text("utf-8"))["cases"]
ORDER = ROOT / "assets" / "examples" / "order"


def played(document: Any, value: Any = None, replies: Any = None, kind: Any = "STANDARD", delay: int = 0) -> Trace:
    given = replies or {}

    def answer(call: Call) -> Reply | None:
        return Reply(given[call.state][call.number], delay=delay, submitted={})

    machine, _ = parse(document)
    assert machine is not None
    trace = run(machine, {} if value is None else value, World(connector=answer, workflow_type=kind))
    assert trace.status == "SUCCEEDED", (trace.error, trace.cause)
    return trace


def order(name: str) -> Trace:
    scenarios = json.loads((ORDER / "scenarios.json").read_text("utf-8"))["scenarios"]
    scenario = next(one for one in scenarios if one["name"] == name)
    machine, _ = parse(json.loads((ORDER / "workflow.asl.json").read_text("utf-8")))
    assert machine is not None
    answer = load_mocks(json.loads((ORDER / "mocks.json").read_text("utf-8")), scenario["mocks"])
    return run(machine, scenario["input"], World(connector=answer, workflow_type=scenario["type"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_suggested(case):
    trace = played(case["document"], case.get("input"), case.get("replies"), case.get("type", "STANDARD"))
    untouched = json.dumps(case["document"])
    found = suggestions(trace, price_table())
    kinds = {expected["kind"] for expected in case["expect"]}
    told = [one for one in found if one.kind in kinds or one.kind != "express-child"]
    assert [one.kind for one in told] == [expected["kind"] for expected in case["expect"]]
    for one, expected in zip(told, case["expect"], strict=True):
        assert same(one.document, expected["document"]), json.dumps(one.document)
        assert one.saving == Decimal(expected["saving"])
        assert (one.functions_saved, one.guessed) == (expected["functions"], expected["guessed"])
        assert same(one.trace.output, trace.output)
        assert one.trace.duration == expected.get("duration", trace.duration)
    assert json.dumps(case["document"]) == untouched


def test_a_saving_is_the_difference_of_two_bills_whose_lines_sum():
    trace = order("placed")
    found = suggestions(trace, price_table())
    assert found
    for one in found:
        assert one.before.total == bill(trace, price_table(), executions=1_000_000).total
        assert sum(line.amount for line in one.after.lines) == one.after.total
        assert one.saving == one.before.total - one.after.total > 0


def test_the_order_nests_an_express_machine_in_a_standard_one():
    """17 transitions become 9: the delivery and what follows run in one step, at a tenth of what they cost."""
    [nested] = [one for one in suggestions(order("placed"), price_table()) if one.kind == "express-child"]
    assert transitions(nested.trace) == 9
    items = {line.item: line.quantity for line in nested.after.lines}
    assert items == {"transitions": 9_000_000, "requests": 1_000_000, "duration": 66_000_000}
    [child] = nested.children.values()
    assert child["StartAt"] == "Prepare delivery" and "Order placed" in child["States"]


def test_the_greatest_saving_comes_first():
    document = {
        "StartAt": "Idle",
        "States": {"Idle": {"Type": "Pass", "Next": "Also idle"}, "Also idle": {"Type": "Pass", "Next": "Rest"}, **CASES[11]["document"]["States"]},
    }  # fmt: skip
    found = suggestions(played(document, {"job": "J-1"}, CASES[11]["replies"]), price_table())
    assert {"callback-for-polling", "merge-pass"} < {one.kind for one in found}
    assert [one.saving for one in found] == sorted((one.saving for one in found), reverse=True)
    assert {"/States/Idle", "/States/Also idle"} <= {one.at[0] for one in found}


def test_a_run_that_waits_has_no_suggestions():
    machine, _ = parse(CASES[2]["document"])
    assert machine is not None
    assert suggestions(run(machine, CASES[2]["input"], World()), price_table()) == ()


def test_what_may_be_express_is_the_cheaper_of_the_two_and_says_what_to_know():
    found = fit(order("placed-express"), price_table())
    assert (found.workflow_type, found.possible) == ("EXPRESS", True)
    assert found.reasons[0].message == (
        "Express costs $12.77 for 1,000,000 executions like this one, and Standard $425.00, 33.3 times less."
    )
    assert [reason.code for reason in found.reasons[1:]] == ["at-least-once", "at-most-once", "no-history"]


def test_a_long_run_of_few_steps_is_cheaper_as_standard():
    document = {
        "StartAt": "A",
        "States": {"A": {"Type": "Task", "Resource": CASES[2]["document"]["States"]["Save"]["Resource"], "End": True}},
    }
    found = fit(played(document, None, {"A": [{}]}, delay=200_000), price_table())
    assert (found.workflow_type, found.possible) == ("STANDARD", True)
    assert [reason.code for reason in found.reasons] == ["cheaper", "exactly-once", "history"]


def test_what_cannot_be_express_is_standard_for_that_reason():
    found = fit(played(CASES[14]["document"], None, CASES[14]["replies"], delay=400_000), price_table())
    assert (found.workflow_type, found.possible) == ("STANDARD", False)
    assert [(reason.code, reason.at) for reason in found.reasons[:2]] == [
        ("too-long", "/"),
        ("callback", "/States/Approve"),
    ]
