"""Workflows as templates: what is written is read again, and is the same workflow."""

from __future__ import annotations

import ast
import json
import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from engine.policies import statements
from engine.publish import FORMATS, PublishProblem, publish
from engine.publish_names import camel, file_name, pascal, snake, unique
from engine.source import load
from engine.substitutions import holes, substituted
from engine.values import same
from engine.yamltext import read as read_yaml
from tests.golden import EXAMPLES

NASTY = 'Say "hi" to \\ `x` \' %{ if } # : - {} ${} <b> ñ \n\t$$.x {% $a & "b" %}'
BAKERY: dict[str, Any] = {
    "Comment": NASTY,
    "StartAt": "Rest",
    "TimeoutSeconds": "${Limit}",
    "States": {
        "Rest": {"Type": "Wait", "Seconds": "${Rest}", "Next": "Bake: now?"},
        "Bake: now?": {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {
                "FunctionName": "${BakerArn}",
                "Payload.$": "$",
                "said": NASTY,
                "on": "yes",
                "at": "2031-01-01",
            },
            "Next": "Tell",
        },
        "Tell": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/bread"},
            "End": True,
        },
    },
}
QUOTED = json.loads(json.dumps(BAKERY).replace('"${Limit}"', "60").replace('"${Rest}"', "5"))


def examples() -> list[Any]:
    return [
        pytest.param(load(path.read_text("utf-8")).value, id=path.parent.name)
        for path in sorted(EXAMPLES.glob("*/workflow.asl.json"))
    ]


WORKFLOWS = [pytest.param(BAKERY, id="numbers to fill"), pytest.param(QUOTED, id="texts to fill"), *examples()]


def published(document: Any, to: str, **how: Any) -> str:
    return publish(document, to, name="Daily bread", **how)[0].text


@pytest.mark.parametrize("document", WORKFLOWS)
@pytest.mark.parametrize("to", ["json", "yaml"])
def test_asl_in_the_other_notation_is_the_same_workflow(document: Any, to: str) -> None:
    (file,) = publish(document, to, name="Daily bread")
    assert file.name == f"daily-bread.asl.{to}"
    assert same(load(file.text, path=file.name).value, document)


@pytest.mark.parametrize("document", WORKFLOWS)
@pytest.mark.parametrize("kind", ["STANDARD", "EXPRESS"])
def test_a_sam_template_holds_the_same_workflow(document: Any, kind: str) -> None:
    opened = load(published(document, "sam", workflow_type=kind, logs=True, traces=True), path="template.yaml")
    assert not opened.problems
    assert same(opened.value, document)
    assert (opened.name, opened.workflow_type) == ("DailyBread", kind)
    assert opened.substitutions.keys() == {hole.name for hole in holes(document)}


@pytest.mark.parametrize("document", WORKFLOWS)
def test_a_terraform_configuration_holds_the_same_workflow(document: Any) -> None:
    """Its holes are variables there; with those put back it is the same."""
    text = published(document, "terraform", logs=True, traces=True)
    opened = load(text, path="main.tf")
    assert opened.name == "daily_bread"
    own = {hole.name: hole.name for hole in holes(opened.value)}
    names = {snake(hole.name): hole.name for hole in holes(document)}
    back = {
        **{f"var.{variable}": f"${{{hole}}}" for variable, hole in names.items()},
        "data.aws_region.current.id": "${AWS::Region}",
        "data.aws_caller_identity.current.account_id": "${AWS::AccountId}",
    }
    assert own.keys() <= back.keys()
    assert same(substituted(opened.value, back), document)
    declared = set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))
    assert {name.removeprefix("var.") for name in own if name.startswith("var.")} <= declared


