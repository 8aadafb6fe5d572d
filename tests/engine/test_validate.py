"""What the service reports about a definition. Tables in tests/cases/validate; the last tests are stories of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine import creation
from engine.problems import CATALOGUE, Problem
from engine.validate import creation_error, diagnostics, service_problems, text_problems, validate

CASES = Path(__file__).parent.parent / "cases" / "validate"


def table(name: str) -> list[Any]:
    cases = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=json.dumps(case)[:100]) for case in cases]


def definition_of(case: dict[str, Any]) -> Any:
    """The case's definition; `state` is the only one of a machine."""
    if "definition" in case:
        return case["definition"]
    machine: dict[str, Any] = {"StartAt": "S", "States": {"S": case["state"]}}
    return {"QueryLanguage": case["language"], **machine} if "language" in case else machine


def told(problems: tuple[Problem, ...]) -> list[str]:
    return [f"{problem.message} at {problem.at or 'null'}" for problem in problems if problem.severity == "error"]


@pytest.mark.parametrize("case", [*table("schema"), *table("tasks")])
def test_schema(case: dict[str, Any]) -> None:
    found = tuple(service_problems(definition_of(case), case.get("type", "STANDARD")))
    shape = tuple(problem for problem in found if not problem.code.startswith("MISSING_"))
    assert told(shape) == case["errors"]


@pytest.mark.parametrize("case", table("transitions"))
def test_transitions(case: dict[str, Any]) -> None:
    assert told(tuple(service_problems(case["definition"]))) == case["errors"]


@pytest.mark.parametrize("case", table("texts"))
def test_texts(case: dict[str, Any]) -> None:
    [problem] = text_problems(case["text"])
    location = case["location"]
    assert (problem.code, problem.at or None) == (case["code"], location)
    assert problem.message == case["message"].replace(" at L", f" at {location}")


def test_a_long_text_is_cut_in_the_location() -> None:
    [problem] = text_problems('{"a": "' + "x" * 600)
    assert problem.at.endswith("x" * 493 + '"[truncated 107 chars]; line: 1, column: 608]')


def test_what_follows_the_first_value_is_not_looked_at() -> None:
    assert text_problems('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}} and more') == ()


def test_diagnostics_have_the_form_of_the_call() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"b": "$.c"}, "Next": "A"}}}'
    missing = {"severity": "ERROR", "code": "MISSING_END_STATE", "message": "Workflow has no terminal state"}
    assert diagnostics(text) == {"result": "FAIL", "diagnostics": [missing], "truncated": False}
    answer = diagnostics(text, severity="WARNING")
    assert [entry["code"] for entry in answer["diagnostics"]] == ["MISSING_END_STATE", "PASS_RESULT_IS_STATIC"]
    assert diagnostics(text, severity="WARNING", max_results=1)["truncated"] is True


def test_warnings_alone_leave_the_result_ok() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Parameters": {"b": "$.c"}, "End": true}}}'
    answer = diagnostics(text, severity="WARNING")
    assert answer["result"] == "OK"
    assert [entry["location"] for entry in answer["diagnostics"]] == ["/States/A/Parameters/b"]


def test_creation_puts_all_diagnostics_into_one_pair_of_quotes() -> None:
    assert creation_error('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}}') == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next, "
        "MISSING_END_STATE: Workflow has no terminal state at null'"
    )
    assert creation_error('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}') is None


@pytest.mark.parametrize(
    ("label", "complaint"),
    [
        ("", "Label cannot be empty"),
        ("a b", "Label contains invalid character: ' '"),
        ("a/b", "Label contains invalid character: '/'"),
        ("a\x81", "Label contains invalid character: '\\x81'"),
        ("x" * 41, "Label cannot exceed 40 characters"),
        ("tray-1_é", None),
    ],
)
def test_labels(label: str, complaint: str | None) -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "A",
        "States": {"A": {"Type": "Succeed"}},
    }
    definition = {
        "StartAt": "M",
        "States": {"M": {"Type": "Map", "Label": label, "End": True, "ItemProcessor": processor}},
    }
    found = [problem for problem in service_problems(definition) if problem.code == "INVALID_LABEL_NAME"]
    assert [problem.message for problem in found] == ([complaint] if complaint else [])
    message = creation_error(json.dumps(definition))
    assert (message is None) == (complaint is None)
    if complaint:
        assert message == f"Error=ValueError Args={[complaint]!r} in definition '{json.dumps(definition)}'."


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        ({"name": "good-name", "definition": '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'}, None),
        ({"name": "bad name"}, ("InvalidName", "Invalid Name: 'bad name'")),
        (
            {"versionDescription": "first"},
            ("ValidationException", "Version description can only be set when publish is true"),
        ),
        ({"versionDescription": "first", "publish": True}, None),
        ({"loggingConfiguration": {"level": "OFF"}}, None),
        (
            {"loggingConfiguration": {"level": "ERROR", "destinations": []}},
            (
                "InvalidLoggingConfiguration",
                "Invalid Logging Configuration: Must specify exactly one Log Destination.",
            ),
        ),
        (
            {
                "loggingConfiguration": {
                    "level": "ALL",
                    "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "g2"}}],
                }
            },
            ("InvalidLoggingConfiguration", "Invalid Logging Configuration: Log Destination not found."),
        ),
        (
            {
                "loggingConfiguration": {
                    "level": "ALL",
                    "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": "g1"}}],
                }
            },
            None,
        ),
        (
            {"definition": "{}"},
            (
                "InvalidDefinition",
                "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: "
                "[States, StartAt] at /'",
            ),
        ),
    ],
)
def test_requests(request_: dict[str, Any], answer: tuple[str, str] | None) -> None:
    assert creation.refusal(request_, {"g1"}) == answer


def test_every_code_that_is_told_is_in_the_catalogue() -> None:
    for name in ("schema", "tasks", "transitions"):
        for case in json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["cases"]:
            for problem in validate(definition_of(case), workflow_type=case.get("type", "STANDARD")):
                assert CATALOGUE[problem.code].help


def test_anything_is_answered() -> None:
    for document in (
        None,
        5,
        "x",
        [],
        [{}],
        {"States": {"A": {"Type": ["Pass"]}}},
        {"StartAt": "A", "States": {"A": None}},
    ):
        assert any(problem.severity == "error" for problem in validate(document))


def deep(levels: int) -> dict[str, Any]:
    machine: dict[str, Any] = {"StartAt": "L", "States": {"L": {"Type": "Succeed"}}}
    for level in range(levels):
        name = f"P{level}"
        machine = {"StartAt": name, "States": {name: {"Type": "Parallel", "End": True, "Branches": [machine]}}}
    return machine


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    assert not any(problem.severity == "error" for problem in validate(deep(20)))
    assert any(problem.code == "TOO_DEEPLY_NESTED" for problem in validate(deep(120)))
