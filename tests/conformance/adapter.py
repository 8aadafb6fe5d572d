"""The project's answers in the form in which recorded cases ask for them. A translation, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from engine import creation, source, teststate
from engine.connectors.generated import generated
from engine.execution import run
from engine.expressions.jsonpath import InvalidPath, PathFailed, PathNotFound, compile_path
from engine.parse import parse
from engine.references import variable_references as references
from engine.validate import diagnostics
from engine.validate import validate as problems_of
from engine.world import World
from tests.conformance.playing import execution

__all__ = ["corpus", "create_error", "execution", "jsonpath", "test_state", "validate", "variable_references"]

Case = dict[str, Any]


def validate(case: Case) -> dict[str, Any]:
    """`ValidateStateMachineDefinition`."""
    request = case.get("request") or {}
    return diagnostics(
        case["definition_text"],
        case.get("workflow_type") or "STANDARD",
        severity=request.get("severity", "ERROR"),
        max_results=request.get("maxResults", 0),
    )


def create_error(case: Case) -> dict[str, Any]:
    """The refusal of `CreateStateMachine`: as its response, or as a client library prints the exception.

    Which of the two was recorded is said by the record's name, the last part of the id.
    """
    request = dict(case.get("request") or {})
    request.setdefault("type", case.get("workflow_type") or "STANDARD")
    if case.get("definition_text") is not None:
        request["definition"] = case["definition_text"]
    refused = creation.refusal(request)
    if refused is None:
        return {}
    if not case["id"].rpartition("#")[2].startswith("exception"):
        return {"error": refused.error, "message": refused.message}
    operation = "".join(word.title() for word in case["operation"].split("_"))
    return {
        "exception": refused.error,
        "message": f"An error occurred ({refused.error}) when calling the {operation} operation: {refused.message}",
    }


def variable_references(case: Case) -> dict[str, Any]:
    """`variableReferences` of `DescribeStateMachine`."""
    return {"variableReferences": references(case["definition"])}


def test_state(case: Case) -> dict[str, Any]:
    """The response of `TestState`, or the exception that the API throws."""
    try:
        return teststate.test_state(case["request_raw"])
    except teststate.Refused as refused:
        return {"error": refused.name, "message": refused.message}


def jsonpath(selector: str, document: str) -> dict[str, Any]:
    """A query with the words of Jayway JsonPath."""
    try:
        return {"outcome": "ok", "result": compile_path(selector).read(json.loads(document))}
    except InvalidPath as wrong:
        return {"outcome": "invalid_path", "message": wrong.message}
    except PathNotFound as missing:
        return {"outcome": "not_found", "message": missing.message}
    except PathFailed as failed:
        return {"outcome": "error", "message": failed.message}


def corpus(text: str) -> dict[str, Any]:
    """Whether a published definition is accepted, what is wrong with it, and how a run with made-up replies ends."""
    document = source.load(text)
    found = [*document.problems, *problems_of(document.value)]
    wrong = [f"{problem.code}: {problem.message} at {problem.at}" for problem in found if problem.severity == "error"]
    machine, _ = parse(document.value)
    if wrong or machine is None:
        return {"accepted": False, "problems": wrong, "status": None}
    world = World(connector=generated(document.value), record="outcome")
    return {"accepted": True, "problems": [], "status": run(machine, {}, world).status}