@pytest.mark.parametrize("document", WORKFLOWS)
def test_a_cdk_stack_asks_for_the_holes_and_allows_what_is_needed(
    document: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python stack is run with a construct library that only writes down what it is given."""
    stack, definition = publish(document, "cdk-python", name="Daily bread")
    assert same(load(definition.text, path=definition.name).value, document)
    told = _synthesised(
        stack.text, [hole for hole in holes(document) if not hole.name.startswith("AWS::")], monkeypatch
    )
    assert told["file"] == definition.name
    assert told["substitutions"].keys() == {hole.name for hole in holes(document)}
    pseudo = {"AWS::Partition": "p", "AWS::Region": "r", "AWS::AccountId": "a"}
    expected = [
        (list(one.actions), [substituted(resource, {**told["substitutions"], **pseudo}) for resource in one.resources])
        for one in statements(document)
    ]
    assert told["statements"] == expected


def _synthesised(text: str, asked: list[Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    told: dict[str, Any] = {"statements": [], "substitutions": {}}

    class Stack:
        partition, region, account = "p", "r", "a"

        def __init__(self, scope: Any, id: str, **more: Any) -> None:
            assert more == {}

    class Machine:
        def __init__(self, scope: Any, id: str, **given: Any) -> None:
            told["substitutions"] = given.get("definition_substitutions", {})
            told["file"] = Path(given["definition_body"]).name

        def add_to_role_policy(self, statement: Any) -> None:
            told["statements"].append((statement["actions"], statement["resources"]))

    fake = {
        "aws_cdk": types.SimpleNamespace(Stack=Stack),
        "aws_cdk.aws_iam": types.SimpleNamespace(PolicyStatement=lambda **given: given),
        "aws_cdk.aws_stepfunctions": types.SimpleNamespace(
            StateMachine=Machine,
            StateMachineType=types.SimpleNamespace(STANDARD=1, EXPRESS=2),
            DefinitionBody=types.SimpleNamespace(from_file=lambda path: path),
        ),
        "constructs": types.SimpleNamespace(Construct=object),
    }
    fake["aws_cdk"].aws_iam = fake["aws_cdk.aws_iam"]
    fake["aws_cdk"].aws_stepfunctions = fake["aws_cdk.aws_stepfunctions"]
    for name, module in fake.items():
        monkeypatch.setitem(sys.modules, name, module)
    scope: dict[str, Any] = {"__file__": "/stack.py"}
    exec(compile(ast.parse(text), "stack.py", "exec"), scope)
    names = unique((hole.name for hole in asked), snake, ("self", "scope", "id", "kwargs"))
    scope["DailyBreadStack"](None, "id", **{name: f"<{name}>" for name in names.values()})
    return told


def test_a_stack_in_typescript_says_the_same_as_the_one_in_python() -> None:
    stack, definition = publish(BAKERY, "cdk-typescript", name="Daily bread", logs=True, traces=True)
    assert (stack.name, definition.name) == ("daily-bread-stack.ts", "daily-bread.asl.json")
    for line in (
        "  readonly limit: string;",
        '        "BakerArn": props.bakerArn,',
        '        "AWS::Region": this.region,',
        "          `${props.bakerArn}:*`,",
        "          `arn:${this.partition}:sqs:${this.region}:${this.account}:bread`,",
        "      tracingEnabled: true,",
        '      definitionBody: sfn.DefinitionBody.fromFile(path.join(__dirname, "daily-bread.asl.json")),',
    ):
        assert line in stack.text.splitlines()
    code = re.sub(r'"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|//[^\n]*', "", stack.text)
    assert all(code.count(a) == code.count(b) for a, b in ("{}", "[]", "()"))


def test_numbers_are_filled_without_quotes() -> None:
    """A hole in the place of a number has no quotes where a deployment replaces it in the text."""
    for to in ("sam", "terraform"):
        text = published(BAKERY, to)
        assert re.search(r'"Seconds": \$\{(Rest|var\.rest)\}', text), to
    assert '"Seconds": ${Rest}' in publish(BAKERY, "cdk-python")[1].text


def test_what_the_opened_template_put_in_is_the_default_where_it_is_a_value() -> None:
    known = {"Rest": 30, "BakerArn": "${Baker.Arn}"}
    template = read_yaml(published(BAKERY, "sam", known=known)).value
    assert template["Parameters"]["Rest"] == {"Type": "String", "Default": "30"}
    assert template["Parameters"]["BakerArn"] == {"Type": "String"}
    assert 'default = "30"' in published(BAKERY, "terraform", known=known)


def test_the_policy_of_a_template_is_that_of_the_workflow() -> None:
    template = read_yaml(published(QUOTED, "sam")).value
    policies = template["Resources"]["DailyBread"]["Properties"]["Policies"][0]["Statement"]
    assert [one["Action"] for one in policies] == [list(one.actions) for one in statements(QUOTED)]
    assert policies[0]["Resource"] == [{"Fn::Sub": "${BakerArn}"}, {"Fn::Sub": "${BakerArn}:*"}]
    assert template["Resources"]["DailyBread"]["Properties"]["DefinitionSubstitutions"]["AWS::Region"] == {
        "Ref": "AWS::Region"
    }


def test_logs_and_traces_only_when_asked_for() -> None:
    for to in ("sam", "terraform", "cdk-python", "cdk-typescript"):
        assert not re.search(r"logs|xray|trac", published(QUOTED, to), re.IGNORECASE), to
        assert re.search(r"logs|log_group", published(QUOTED, to, logs=True), re.IGNORECASE), to


def test_a_format_that_does_not_exist_is_refused_in_a_sentence() -> None:
    with pytest.raises(PublishProblem, match=r"There is no format 'pulumi'; there is sam, cdk-python"):
        publish(BAKERY, "pulumi")
    assert list(FORMATS) == ["sam", "cdk-python", "cdk-typescript", "terraform", "json", "yaml"]


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("payFunctionArn", ("PayFunctionArn", "payFunctionArn", "pay_function_arn", "pay-function-arn")),
        ("AWS::Region", ("AWSRegion", "awsRegion", "aws_region", "aws-region")),
        ("2 loaves", ("N2Loaves", "n2Loaves", "n_2_loaves", "2-loaves")),
        ("class", ("Class", "class", "class_", "class")),
        ("¿?", ("Workflow", "workflow", "workflow", "workflow")),
    ],
)
def test_names(name: str, written: tuple[str, ...]) -> None:
    assert (pascal(name), camel(name), snake(name), file_name(name)) == written


def test_two_names_that_would_be_the_same_are_kept_apart() -> None:
    assert unique(["a.b", "a-b", "A B"], snake) == {"a.b": "a_b", "a-b": "a_b2", "A B": "a_b3"}
