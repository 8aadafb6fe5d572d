"""The table of `${…}`: what there is, where, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from engine.source import load
from engine.substitutions import Hole, holes, substituted, taken

BAKERY: dict[str, Any] = {
    "StartAt": "Knead",
    "TimeoutSeconds": "${Limit}",
    "States": {
        "Knead": {
            "Type": "Task",
            "Resource": "${KneaderArn}",
            "Parameters": {"queue": "https://${Region}.example/${Queue}", "dough": "${Dough}"},
            "TimeoutSeconds": "${Limit}",
            "End": "${Ends}",
        }
    },
}


def test_each_name_is_listed_once_with_its_places() -> None:
    assert holes(BAKERY) == (
        Hole("Limit", ("/TimeoutSeconds", "/States/Knead/TimeoutSeconds"), frozenset({"number"})),
        Hole("KneaderArn", ("/States/Knead/Resource",), frozenset({"value"})),
        Hole("Region", ("/States/Knead/Parameters/queue",), frozenset({"text"})),
        Hole("Queue", ("/States/Knead/Parameters/queue",), frozenset({"text"})),
        Hole("Dough", ("/States/Knead/Parameters/dough",), frozenset({"value"})),
        Hole("Ends", ("/States/Knead/End",), frozenset({"flag"})),
    )


def test_values_take_their_places_and_the_rest_is_shared() -> None:
    filled = substituted(BAKERY, {"Limit": 30, "Region": "north", "Queue": 7, "Ends": True})
    knead = filled["States"]["Knead"]
    assert (filled["TimeoutSeconds"], knead["TimeoutSeconds"], knead["End"]) == (30, 30, True)
    assert knead["Parameters"]["queue"] == "https://north.example/7"
    assert knead["Resource"] == "${KneaderArn}"
    assert substituted(BAKERY, {}) is BAKERY
    assert BAKERY["TimeoutSeconds"] == "${Limit}"


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("number", "30", 30),
        ("number", "thirty", "thirty"),
        ("flag", "true", True),
        ("value", "30", "30"),
        ("value", '["a", 1]', ["a", 1]),
        ("text", "[1]", "[1]"),
        ("number", '"30"', '"30"'),
    ],
)
def test_what_is_typed_becomes_what_the_field_wants(kind: Any, written: str, value: Any) -> None:
    assert taken(Hole("X", (), frozenset({kind})), written) == value


def test_percent_names_and_names_of_members_are_holes_too() -> None:
    document = {"%TOPIC%": "a", "Resource": "%BAKER%"}
    assert [hole.name for hole in holes(document)] == ["TOPIC", "BAKER"]
    assert substituted(document, {"TOPIC": "bread", "BAKER": "arn"}) == {"bread": "a", "Resource": "arn"}


SAM = """
Resources:
  Oven:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: bread/oven.asl.json
      DefinitionSubstitutions:
        BakerArn: !GetAtt Baker.Arn
        Minutes: 12
"""
SUB = """
Resources:
  Oven:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      DefinitionString: !Sub
        - '{"StartAt": "Bake", "States": {"Bake": {"Type": "Task", "Resource": "${Baker}", "End": true}}}'
        - Baker: !GetAtt Mill.Arn
"""
TEMPLATEFILE = """
resource "aws_sfn_state_machine" "oven" {
  definition = templatefile("${path.module}/oven.asl.json", {
    baker   = aws_lambda_function.baker.arn
    minutes = 12
  })
}
"""


@pytest.mark.parametrize(
    ("text", "path", "known", "elsewhere"),
    [
        (SAM, "t.yaml", {"BakerArn": "${Baker.Arn}", "Minutes": 12}, "bread/oven.asl.json"),
        (SUB, "t.yaml", {"Baker": "${Mill.Arn}"}, None),
        (
            TEMPLATEFILE,
            "main.tf",
            {"baker": "${aws_lambda_function.baker.arn}", "minutes": 12},
            "${path.module}/oven.asl.json",
        ),
    ],
    ids=["SAM", "Fn::Sub", "templatefile"],
)
def test_a_template_says_what_it_puts_in(text: str, path: str, known: dict[str, Any], elsewhere: str | None) -> None:
    document = load(text, path=path)
    assert document.substitutions == known
    assert document.elsewhere == elsewhere
    if elsewhere:
        assert document.value is None and "open" in document.problems[0].message
