"""Everything that is wrong with a definition: the service's diagnostics first, then our own rules.

`validate` takes a document and is for people: it never stops at the first mistake. `diagnostics` and `creation_error` take
a text, as the service's calls do, and answer in its form: `ValidateStateMachineDefinition` and the `InvalidDefinition` of
`CreateStateMachine`. Neither raises for anything that may stand in a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from engine import jsontext, jsonwords
from engine.kinds import label_complaint
from engine.lint import lint
from engine.outline import machine_language, spots, too_deep
from engine.oversights import oversights
from engine.problems import SCHEMA, Problem
from engine.schema import schema_problems
from engine.transitions import transition_problems
from engine.values import Json

NOT_AN_OBJECT = "Definition must be a valid JSON object"


def validate(document: Json, *, workflow_type: str = "STANDARD") -> tuple[Problem, ...]:
    """All problems of a document: AWS's errors and warnings, then our rules (codes with a dash)."""
    errors = tuple(service_problems(document, workflow_type))
    if not isinstance(document, dict) or too_deep(document):
        return errors
    return (*errors, *lint(document, errors, workflow_type))


def service_problems(document: Json, workflow_type: str = "STANDARD") -> Iterator[Problem]:
    """What the service itself reports, in its order: the schema, then transitions and names, then its warnings."""
    if not isinstance(document, dict):
        yield Problem(SCHEMA, "", NOT_AN_OBJECT)
        return
    if too_deep(document):
        yield Problem("TOO_DEEPLY_NESTED", "", "The states are too deeply nested")
        return
    yield from schema_problems(document, machine_language(document), workflow_type)
    yield from transition_problems(document)
    yield from oversights(document)


def text_problems(text: str, workflow_type: str = "STANDARD") -> tuple[Problem, ...]:
    """What the service reports for a text: a text that is no JSON gives the one problem that its JSON parser has with it.

    What follows after the first JSON value is not looked at.
    """
    if not text.strip():
        return (Problem(SCHEMA, "", NOT_AN_OBJECT),)
    try:
        document, _ = json.JSONDecoder(parse_constant=_refuse).raw_decode(text.lstrip(" \t\r\n"))
    except (ValueError, RecursionError):
        broken = jsontext.mistake(text)
        if broken is None:
            return (Problem(SCHEMA, "", NOT_AN_OBJECT),)
        message, location = jsonwords.jackson(text, broken)
        return (Problem("INVALID_JSON_DESCRIPTION", location, message),)
    return tuple(service_problems(document, workflow_type))


def diagnostics(
    text: str, workflow_type: str = "STANDARD", *, severity: str = "ERROR", max_results: int = 0
) -> dict[str, Any]:
    """The answer of `ValidateStateMachineDefinition`: `{"result", "diagnostics", "truncated"}`.

    `severity` is the lowest that is reported, `max_results` 0 means 100. Warnings leave the result OK.
    """
    found = [
        problem
        for problem in text_problems(text, workflow_type)
        if "-" not in problem.code and (problem.severity == "error" or severity == "WARNING")
    ]
    most = max_results or 100
    told = []
    for problem in found[:most]:
        entry = {"severity": problem.severity.upper(), "code": problem.code, "message": problem.message}
        if problem.at:
            entry["location"] = problem.at
        told.append(entry)
    failed = any(problem.severity == "error" for problem in found)
    return {"result": "FAIL" if failed else "OK", "diagnostics": told, "truncated": len(found) > most}


def creation_error(text: str, workflow_type: str = "STANDARD") -> str | None:
    """The message of the `InvalidDefinition` that `CreateStateMachine` answers, None when it accepts the definition.

    Several diagnostics stand in one pair of quotes, a diagnostic without a place ends in `at null`. The only recordings of
    a bad Label have a form of their own, with the definition inside; they are followed here.
    """
    label = _label_error(text)
    if label:
        return label
    errors = [problem for problem in text_problems(text, workflow_type) if problem.severity == "error"]
    if not errors:
        return None
    told = ", ".join(f"{problem.code}: {problem.message} at {problem.at or 'null'}" for problem in errors)
    return f"Invalid State Machine Definition: '{told}'"


def _label_error(text: str) -> str:
    try:
        document: Mapping[str, Json] = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    for spot in spots({} if too_deep(document) else document):
        label = spot.source.get("Label")
        complaint = label_complaint(label) if isinstance(label, str) else ""
        if complaint:
            return f"Error=ValueError Args={[complaint]!r} in definition '{text}'."
    return ""


def _refuse(constant: str) -> Json:
    raise ValueError(constant)
