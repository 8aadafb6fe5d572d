"""Which variables each state reads."""

from __future__ import annotations

from typing import Any

import pytest

from engine.references import variable_references


def states(**given: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(given)), "States": given}


INNER = {"StartAt": "I", "States": {"I": {"Type": "Pass", "OutputPath": "$flour", "End": True}}}


@pytest.mark.parametrize(
    ("document", "references"),
    [
        (states(A={"Type": "Pass", "Parameters": {"x": "$flour", "y.$": "$.flour"}}), {}),
        (states(A={"Type": "Pass", "Assign": {"flour": 1}}), {}),
        (states(A={"Type": "Pass", "InputPath": "$flour.kind", "OutputPath": "$$.Execution.Id"}), {"A": ["flour"]}),
        (
            states(
                A={
                    "Type": "Pass",
                    "Parameters": {
                        "x": [{"y.$": "$water[0]"}],
                        "z.$": "States.Array($flour, States.Format('{}', $salt))",
                    },
                }
            ),
            {"A": ["flour", "salt", "water"]},
        ),
        (states(A={"Type": "Wait", "SecondsPath": "$rest"}), {"A": ["rest"]}),
        (
            states(A={"Type": "Fail", "ErrorPath": "$name", "CausePath": "States.Format('{}', $why)"}),
            {"A": ["name", "why"]},
        ),
        (
            states(
                A={
                    "Type": "Choice",
                    "Choices": [
                        {
                            "And": [
                                {"Variable": "$a", "IsNull": True},
                                {"Not": {"Variable": "$.x", "StringEqualsPath": "$b"}},
                            ]
                        },
                        {"Variable": "$c", "StringEquals": "$d", "Assign": {"e.$": "$f"}},
                    ],
                }
            ),
            {"A": ["a", "b", "c", "f"]},
        ),
        (
            states(
                A={
                    "Type": "Task",
                    "Resource": "${F}",
                    "TimeoutSecondsPath": "$limit",
                    "ResultSelector": {"x.$": "$sieve"},
                    "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "A", "Assign": {"n.$": "$before"}}],
                }
            ),
            {"A": ["before", "limit", "sieve"]},
        ),
        (states(M={"Type": "Map", "ItemsPath": "$loaves", "ItemProcessor": INNER}), {"M": ["loaves"], "I": ["flour"]}),
        (
            states(
                M={
                    "Type": "Map",
                    "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, **INNER},
                    "ItemReader": {"Parameters": {"Bucket.$": "$pantry"}, "ReaderConfig": {"MaxItemsPath": "$most"}},
                    "ItemBatcher": {"MaxItemsPerBatchPath": "$tray", "BatchInput": {"x.$": "$oven"}},
                }
            ),
            {"M": ["most", "oven", "pantry", "tray"], "I": ["flour"]},
        ),
        (
            states(P={"Type": "Parallel", "Branches": [INNER], "Parameters": {"x.$": "$salt"}}),
            {"P": ["salt"], "I": ["flour"]},
        ),
        (
            {
                "QueryLanguage": "JSONata",
                **states(
                    A={"Type": "Pass", "Assign": {"n": "{% $count($states.input.l) %}"}},
                    B={"Type": "Succeed", "Output": {"x": ["{% $n + $sum([$m]) %}"], "y": "$n"}},
                ),
            },
            {"B": ["m", "n"]},
        ),
        ({}, {}),
        (None, {}),
    ],
)
def test_references(document: Any, references: dict[str, list[str]]) -> None:
    assert variable_references(document) == references
