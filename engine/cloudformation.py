"""Definitions inside templates: CloudFormation and SAM resources, and the Serverless Framework's plugin.

What a template leaves open until it is deployed (`!Ref`, `!GetAtt`, `Fn::Join` …) becomes text with `${…}` in it, which is
tolerated everywhere. Templates may hold several machines; each has a name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.pointer import under
from engine.values import Json

Kind = Literal["cloudformation", "sam", "serverless"]
_TYPES: dict[str, Kind] = {
    "AWS::StepFunctions::StateMachine": "cloudformation",
    "AWS::Serverless::StateMachine": "sam",
}
_BODIES = ("Definition", "DefinitionBody", "DefinitionString", "DefinitionUri", "DefinitionS3Location")


@dataclass(frozen=True, slots=True)
class Found:
    """One machine of a template: `body` is an object, or a text that holds the definition."""

    name: str
    kind: Kind
    body: Json
    at: str
    """Pointer of the body in the template."""
    elsewhere: bool = False
    """The template only says where the definition is: `body` is that place."""
    workflow_type: str = "STANDARD"
    substitutions: Mapping[str, Json] = field(default_factory=dict)
    """What the template itself puts in for `${…}`: DefinitionSubstitutions, and the variables of an Fn::Sub."""


def machines(template: Json) -> Iterator[Found]:
    """The machines of a template, in its order; none when the value is no template."""
    if not isinstance(template, dict):
        return
    resources = template.get("Resources")
    for name, resource in resources.items() if isinstance(resources, dict) else ():
        kind = _TYPES.get(str(resource.get("Type"))) if isinstance(resource, dict) else None
        properties = resource.get("Properties") if kind else None
        if kind is None or not isinstance(properties, dict):
            continue
        workflow_type = str(properties.get("StateMachineType", properties.get("Type", "STANDARD")))
        for body in _BODIES:
            if body in properties:
                at = under("", ["Resources", name, "Properties", body])
                away = body in ("DefinitionUri", "DefinitionS3Location")
                known = {**_variables(properties[body]), **_texts(properties.get("DefinitionSubstitutions"))}
                yield Found(str(name), kind, flat(properties[body]), at, away, workflow_type, known)
                break
    plugin = template.get("stepFunctions")
    listed = plugin.get("stateMachines") if isinstance(plugin, dict) else None
    for name, machine in listed.items() if isinstance(listed, dict) else ():
        if isinstance(machine, dict) and "definition" in machine:
            at = under("", ["stepFunctions", "stateMachines", name, "definition"])
            workflow_type = str(machine.get("type", "STANDARD"))
            body = machine["definition"]
            yield Found(str(name), "serverless", flat(body), at, False, workflow_type, _variables(body))


def _texts(given: Json) -> dict[str, Json]:
    return {str(name): flat(value) for name, value in given.items()} if isinstance(given, dict) else {}


def _variables(body: Json) -> dict[str, Json]:
    """The variables that an `Fn::Sub` around a definition brings along."""
    given = body.get("Fn::Sub") if isinstance(body, dict) else None
    return _texts(given[1]) if isinstance(given, list) and len(given) == 2 else {}


def flat(value: Json) -> Json:
    """The value with every intrinsic function of a template replaced by text with `${…}`."""
    if isinstance(value, dict):
        if len(value) == 1:
            text = _intrinsic(*next(iter(value.items())))
            if text is not None:
                return text
        return {name: flat(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [flat(inner) for inner in value]
    return value


def _intrinsic(name: str, given: Json) -> str | None:
    if name == "Ref" and isinstance(given, str):
        return f"${{{given}}}"
    if not name.startswith("Fn::"):
        return None
    match name, given:
        case "Fn::GetAtt", str():
            return f"${{{given}}}"
        case "Fn::GetAtt", [*parts]:
            return "${" + ".".join(map(str, parts)) + "}"
        case ("Fn::Sub", str(text)) | ("Fn::Sub", [str(text), *_]):
            return text.replace("${!", "${")
        case "Fn::Join", [str(between), [*parts]]:
            return between.join(str(flat(part)) for part in parts)
    return f"${{{name}}}"
