"""What a graph says, in Spanish: the words among names, paths and values, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from designer.components.canvas import to_props
from designer.components.canvas.spoken import condition, said, spoken
from designer.texts import Texts
from engine.graph import graph

CASES = json.loads((Path(__file__).parents[1] / "cases" / "graph" / "captions.json").read_text("utf-8"))
ES, EN = Texts("es"), Texts("en")


@pytest.mark.parametrize(
    ("caption", "spanish"),
    [
        ("Lambda Invoke · retry ×2", "Lambda Invoke · reintento ×2"),
        ("Map · 5 at a time", "Map · 5 a la vez"),
        ("Parallel · 1 branch", "Parallel · 1 rama"),
        ("Parallel · 12 branches", "Parallel · 12 ramas"),
        ("Choice · no default", "Choice · sin Default"),
        ("Wait until deadline", "Wait hasta deadline"),
        ("Fail · OrderRefused", "Fail · OrderRefused"),
        ("DynamoDB GetItem", "DynamoDB GetItem"),
    ],
)
def test_captions_are_said(caption: str, spanish: str):
    assert said(caption, ES) == spanish


@pytest.mark.parametrize(
    ("title", "spanish"),
    [
        ("x is present and not y is null", "x existe y no y es null"),
        ('note = "this and that is null" or done = true', 'note = "this and that is null" o done = true'),
        ("$.or.and > 3", "$.or.and > 3"),
        ('name matches "test-*"', 'name encaja con "test-*"'),
    ],
)
def test_conditions_are_said_and_their_values_stay(title: str, spanish: str):
    assert condition(title, ES) == spanish


def test_in_english_nothing_changes():
    for case in CASES["captions"]:
        assert said(case["caption"], EN) == case["caption"]
    for case in CASES["conditions"]:
        assert condition(case["condition"], EN) == case["condition"]


def test_a_condition_in_jsonata_is_code_and_stays():
    def drawn(choice: dict[str, Any]) -> list[str]:
        states = {
            "C": {"Type": "Choice", "Choices": [{**choice, "Next": "S"}], "Default": "S"},
            "S": {"Type": "Succeed"},
        }
        document = {"StartAt": "C", "QueryLanguage": "JSONata", "States": states}
        told = spoken(to_props(graph(document), None, document=document), ES)
        return [edge["label"] for edge in told["edges"] if edge["kind"] == "choice"]

    assert drawn({"Condition": "{% $x and $y %}"}) == ["$x and $y"]
    both = [{"Variable": "$.x", "IsPresent": True}, {"Variable": "$.y", "IsNull": True}]
    assert drawn({"And": both}) == ["x existe y y es null"]
