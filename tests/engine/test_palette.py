"""Everything of the palette can be put into a workflow, in both query languages, and found by its words."""

from __future__ import annotations

from typing import Any

import pytest

from engine.connectors.generated import generated
from engine.edit import insert
from engine.execution import run
from engine.palette import LANGUAGES, item, palette, search
from engine.parse import parse
from engine.services import installed, known_services
from engine.validate import validate
from engine.world import World

IDS = [one.id for one in palette()]
PATTERNS = [one.id for one in palette() if one.group == "patterns"]
MISSING = {"open-value", "idle-pass", "choice-without-default"}
"""What a new item may still be told: there is something left to fill in."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", IDS)
def test_an_item_is_a_definition_by_itself(id: str, language: str) -> None:
    found = validate(item(id, language).fragment)
    assert [problem.message for problem in found if problem.code not in MISSING] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", IDS)
def test_an_item_goes_in_twice(id: str, language: str) -> None:
    head: dict[str, Any] = {} if language == "JSONPath" else {"QueryLanguage": language}
    document: Any = head | {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}
    for _ in range(1 if id in ENDS else 2):
        document = insert(document, item(id, language).fragment, after="/States/A").document
        assert [problem for problem in validate(document) if problem.severity == "error"] == []


ENDS = ("flow:Succeed", "flow:Fail")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("id", PATTERNS)
def test_a_pattern_runs_to_an_end(id: str, language: str) -> None:
    """With made-up answers it is over, well or by a Fail of its own, after a few steps."""
    fragment = item(id, language).fragment
    machine, problems = parse(fragment)
    assert machine is not None and not problems
    trace = run(machine, {"items": [1, 2]}, World(connector=generated(fragment)))
    assert trace.status == "SUCCEEDED" or trace.error in ("NotApproved",)
    assert len(trace.visits) < 20


def test_ids_are_unique_and_titles_are_there() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(one.title and one.caption for one in palette())
    assert {one.type for one in palette() if one.group == "flow"} == {
        "Choice", "Parallel", "Map", "Pass", "Wait", "Succeed", "Fail",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("put item", "action:dynamodb:putItem"),
        ("PutItem", "action:dynamodb:putItem"),
        ("lambda", "action:lambda:invoke"),
        ("s3 copy", "action:aws-sdk:s3:copyObject"),
        ("describe instances", "action:aws-sdk:ec2:describeInstances"),
        ("run task", "action:ecs:runTask.sync"),
        ("rekognition celebrities", "action:aws-sdk:rekognition:recognizeCelebrities"),
    ],
)
def test_actions_are_found_by_their_words(text: str, first: str) -> None:
    assert search(text)[0].id == first


def test_what_nobody_offers_is_not_found() -> None:
    assert search("no such thing at all") == search("  ") == ()
    with pytest.raises(KeyError):
        item("action:aws-sdk:s3:noSuchThing")


def test_an_action_of_the_models_has_its_required_fields() -> None:
    state = item("action:aws-sdk:ec2:attachVolume", "JSONata").fragment["States"]["AttachVolume"]
    assert state["Arguments"] == {"Device": "${Device}", "InstanceId": "${InstanceId}", "VolumeId": "${VolumeId}"}
    assert state["Resource"] == "arn:aws:states:::aws-sdk:ec2:attachVolume"


@pytest.mark.parametrize("query", ["a", "get", "create job", "sync", "aws-sdk:iot"])
def test_whatever_is_found_can_be_put_in(query: str) -> None:
    for language in LANGUAGES:
        for one in search(query):
            found = validate(item(one.id, language).fragment)
            assert [problem.message for problem in found if problem.severity == "error"] == [], one.id


@pytest.mark.parametrize("name", ["sqs", "sfn", "sts", "scheduler", "eventbridge", "cloudwatchlogs"])
def test_the_names_are_those_of_the_service_models(name: str) -> None:
    """A newer botocore may know more; what we offer, it has too, with the same required fields."""
    service = next(iter(installed([name])), None)
    if service is None:
        pytest.skip("botocore, whose service models these are, is not installed")
    known = next(one for one in known_services() if one.name == name)
    assert set(known.operations) <= set(service.operations), "python -m engine.services writes them anew"
