"""The words that completion offers: `tests/cases/vocabulary/paths.json`, and what a run adds to them."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from engine.expressions import jsonata_words
from engine.expressions.jsonata_functions import NAMES as ADDED
from engine.expressions.jsonpath import reference
from engine.fields import FIELDS
from engine.resources import resource_problems
from engine.vocabulary import ALL_PATHS, LANGUAGE, paths, recorded, seen, vocabulary
from tests.engine.test_runs import played

CASES = json.loads((Path(__file__).parent.parent / "cases" / "vocabulary" / "paths.json").read_text("utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_paths_into_a_value(case: dict[str, Any]) -> None:
    given = {"most": case["most"]} if "most" in case else {}
    assert list(paths(case["value"], **given)) == case["paths"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_path_leads_to_what_it_names(case: dict[str, Any]) -> None:
    for path in paths(case["value"]):
        value = case["value"]
        for step in reference.reference_steps(path):
            value = value[step]


def test_a_huge_value_takes_no_time() -> None:
    value: Any = {f"key {index}": index for index in range(300_000)}
    deep: Any = value
    for index in range(200):
        deep = {"wide": [deep] * 1000, "name" * 100: index}
    began = time.perf_counter()
    assert len(paths({"a": value, "b": deep})) == 300
    assert time.perf_counter() - began < 0.1


SHOP: dict[str, Any] = {
    "StartAt": "Price",
    "States": {
        "Price": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "InputPath": "$.order",
            "ResultSelector": {"sum.$": "$.Payload.sum"},
            "ResultPath": "$.price",
            "Assign": {"total.$": "$.Payload.sum"},
            "Next": "Each",
        },
        "Each": {
            "Type": "Map",
            "ItemsPath": "$.order.items",
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                "StartAt": "Pack",
                "States": {"Pack": {"Type": "Pass", "End": True}},
            },
            "ResultPath": None,
            "End": True,
        },
    },
}
ORDER = {"order": {"items": [{"sku": "a"}, {"sku": "b", "gift": True}]}}


def shop() -> Any:
    replies = {"Price": [{"output": {"Payload": {"sum": 12}, "StatusCode": 200}}]}
    return played({"definition": SHOP, "input": ORDER, "replies": replies})


def test_what_each_state_was_given_last() -> None:
    inputs = seen(shop())
    assert inputs["/States/Price"] == ORDER
    assert inputs["/States/Each"] == {**ORDER, "price": {"sum": 12}}
    assert inputs["/States/Each/ItemProcessor/States/Pack"] == {"sku": "b", "gift": True}


def test_the_data_at_each_stage() -> None:
    price = recorded(shop())["/States/Price"]
    assert price["input"] == ORDER["order"]
    assert price["result"] == {"Payload": {"sum": 12}, "StatusCode": 200}
    assert price["selected"] == {"sum": 12}
    assert price["merged"] == price["output"] == {**ORDER, "price": {"sum": 12}}


def test_what_was_caught() -> None:
    definition = {
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Done"}],
                "End": True,
            },
            "Done": {"Type": "Succeed"},
        },
    }
    trace = played({"definition": definition, "replies": {"Call": [{"error": "Lost", "cause": "no line"}]}})
    assert recorded(trace)["/States/Call"]["error"] == {"Error": "Lost", "Cause": "no line"}


def test_words_of_a_document_and_its_run() -> None:
    words = vocabulary(SHOP, shop())
    assert words["states"] == {"": ["Price", "Each"], "/States/Each/ItemProcessor": ["Pack"]}
    shapes, data = words["shapes"], words["data"]
    assert shapes[data["/States/Price"]["result"]] == ["$", "$.Payload", "$.StatusCode", "$.Payload.sum"]
    assert shapes[words["variables"]["total"]] == ["$"]
    assert "Lambda.TooManyRequestsException" in words["errors"]["of"]["arn:aws:states:::lambda:invoke"]
    assert json.loads(json.dumps(words)) == words


def test_a_state_drawn_since_the_run_is_offered_what_the_one_before_it_gave() -> None:
    more = {
        **SHOP["States"],
        "Each": {**SHOP["States"]["Each"], "Next": "Ship"},
        "Ship": {"Type": "Pass", "Next": "Bill"},
    }
    del more["Each"]["End"]
    words = vocabulary({**SHOP, "States": {**more, "Bill": {"Type": "Pass", "End": True}}}, shop())
    for name in ("Ship", "Bill"):
        assert "$.price.sum" in words["shapes"][words["data"][f"/States/{name}"]["raw"]]


@pytest.mark.parametrize(
    "document", [None, 3, [], {}, {"States": []}, {"States": {"A": None, "B": {"Next": 3, "Catch": "x"}}}]
)
def test_words_for_what_is_no_definition(document: Any) -> None:
    words = vocabulary(document, None)
    assert words["fields"] and words["data"] == {} and words["shapes"] == []


def test_a_thousand_states_stay_small() -> None:
    names = [f"Step {index}" for index in range(1000)]
    states: dict[str, Any] = {
        name: {
            "Type": "Pass",
            "Result": {f"value {index}": index},
            "ResultPath": f"$.part{index % 50}",
            "Next": following,
        }
        for index, (name, following) in enumerate(zip(names, [*names[1:], "End"], strict=True))
    }
    definition = {"StartAt": names[0], "States": {**states, "End": {"Type": "Succeed"}}}
    words = vocabulary(definition, played({"definition": definition, "input": {}}))
    assert len(words["data"]) == 1001
    assert len(json.dumps(words["shapes"])) < 40 * ALL_PATHS


def test_every_field_has_its_row() -> None:
    assert [row["name"] for row in LANGUAGE["fields"]] == [field.name for field in FIELDS]
    by_name = {(row["name"], *row["on"]): row for row in LANGUAGE["fields"]}
    assert by_name["End", "Task", "Pass", "Wait", "Parallel", "Map"]["either_with"] == ["Next"]


def test_every_resource_offered_is_one_that_the_service_takes() -> None:
    for arn in vocabulary({}, None)["resources"]:
        assert arn.endswith("aws-sdk:") or not list(resource_problems(arn, "/", "STANDARD")), arn


def test_every_function_offered_is_one_that_runs() -> None:
    names = [name for name, _, _ in jsonata_words.FUNCTIONS]
    assert len(names) == len(set(names)) and set(names) >= ADDED
    output = {name: f"{{% $type(${name}) %}}" for name in names if name not in ADDED}
    definition = {
        "QueryLanguage": "JSONata",
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Output": output, "End": True}},
    }
    assert played({"definition": definition}).output == dict.fromkeys(output, "function")
