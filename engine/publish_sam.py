"""A SAM template: the definition with its substitutions as parameters, and a policy of the least it needs.

SAM puts a definition into the template as an object, where a hole can only become a text. A workflow with a hole in the place
of a number is therefore written as plain CloudFormation within the same template: the definition as a text, with a role.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.policies import Statement, told
from engine.publish_asl import deployed, has_bare
from engine.publish_names import default_of, pascal, unique

if TYPE_CHECKING:
    from engine.publish import Order

_HOLE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_PSEUDO = "AWS::"


def template(order: Order) -> str:
    """The template as YAML."""
    from engine.writing import fresh

    name = pascal(order.name)
    parameters = unique(
        (hole.name for hole in order.holes if not hole.name.startswith(_PSEUDO)),
        pascal,
        (name, f"{name}Role", f"{name}Logs"),
    )
    plain = has_bare(order.document)
    lines = [
        'AWSTemplateFormatVersion: "2010-09-09"',
        "Transform: AWS::Serverless-2016-10-31",
        f"Description: {_quoted(order.name)}",
    ]
    if parameters:
        lines.append("Parameters:")
        for hole, parameter in parameters.items():
            default = default_of(order.known.get(hole))
            lines += [f"  {parameter}:", "    Type: String"]
            lines += [] if default is None else [f"    Default: {_quoted(default)}"]
    lines += ["Resources:", f"  {name}:"]
    if plain:
        lines += [
            "    Type: AWS::StepFunctions::StateMachine",
            "    Properties:",
            f"      StateMachineType: {order.workflow_type}",
            f"      RoleArn: !GetAtt {name}Role.Arn",
            "      DefinitionString: |-",
            *_indented(deployed(order.document), 8),
        ]
    else:
        lines += [
            "    Type: AWS::Serverless::StateMachine",
            "    Properties:",
            f"      Type: {order.workflow_type}",
            "      Definition:",
            *_indented(fresh(order.document, "yaml"), 8),
        ]
    if order.holes:
        lines.append("      DefinitionSubstitutions:")
        for one in order.holes:
            target = one.name if one.name.startswith(_PSEUDO) else parameters[one.name]
            lines.append(f"        {_quoted(one.name)}: !Ref {_quoted(target)}")
    lines += _watched(order, name, plain)
    if plain:
        lines += _role(order, name, parameters)
    elif order.statements:
        lines += ["      Policies:", '        - Version: "2012-10-17"', "          Statement:"]
        lines += [line for one in order.statements for line in _statement(one, parameters, 12)]
    if order.logs:
        lines += [f"  {name}Logs:", "    Type: AWS::Logs::LogGroup", "    Properties:", "      RetentionInDays: 14"]
        lines.append(f"      LogGroupName: !Sub {_quoted('/aws/vendedlogs/states/${AWS::StackName}-' + name)}")
    return "\n".join(lines) + "\n"


def _watched(order: Order, name: str, plain: bool) -> Iterator[str]:
    if order.logs:
        yield f"      {'LoggingConfiguration' if plain else 'Logging'}:"
        yield "        Level: ALL"
        yield "        IncludeExecutionData: true"
        yield "        Destinations:"
        yield "          - CloudWatchLogsLogGroup:"
        yield f"              LogGroupArn: !GetAtt {name}Logs.Arn"
    if order.traces:
        yield f"      {'TracingConfiguration' if plain else 'Tracing'}:"
        yield "        Enabled: true"


def _role(order: Order, name: str, parameters: Mapping[str, str]) -> Iterator[str]:
    yield f"  {name}Role:"
    yield "    Type: AWS::IAM::Role"
    yield "    Properties:"
    yield "      AssumeRolePolicyDocument:"
    yield '        Version: "2012-10-17"'
    yield "        Statement:"
    yield "          - Effect: Allow"
    yield "            Principal:"
    yield "              Service: states.amazonaws.com"
    yield "            Action: sts:AssumeRole"
    if order.statements:
        yield "      Policies:"
        yield "        - PolicyName: calls"
        yield "          PolicyDocument:"
        yield '            Version: "2012-10-17"'
        yield "            Statement:"
        for one in order.statements:
            yield from _statement(one, parameters, 14)


def _statement(one: Statement, parameters: Mapping[str, str], indent: int) -> Iterator[str]:
    blank = " " * indent
    for line in told(one):
        yield f"{blank}# {line}"
    yield f"{blank}- Effect: Allow"
    yield f"{blank}  Action:"
    for action in one.actions:
        yield f"{blank}    - {action}"
    yield f"{blank}  Resource:"
    for resource in one.resources:
        yield f"{blank}    - {_substituted(resource, parameters)}"
    if one.condition:
        yield f"{blank}  Condition:"
        for operator, pairs in one.condition.items():
            yield f"{blank}    {operator}:"
            for key, value in pairs.items():
                yield f"{blank}      {_quoted(key)}: {_substituted(value, parameters)}"


def _substituted(resource: str, parameters: Mapping[str, str]) -> str:
    """A resource with the template's own parameters and pseudo parameters in it."""

    def put(match: re.Match[str]) -> str:
        name = match.group(1)
        return f"${{{parameters.get(name, name)}}}"

    written = _HOLE.sub(put, resource)
    return f"!Sub {_quoted(written)}" if "${" in written else _quoted(written)


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _indented(block: str, by: int) -> list[str]:
    return [" " * by + line if line else "" for line in block.rstrip("\n").split("\n")]
