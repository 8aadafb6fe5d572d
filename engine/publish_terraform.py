"""A Terraform configuration: the state machine with its definition as a heredoc, its role, and its holes as variables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.policies import Statement, told
from engine.publish_asl import deployed
from engine.publish_names import default_of, file_name, snake, unique
from engine.substitutions import HOLE

if TYPE_CHECKING:
    from engine.publish import Order

_HOLE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_OWN = re.compile(r"(?:var|local|data|module|each|path|aws_\w+)\.[\w.\[\]\"*-]+")
"""A hole that is a reference of Terraform already."""
_PSEUDO = {
    "AWS::Region": "data.aws_region.current.id",
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
    "AWS::Partition": "data.aws_partition.current.partition",
}


def configuration(order: Order) -> str:
    """The configuration as HCL."""
    name = snake(order.name)
    references = {**_PSEUDO, **{hole.name: hole.name for hole in order.holes if _OWN.fullmatch(hole.name)}}
    variables = unique((hole.name for hole in order.holes if hole.name not in references), snake)
    references |= {hole: f"var.{variable}" for hole, variable in variables.items()}
    declared = {hole.name.split(".")[1]: None for hole in order.holes if re.fullmatch(r"var\.[\w-]+", hole.name)}
    lines: list[str] = []
    for variable, default in {
        **declared,
        **{name: default_of(order.known.get(hole)) for hole, name in variables.items()},
    }.items():
        preset = [] if default is None else [f"  default = {_quoted(default, {})}"]
        lines += [f'variable "{variable}" {{', "  type = string", *preset, "}", ""]
    definition = deployed(order.document, lambda hole: "${" + references.get(hole, hole) + "}")
    body = [
        f'resource "aws_sfn_state_machine" "{name}" {{',
        f'  name     = "{file_name(order.name)}"',
        f"  role_arn = aws_iam_role.{name}.arn",
        f'  type     = "{order.workflow_type}"',
        "",
        *_watched(order, name),
        "  definition = <<ASL",
        _heredoc(definition).rstrip("\n"),
        "ASL",
        "}",
    ]
    role = _role(order, name, references)
    whole = "\n".join([*role, "", *body])
    for source in ("aws_region", "aws_caller_identity", "aws_partition"):
        if f"data.{source}.current" in whole:
            lines += [f'data "{source}" "current" {{}}', ""]
    if order.logs:
        lines += [
            f'resource "aws_cloudwatch_log_group" "{name}" {{',
            f'  name              = "/aws/vendedlogs/states/{file_name(order.name)}"',
            "  retention_in_days = 14",
            "}",
            "",
        ]
    return "\n".join([*lines, whole]) + "\n"


def _heredoc(definition: str) -> str:
    """`%{` begins a directive, and `${` that is no hole an expression: both are doubled."""
    kept = definition.replace("%{", "%%{")
    return re.sub(r"\$\{", lambda match: match.group() if HOLE.match(kept, match.start()) else "$${", kept)


def _watched(order: Order, name: str) -> list[str]:
    lines: list[str] = []
    if order.logs:
        lines += [
            "  logging_configuration {",
            f'    log_destination        = "${{aws_cloudwatch_log_group.{name}.arn}}:*"',
            "    include_execution_data = true",
            '    level                  = "ALL"',
            "  }",
            "",
        ]
    if order.traces:
        lines += ["  tracing_configuration {", "    enabled = true", "  }", ""]
    return lines


def _role(order: Order, name: str, references: Mapping[str, str]) -> list[str]:
    lines = [
        f'resource "aws_iam_role" "{name}" {{',
        f'  name = "{file_name(order.name)}"',
        "  assume_role_policy = jsonencode({",
        '    Version = "2012-10-17"',
        "    Statement = [{",
        '      Effect    = "Allow"',
        '      Principal = { Service = "states.amazonaws.com" }',
        '      Action    = "sts:AssumeRole"',
        "    }]",
        "  })",
        "}",
    ]
    if order.statements:
        lines += [
            "",
            f'resource "aws_iam_role_policy" "{name}" {{',
            '  name = "calls"',
            f"  role = aws_iam_role.{name}.id",
            "  policy = jsonencode({",
            '    Version = "2012-10-17"',
            "    Statement = [",
            *(line for one in order.statements for line in _statement(one, references)),
            "    ]",
            "  })",
            "}",
        ]
    return lines


def _statement(one: Statement, references: Mapping[str, str]) -> Iterator[str]:
    for line in told(one):
        yield f"      # {line}"
    yield "      {"
    yield '        Effect = "Allow"'
    yield f"        Action = [{', '.join(_quoted(action, {}) for action in one.actions)}]"
    yield "        Resource = ["
    for resource in one.resources:
        yield f"          {_quoted(resource, references)},"
    yield "        ]"
    if one.condition:
        yield "        Condition = {"
        for operator, pairs in one.condition.items():
            yield f"          {operator} = {{"
            for key, value in pairs.items():
                yield f"            {_quoted(key, {})} = {_quoted(value, references)}"
            yield "          }"
        yield "        }"
    yield "      },"


def _quoted(value: str, references: Mapping[str, str]) -> str:
    """A text of HCL, with the configuration's own references in the place of holes."""
    parts: list[str] = []
    end = 0
    for match in _HOLE.finditer(value):
        parts += [_escaped(value[end : match.start()]), "${", references.get(match.group(1), match.group(1)), "}"]
        end = match.end()
    return '"' + "".join([*parts, _escaped(value[end:])]) + '"'


def _escaped(literal: str) -> str:
    return json.dumps(literal, ensure_ascii=False)[1:-1].replace("${", "$${").replace("%{", "%%{")
