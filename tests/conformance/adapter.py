"""The project's answers in the form in which recorded cases ask for them. A translation, and nothing else."""

from __future__ import annotations

import json
from typing import Any

from engine import creation, source
from engine.expressions.jsonpath import InvalidPath, PathFailed, PathNotFound, compile_path
from engine.references import variable_references as references
from engine.validate import diagnostics, validate as problems_of

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
    """Whether a published definition is accepted, and what is wrong with it."""
    document = source.load(text)
    found = [*document.problems, *problems_of(document.value)]
    wrong = [f"{problem.code}: {problem.message} at {problem.at}" for problem in found if problem.severity == "error"]
    return {"accepted": not wrong, "problems": wrong, "status": None}
