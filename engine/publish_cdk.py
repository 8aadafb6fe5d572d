"""A CDK stack in Python or TypeScript that reads the definition from the file beside it.

The holes are inputs of the stack and go in as definition substitutions; the statements are added to the role that the CDK
makes. Logs and traces are options of the construct, which allows them by itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from engine.policies import Statement, told
from engine.publish_names import camel, default_of, file_name, pascal, snake, unique

if TYPE_CHECKING:
    from engine.publish import Order

_HOLE = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
_PSEUDO = {
    "AWS::Region": "region",
    "AWS::AccountId": "account",
    "AWS::Partition": "partition",
    "AWS::StackName": "stackName",
}


def python(order: Order) -> str:
    """The stack in Python."""
    inputs = unique(
        (hole.name for hole in order.holes if hole.name not in _PSEUDO), snake, ("self", "scope", "id", "kwargs")
    )
    own = {name: f"self.{snake(attribute)}" for name, attribute in _PSEUDO.items()}
    references = {**own, **inputs}
    stack = f"{pascal(order.name)}Stack"
    parameters = [_parameter(name, default_of(order.known.get(hole))) for hole, name in inputs.items()]
    keywords = f"*, {', '.join(parameters)}, " if parameters else ""
    lines = [
        "from pathlib import Path",
        "",
        "import aws_cdk as cdk",
        *(["from aws_cdk import aws_iam as iam"] if order.statements else []),
        *(["from aws_cdk import aws_logs as logs"] if order.logs else []),
        "from aws_cdk import aws_stepfunctions as sfn",
        "from constructs import Construct",
        "",
        "",
        f"class {stack}(cdk.Stack):",
        f"    def __init__(self, scope: Construct, id: str, {keywords}**kwargs):",
        "        super().__init__(scope, id, **kwargs)",
        "        machine = sfn.StateMachine(",
        "            self,",
        f"            {json.dumps(pascal(order.name))},",
        f"            state_machine_type=sfn.StateMachineType.{order.workflow_type},",
        "            definition_body=sfn.DefinitionBody.from_file(",
        f'                str(Path(__file__).with_name("{file_name(order.name)}.asl.json"))',
        "            ),",
    ]
    if order.holes:
        lines.append("            definition_substitutions={")
        lines += [f"                {json.dumps(hole.name)}: {references[hole.name]}," for hole in order.holes]
        lines.append("            },")
    if order.logs:
        lines += [
            "            logs=sfn.LogOptions(",
            '                destination=logs.LogGroup(self, "Logs", retention=logs.RetentionDays.TWO_WEEKS),',
            "                level=sfn.LogLevel.ALL,",
            "                include_execution_data=True,",
            "            ),",
        ]
    lines += ["            tracing_enabled=True,"] if order.traces else []
    lines.append("        )")
    for one in order.statements:
        lines += _python_statement(one, references)
    return "\n".join(lines) + "\n"


def _parameter(name: str, default: str | None) -> str:
    return f"{name}: str" if default is None else f"{name}: str = {json.dumps(default)}"


def _python_statement(one: Statement, references: Mapping[str, str]) -> Iterator[str]:
    for line in told(one):
        yield f"        # {line}"
    yield "        machine.add_to_role_policy("
    yield "            iam.PolicyStatement("
    yield f"                actions=[{', '.join(map(json.dumps, one.actions))}],"
    yield "                resources=["
    for resource in one.resources:
        yield f"                    {_python_text(resource, references)},"
    yield "                ],"
    if one.condition:
        yield "                conditions={"
        for operator, pairs in one.condition.items():
            inner = ", ".join(f"{json.dumps(key)}: {_python_text(value, references)}" for key, value in pairs.items())
            yield f"                    {json.dumps(operator)}: {{{inner}}},"
        yield "                },"
    yield "            )"
    yield "        )"


def _python_text(value: str, references: Mapping[str, str]) -> str:
    """A text, formatted where there is something to put in."""
    if not _HOLE.search(value):
        return json.dumps(value, ensure_ascii=False)
    parts: list[str] = []
    end = 0
    for match in _HOLE.finditer(value):
        literal = json.dumps(value[end : match.start()], ensure_ascii=False)[1:-1]
        parts += [
            literal.replace("{", "{{").replace("}", "}}"),
            "{",
            references.get(match.group(1), repr(match.group())),
            "}",
        ]
        end = match.end()
    last = json.dumps(value[end:], ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")
    return f'f"{"".join(parts)}{last}"'


def typescript(order: Order) -> str:
    """The stack in TypeScript."""
    inputs = unique((hole.name for hole in order.holes if hole.name not in _PSEUDO), camel)
    references = {
        **{name: f"this.{attribute}" for name, attribute in _PSEUDO.items()},
        **{hole: f"props.{name}" for hole, name in inputs.items()},
    }
    stack = f"{pascal(order.name)}Stack"
    lines = [
        'import * as path from "path";',
        'import * as cdk from "aws-cdk-lib";',
        *(['import * as iam from "aws-cdk-lib/aws-iam";'] if order.statements else []),
        *(['import * as logs from "aws-cdk-lib/aws-logs";'] if order.logs else []),
        'import * as sfn from "aws-cdk-lib/aws-stepfunctions";',
        'import { Construct } from "constructs";',
        "",
        f"export interface {stack}Props extends cdk.StackProps {{",
        *(f"  readonly {name}: string;" for name in inputs.values()),
        "}",
        "",
        f"export class {stack} extends cdk.Stack {{",
        f"  constructor(scope: Construct, id: string, props: {stack}Props{'' if inputs else ' = {}'}) {{",
        "    super(scope, id, props);",
        f"    const machine = new sfn.StateMachine(this, {json.dumps(pascal(order.name))}, {{",
        f"      stateMachineType: sfn.StateMachineType.{order.workflow_type},",
        f'      definitionBody: sfn.DefinitionBody.fromFile(path.join(__dirname, "{file_name(order.name)}.asl.json")),',
    ]
    if order.holes:
        lines.append("      definitionSubstitutions: {")
        lines += [f"        {json.dumps(hole.name)}: {references[hole.name]}," for hole in order.holes]
        lines.append("      },")
    if order.logs:
        lines += [
            "      logs: {",
            '        destination: new logs.LogGroup(this, "Logs", { retention: logs.RetentionDays.TWO_WEEKS }),',
            "        level: sfn.LogLevel.ALL,",
            "        includeExecutionData: true,",
            "      },",
        ]
    lines += ["      tracingEnabled: true,"] if order.traces else []
    lines.append("    });")
    for one in order.statements:
        lines += _typescript_statement(one, references)
    if not order.statements:
        lines.append('    new cdk.CfnOutput(this, "Arn", { value: machine.stateMachineArn });')
    return "\n".join([*lines, "  }", "}"]) + "\n"


def _typescript_statement(one: Statement, references: Mapping[str, str]) -> Iterator[str]:
    for line in told(one):
        yield f"    // {line}"
    yield "    machine.addToRolePolicy("
    yield "      new iam.PolicyStatement({"
    yield f"        actions: [{', '.join(map(json.dumps, one.actions))}],"
    yield "        resources: ["
    for resource in one.resources:
        yield f"          {_typescript_text(resource, references)},"
    yield "        ],"
    if one.condition:
        yield "        conditions: {"
        for operator, pairs in one.condition.items():
            inner = ", ".join(
                f"{json.dumps(key)}: {_typescript_text(value, references)}" for key, value in pairs.items()
            )
            yield f"          {operator}: {{ {inner} }},"
        yield "        },"
    yield "      }),"
    yield "    );"


def _typescript_text(value: str, references: Mapping[str, str]) -> str:
    """A text; a template literal where there is something to put in."""
    if not _HOLE.search(value):
        return json.dumps(value, ensure_ascii=False)
    parts: list[str] = []
    end = 0
    for match in _HOLE.finditer(value):
        parts.append(_template_literal(value[end : match.start()]))
        reference = references.get(match.group(1))
        parts.append(_template_literal(match.group()) if reference is None else "${" + reference + "}")
        end = match.end()
    return "`" + "".join([*parts, _template_literal(value[end:])]) + "`"


def _template_literal(text_: str) -> str:
    return json.dumps(text_, ensure_ascii=False)[1:-1].replace('\\"', '"').replace("`", "\\`").replace("${", "\\${")
