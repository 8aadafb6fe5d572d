"""What a field would give is what it gave: every field of every state of the examples and of the golden runs, tried on the
data of its last visit, against the stages that the run recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from designer import compute, examples
from designer.session import Setting
from engine.execution import run
from engine.expressions.choices import Truth
from engine.outline import Spot, spots
from engine.parse import parse
from engine.preview import ABSENT, gives, sample, truths
from engine.situation import moments_of
from engine.trace import Reply, Trace
from engine.values import same
from engine.world import World

STAGES = {
    "InputPath": "afterInputPath",
    "Parameters": "afterParameters",
    "Arguments": "afterArguments",
    "ItemsPath": "afterItemsPath",
    "Items": "afterItemsPath",
    "ItemSelector": "afterItemSelector",
    "ResultSelector": "afterResultSelector",
    "ResultPath": "afterResultPath",
    "OutputPath": "output",
    "Output": "output",
}
TABLE = json.loads((Path(__file__).parent.parent / "cases" / "preview" / "fields.json").read_text(encoding="utf-8"))


def runs() -> list[Any]:
    found = []
    for example in examples.load():
        for one in example.scenarios:
            setting = Setting(
                example.definition, example.path, one.input, example.mocks, one.case, one.workflow_type, made_up=one.made_up
            )  # fmt: skip
            found.append(pytest.param(setting, id=f"{example.name}-{one.name}"))
    return found


@pytest.mark.parametrize("setting", runs())
def test_a_field_gives_what_it_gave_in_the_run(setting: Setting) -> None:
    trace = compute.trace(setting)
    assert trace is not None
    tried = 0
    for spot in spots(trace.machine.document):
        tried += _compared(trace, spot)
    assert tried


def _compared(trace: Trace, spot: Spot) -> int:
    seen = sample(trace, spot.at, {})
    if seen.visit < 0:
        return 0
    own = [moment for _, moment in moments_of(trace, seen.visit)]
    held = {moment.name: moment.value for moment in own if moment.kind == "stage"}
    held |= {moment.kind: moment.value for moment in own if moment.kind == "assigned"}
    caught = any(moment.kind == "caught" for moment in own)
    tried = 0
    for name, stage in (*STAGES.items(), ("Assign", "assigned")):
        if name in spot.source and stage in held and not (caught and stage in ("assigned", "output")):
            gave = gives(spot, (name,), seen)
            wanted = held[stage][0] if name == "ItemSelector" else held[stage]
            assert same(gave.value, wanted), (spot.at, name, gave)
            tried += 1
    for moment in own:
        if moment.kind == "rule" and spot.language == "JSONPath":
            for index in range(len(spot.source["Choices"]) if moment.value is None else moment.value + 1):
                found = truths(spot, index, seen)
                assert isinstance(found, Truth) and found.holds is (index == moment.value), (spot.at, index, found)
                tried += 1
    return tried


@pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in TABLE["cases"]])
def test_a_field_on_a_recorded_visit_or_on_the_input(case: dict[str, Any]) -> None:
    state = {**case["state"], **({} if case["state"]["Type"] in ("Choice", "Fail", "Succeed") else {"End": True})}
    document = {"StartAt": "A", "States": {"A": state, "B": {"Type": "Succeed"}}}
    spot = next(spots(document))
    trace = None
    if "reply" in case:
        machine, _ = parse(document)
        assert machine is not None
        trace = run(machine, TABLE["input"], World(connector=lambda call: Reply(**case["reply"])))
    gave = gives(spot, tuple(case["field"]), sample(trace, "/States/A", TABLE["input"]))
    told = {"missing": gave.missing} if gave.missing else {"error": gave.error} if gave.error else {"value": gave.value}
    assert told == case["gives"]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in TABLE["cases"] if "fails" in case])
def test_a_failing_field_says_what_the_run_says(case: dict[str, Any]) -> None:
    """The run puts its own sentence before it, which names the state and the event."""
    document = {"StartAt": "A", "States": {"A": {**case["state"], "Next": "B"}, "B": {"Type": "Succeed"}}}
    machine, _ = parse(document)
    assert machine is not None
    trace = run(machine, TABLE["input"], World(connector=lambda call: Reply(output={})))
    name, _, cause = case["gives"]["error"].partition(": ")
    assert trace.error == name
    assert str(trace.cause).endswith(cause)


def test_the_last_of_several_visits_counts() -> None:
    document = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)"}, "Next": "More?"},
            "More?": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 3, "Next": "A"}], "Default": "B"},
            "B": {"Type": "Succeed"},
        },
    }  # fmt: skip
    machine, _ = parse(document)
    assert machine is not None
    seen = sample(run(machine, {"n": 0}, World()), "/States/A", None)
    assert seen.entered.raw == {"n": 2}
    assert seen.result is ABSENT
